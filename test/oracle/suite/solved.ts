/** From a recipe of the suite to the files of its folder. */
import type { Tree } from "../certify/certificateTrees.ts";
import { certify } from "../certify/certify.ts";
import { certifyBatch } from "../certify/certifyBatch.ts";
import type { SuiteCase } from "./recipe.ts";
import { type Files, filesOf, hashOf } from "./write.ts";

type Branches = { readonly [key: string]: Tree };

const plainFormat = "goldspike/golden@1";
const provenance = {
  arithmetic: "fixed point of 50 decimal digits; spike times agree with 70 digits to 2^-100 ms",
  gradients: "one pass backwards, confirmed by central differences in the same arithmetic",
};

export function suiteFiles(recipe: SuiteCase): Files {
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
    return { ...files, ...goldenFiles(recipe, files, plainFormat, certify(json).tree) };
  const batch = { format: "goldspike/batch@1", ...recipe.batch } as unknown as Branches;
  const both = { ...files, ...filesOf("batch.json", batch, "batch") };
  const tree = certifyBatch(json, recipe.batch);
  return { ...both, ...goldenFiles(recipe, both, "goldspike/batch_golden@1", tree) };
}

type About = { readonly name: string; readonly group: string; readonly catches: string };

/** golden.json and its raw files; `files` are the case's own. */
export function goldenFiles(about: About, files: Files, format: string, tree: Branches): Files {
  return filesOf("golden.json", { ...knownOf(about, files, format), provenance, ...tree }, "golden");
}

function knownOf({ name, group, catches }: About, files: Files, format: string) {
  return { format, case: name, group, catches, case_sha256: hashOf(files) };
}
