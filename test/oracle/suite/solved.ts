/** From a recipe of the suite to the files of its folder. */
import { certify } from "../../../src/oracle/certify/certify.ts";
import { certifyBatch } from "../../../src/oracle/certify/certifyBatch.ts";
import {
  type Branches,
  type Files,
  filesOf,
  goldenFiles,
  knownOf,
} from "../../../src/oracle/certify/goldenFiles.ts";
import { inThisThread } from "../../../src/oracle/certify/jobs.ts";
import type { SuiteCase } from "./recipe.ts";

const plainFormat = "goldspike/golden@1";

/** @param workers who certify */
export async function suiteFiles(recipe: SuiteCase, workers = inThisThread): Promise<Files> {
  if ("refuse" in recipe) {
    const files = { "case.json": recipe.text };
    const golden = { ...knownOf(recipe, files, plainFormat), refuse: recipe.refuse };
    return { ...files, ...filesOf("golden.json", golden, "golden") };
  }
  const json = recipe.json();
  const files = filesOf("case.json", json as unknown as Branches, "case");
  if ("relation" in recipe) {
    const { name, group, catches, relation: kind } = recipe;
    const relation = { format: "goldspike/relation@1", case: name, group, catches, relation: kind };
    return { ...files, ...filesOf("relation.json", relation, "relation") };
  }
  if (!("batch" in recipe))
    return {
      ...files,
      ...goldenFiles(recipe, files, plainFormat, (await certify(json, undefined, workers)).tree),
    };
  const batch = { format: "goldspike/batch@1", ...recipe.batch } as unknown as Branches;
  const both = { ...files, ...filesOf("batch.json", batch, "batch") };
  const tree = await certifyBatch(json, recipe.batch, workers);
  return { ...both, ...goldenFiles(recipe, both, "goldspike/batch_golden@1", tree) };
}
