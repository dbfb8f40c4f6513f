/** From a recipe of the suite to the files of its folder. */
import { certify, type Tree } from "../certify.ts";
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
  const golden = { ...known, case_sha256: hashOf(files), provenance, ...certify(json).tree };
  return { ...files, ...filesOf("golden.json", golden, "golden") };
}
