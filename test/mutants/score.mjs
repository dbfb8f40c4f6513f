/**
 * How many seeded bugs the suite notices, and by which case:
 *
 *   npm run build && node test/mutants/score.mjs
 */
import { fileURLToPath } from "node:url";
import { runnerImport } from "vite";

const root = fileURLToPath(new URL("../../", import.meta.url));
const load = async (file) => (await runnerImport(`${root}${file}`, { logLevel: "error" })).module;
const { seeded } = await load("test/mutants/seeding.ts");
const { eventMutants } = await load("test/mutants/eventMutants.ts");
const { stepMutants } = await load("test/mutants/stepMutants.ts");
const { batchMutants } = await load("test/mutants/batchMutants.ts");
const { notices, quickCases, step } = await load("test/mutants/score.ts");
const entries = await quickCases();

const files = { event: "byOracle", step: "byTwin", batch: "byEngine" };

async function solver(of, edits) {
  const { solve, solveTrials } = await seeded(`test/mutants/${files[of]}.ts`, edits);
  if (of === "event") return { solve: (_, json) => solve(json) };
  return {
    solve: solve && ((problem) => solve(problem, step)),
    solveTrials: (batch) => solveTrials(batch, step),
  };
}

let [survivors, falseAlarms] = [0, 0];
for (const of of Object.keys(files)) {
  const alarms = await notices(await solver(of, {}), of, entries, true);
  for (const { case: name, message } of alarms) console.log(`FALSE ALARM ${of} ${name}: ${message}`);
  falseAlarms += alarms.length;
}
const mutants = [...eventMutants, ...stepMutants, ...batchMutants];
for (const mutant of mutants) {
  const { of, file, find, replace } = mutant;
  const [first] = await notices(await solver(of, { [file]: [[find, replace]] }), of, entries);
  if (!first) survivors++;
  console.log(
    `${first ? "killed  " : "SURVIVED"} ${of.padEnd(5)} ${mutant.name}${first ? `  [${first.case}: ${first.message}]` : ""}`,
  );
}
console.log(
  `${mutants.length - survivors} of ${mutants.length} seeded bugs killed, ${falseAlarms} false alarms`,
);
if (survivors + falseAlarms > 0) process.exitCode = 1;
