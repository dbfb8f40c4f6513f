/**
 * Writes golden/*.json: cases with the results they must have, in doubles rounded from some fifty digits.
 *
 *   node test/oracle/generate.mjs            writes the same bytes on every machine
 *   node test/oracle/generate.mjs --check    writes nothing, fails if a file differs
 *
 * What the cases are made of, and the seed of each (1 to 12), is in the recipes that recipes.ts lists; a seed is drawn
 * from until the case is well conditioned (golden.ts). Gradients are central differences, named as keys.ts explains.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { runnerImport } from "vite";

const load = async (file) => (await runnerImport(new URL(file, import.meta.url).pathname)).module;
const { recipes } = await load("recipes.ts");
const { drawGolden } = await load("golden.ts");

for (const recipe of recipes) {
  const golden = drawGolden(recipe);
  const text = `{"case": ${JSON.stringify(golden.case)},\n"expected": ${JSON.stringify(golden.expected)}}\n`;
  const file = new URL(`../../golden/${golden.case.name}.json`, import.meta.url);
  if (process.argv.includes("--check")) {
    if (readFileSync(file, "utf8") !== text)
      throw new Error(`${file.pathname} differs from what seed ${recipe.seed} gives`);
  } else writeFileSync(file, text);
  console.log(`${golden.case.name}: ${golden.expected.spike_count} spikes, ${text.length} bytes`);
}
