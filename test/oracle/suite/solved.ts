/** From a recipe of the suite to the files of its folder. */
import type { Tree } from "../certificateTrees.ts";
import { certify } from "../certify.ts";
import { certifyBatch } from "../certifyBatch.ts";
import type { SuiteCase } from "./recipe.ts";
import { type Files, filesOf, hashOf } from "./write.ts";

const format = "goldspike/golden@1";
const provenance = {
  arithmetic: "fixed point of 50 decimal digits; spike times agree with 70 digits to 2^-100 ms",
  gradients: "one pass backwards, confirmed by central differences in the same arithmetic",
};

export function suiteFiles(recipe: SuiteCase): Files {
  const { name, group, catches } = recipe;
  const known = { format, case: name, group, catches };
  if ("refuse" in recipe) {
    const files = { "case.json": recipe.text };
    const golden = { ...known, case_sha256: hashOf(files), refuse: recipe.refuse };
    return { ...files, ...filesOf("golden.json", golden, "golden") };
  }
  const json = recipe.json();
  const files = filesOf("case.json", json as unknown as { [key: string]: Tree }, "case");
  if ("relation" in recipe) {
    const relation = {
      format: "goldspike/relation@1",
      case: name,
      group,
      catches,
      relation: recipe.relation,
    };
    return { ...files, ...filesOf("relation.json", relation, "relation") };
  }
  if ("batch" in recipe) {
    const batch = { format: "goldspike/batch@1", ...recipe.batch } as unknown as { [key: string]: Tree };
    const both = { ...files, ...filesOf("batch.json", batch, "batch") };
    const about = { ...known, format: "goldspike/batch_golden@1", case_sha256: hashOf(both), provenance };
    return {
      ...both,
      ...filesOf("golden.json", { ...about, ...certifyBatch(json, recipe.batch) }, "golden"),
    };
  }
  const golden = { ...known, case_sha256: hashOf(files), provenance, ...certify(json).tree };
  return { ...files, ...filesOf("golden.json", golden, "golden") };
}
