/**
 * How many seeded bugs the suite notices, and by which case:
 *
 *   npm run build && node test/mutants/score.mjs
 */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { runnerImport } from "vite";

const root = fileURLToPath(new URL("../../", import.meta.url));
const load = async (file, plugins = []) =>
  (await runnerImport(`${root}${file}`, { plugins, logLevel: "error" })).module;
const { eventMutants } = await load("test/mutants/eventMutants.ts");
const { stepMutants } = await load("test/mutants/stepMutants.ts");
const { batchMutants } = await load("test/mutants/batchMutants.ts");
const { notices, quickCases, step } = await load("test/mutants/score.ts");
const entries = await quickCases();

/** The file's text with the bug in it, for whoever imports it. */
function seeding({ file, find, replace, name }) {
  const text = readFileSync(`${root}${file}`, "utf8");
  if (text.split(find).length !== 2) throw new Error(`${name}: expected its text once in ${file}`);
  return {
    name: "seeding",
    enforce: "pre",
    transform: (code, id) => (id.endsWith(file) ? code.replace(find, () => replace) : undefined),
  };
}

const files = { event: "byOracle", step: "byTwin", batch: "byEngine" };

async function solver(of, plugins) {
  const { solve, solveTrials } = await load(`test/mutants/${files[of]}.ts`, plugins);
  if (of === "event") return { solve: (_, json) => solve(json) };
  return {
    solve: solve && ((problem) => solve(problem, step)),
    solveTrials: (batch) => solveTrials(batch, step),
  };
}

let [survivors, falseAlarms] = [0, 0];
for (const of of Object.keys(files)) {
  const alarms = await notices(await solver(of, []), of, entries, true);
  for (const { case: name, message } of alarms) console.log(`FALSE ALARM ${of} ${name}: ${message}`);
  falseAlarms += alarms.length;
}
const mutants = [...eventMutants, ...stepMutants, ...batchMutants];
for (const mutant of mutants) {
  const [first] = await notices(await solver(mutant.of, [seeding(mutant)]), mutant.of, entries);
  if (!first) survivors++;
  console.log(
    `${first ? "killed  " : "SURVIVED"} ${mutant.of.padEnd(5)} ${mutant.name}${first ? `  [${first.case}: ${first.message}]` : ""}`,
  );
}
console.log(
  `${mutants.length - survivors} of ${mutants.length} seeded bugs killed, ${falseAlarms} false alarms`,
);
if (survivors + falseAlarms > 0) process.exitCode = 1;
