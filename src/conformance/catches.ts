/** The bug that a case of the suite is there to catch: one sentence of golden.json, or of relation.json. */
import { join } from "node:path";
import { z } from "zod";
import { parseWith } from "../base/parseWith.ts";
import { readJson } from "../format/readJson.ts";
import type { SuiteEntry } from "./suite.ts";

const schema = z.looseObject({ catches: z.string() });

/** @throws ConfigError the file is not there, or says nothing about it */
export async function catchesOf({ group, folder }: SuiteEntry): Promise<string> {
  const path = join(folder, group === "metamorphic" ? "relation.json" : "golden.json");
  return parseWith(schema, await readJson(path), path).catches;
}
