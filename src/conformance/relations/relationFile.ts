/** relation.json: which relation a case of the metamorphic group is for. */
import { join } from "node:path";
import { z } from "zod";
import { parseWith } from "../../base/parseWith.ts";
import { readJson } from "../../format/readJson.ts";
import { relationNames } from "./relations.ts";

const relationSchema = z.strictObject({
  format: z.literal("goldspike/relation@1"),
  case: z.string(),
  group: z.literal("metamorphic"),
  catches: z.string(),
  relation: z.enum(relationNames),
});

export type RelationFile = z.output<typeof relationSchema>;

/** @throws ConfigError the folder has no relation.json, or one that is none */
export async function readRelation(folder: string): Promise<RelationFile> {
  const path = join(folder, "relation.json");
  return parseWith(relationSchema, await readJson(path), path);
}
