/** Relations by the names that files use, and relation.json: which one a case of the metamorphic group is for. */

import { join } from "node:path";
import { z } from "zod";
import { parseWith } from "../../base/parseWith.ts";
import { readJson } from "../../format/readJson.ts";
import { idleParts, splitWeights } from "./parts.ts";
import type { Relation } from "./relation.ts";
import { doubleTimes, reverseNeurons } from "./symmetries.ts";

export const relations = {
  reverse_neurons: reverseNeurons,
  double_times: doubleTimes,
  split_weights: splitWeights,
  idle_parts: idleParts,
} as const satisfies Readonly<Record<string, Relation>>;

export type RelationName = keyof typeof relations;
const relationNames = Object.keys(relations) as RelationName[];

export const relationSchema = z.strictObject({
  format: z.literal("goldspike/relation@1"),
  case: z.string().describe("Name of the case beside this file."),
  group: z.literal("metamorphic"),
  catches: z.string().describe("The mistake that the case is there to catch."),
  relation: z.enum(relationNames).describe("What makes the related case of it."),
});

type RelationFile = z.output<typeof relationSchema>;

/** @throws ConfigError the folder has no relation.json, or one that is none */
export async function readRelation(folder: string): Promise<RelationFile> {
  const path = join(folder, "relation.json");
  return parseWith(relationSchema, await readJson(path), path);
}
