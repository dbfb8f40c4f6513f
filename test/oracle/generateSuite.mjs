/**
 * Writes suite/GROUP/NAME: case.json, golden.json, and raw files for long arrays; and suite/SHA256SUMS.
 *
 *   npm run build
 *   node test/oracle/generateSuite.mjs [NAME…]       writes the same bytes on every machine
 *   node test/oracle/generateSuite.mjs --check [NAME…]   writes nothing, fails if a file differs
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { runnerImport } from "vite";
import { createThreads } from "../../dist/oracle/certify/threads.js";

const load = async (file) => (await runnerImport(new URL(file, import.meta.url).pathname)).module;
const { suiteCases } = await load("suite/suite.ts");
const { suiteFiles } = await load("suite/solved.ts");
const { parseSums, sumsText, withCase } = await load("suite/checksums.ts");
const { writeFolder } = await load("suite/write.ts");

const check = process.argv.includes("--check");
const wanted = process.argv.slice(2).filter((name) => name !== "--check");
const sumsFile = new URL("../../suite/SHA256SUMS", import.meta.url);
const listed = readFileSync(sumsFile, "utf8");
// Of all cases none but those that have a recipe keep their lines.
const places = new Set(suiteCases.map(({ group, name }) => `${group}/${name}`));
const threads = createThreads(availableParallelism(), () => {});
let sums = new Map([...parseSums(listed)].filter(([path]) => places.has(path.replace(/\/[^/]*$/, ""))));
for (const recipe of suiteCases) {
  if (wanted.length > 0 && !wanted.includes(recipe.name)) continue;
  const start = performance.now();
  let files;
  try {
    files = await suiteFiles(recipe, threads);
  } catch (error) {
    console.error(recipe.name, error.message);
    process.exitCode = 1;
    continue;
  }
  sums = withCase(sums, `${recipe.group}/${recipe.name}`, files);
  const folder = new URL(`../../suite/${recipe.group}/${recipe.name}/`, import.meta.url);
  if (check) compare(folder, files);
  else writeFolder(folder.pathname, files);
  const bytes = Object.values(files).reduce((sum, content) => sum + content.length, 0);
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  console.log(`${recipe.group}/${recipe.name}: ${bytes} bytes, ${seconds} s`);
}
await threads.close();
if (!check) writeFileSync(sumsFile, sumsText(sums));
else if (sumsText(sums) !== listed) throw new Error("suite/SHA256SUMS differs from what the recipes give");

function compare(folder, files) {
  const names = Object.keys(files).sort();
  if (readdirSync(folder).sort().join() !== names.join())
    throw new Error(`${folder.pathname} has other files than ${names.join(", ")}`);
  for (const name of names)
    if (!readFileSync(new URL(name, folder)).equals(Buffer.from(files[name])))
      throw new Error(`${folder.pathname}${name} differs from what its recipe gives`);
}
