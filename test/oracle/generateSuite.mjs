/**
 * Writes suite/GROUP/NAME: case.json, golden.json, and raw files for long arrays.
 *
 *   node test/oracle/generateSuite.mjs [NAME…]       writes the same bytes on every machine
 *   node test/oracle/generateSuite.mjs --check [NAME…]   writes nothing, fails if a file differs
 */
import { readdirSync, readFileSync } from "node:fs";
import { runnerImport } from "vite";

const load = async (file) => (await runnerImport(new URL(file, import.meta.url).pathname)).module;
const { suiteCases } = await load("suite/suite.ts");
const { suiteFiles } = await load("suite/solved.ts");
const { writeFolder } = await load("suite/write.ts");

const check = process.argv.includes("--check");
const wanted = process.argv.slice(2).filter((name) => name !== "--check");
for (const recipe of suiteCases) {
  if (wanted.length > 0 && !wanted.includes(recipe.name)) continue;
  const start = performance.now();
  let files;
  try {
    files = suiteFiles(recipe);
  } catch (error) {
    console.error(recipe.name, error.message);
    process.exitCode = 1;
    continue;
  }
  const folder = new URL(`../../suite/${recipe.group}/${recipe.name}/`, import.meta.url);
  if (check) compare(folder, files);
  else writeFolder(folder.pathname, files);
  const bytes = Object.values(files).reduce((sum, content) => sum + content.length, 0);
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  console.log(`${recipe.group}/${recipe.name}: ${bytes} bytes, ${seconds} s`);
}

function compare(folder, files) {
  const names = Object.keys(files).sort();
  if (readdirSync(folder).sort().join() !== names.join())
    throw new Error(`${folder.pathname} has other files than ${names.join(", ")}`);
  for (const name of names)
    if (!readFileSync(new URL(name, folder)).equals(Buffer.from(files[name])))
      throw new Error(`${folder.pathname}${name} differs from what its recipe gives`);
}
