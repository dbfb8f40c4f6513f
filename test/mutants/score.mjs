/**
 * How many seeded bugs are noticed, and by what: those of implementations by cases of the suite, those of the kit's own runner
 * by the claims that its tests make:
 *
 *   npm run build && node test/mutants/score.mjs [event|step|batch|worker|judging|expected …]
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { runnerImport } from "vite";

const root = fileURLToPath(new URL("../../", import.meta.url));
const load = async (file) => (await runnerImport(`${root}${file}`, { logLevel: "error" })).module;
const { seeded } = await load("test/mutants/seeding.ts");
const { eventMutants } = await load("test/mutants/eventMutants.ts");
const { stepMutants } = await load("test/mutants/stepMutants.ts");
const { batchMutants } = await load("test/mutants/batchMutants.ts");
const { kitMutants } = await load("test/mutants/kitMutants.ts");
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

const kit = ["worker", "judging", "expected"];

/** Claims that do not hold: the first one, or all. */
async function broken(of, edits, all = false) {
  const claims = Object.values(await seeded(`test/support/conformance/${of}Claims.ts`, edits))[0];
  const found = [];
  const folder = mkdtempSync(join(tmpdir(), "mutants-"));
  for (const [name, holds] of Object.entries(claims)) {
    if (found.length > 0 && !all) break;
    await holds(folder).catch(({ message }) => found.push({ case: name, message }));
  }
  rmSync(folder, { recursive: true, force: true });
  return found;
}

async function noticed(of, edits, all) {
  if (kit.includes(of)) return broken(of, edits, all);
  return notices(await solver(of, edits), of, entries, all);
}

const kinds = process.argv.length > 2 ? process.argv.slice(2) : [...Object.keys(files), ...kit];
let [survivors, falseAlarms] = [0, 0];
for (const of of kinds) {
  const alarms = await noticed(of, {}, true);
  for (const { case: name, message } of alarms) console.log(`FALSE ALARM ${of} ${name}: ${message}`);
  falseAlarms += alarms.length;
}
const all = [...eventMutants, ...stepMutants, ...batchMutants, ...kitMutants];
const mutants = all.filter(({ of }) => kinds.includes(of));
for (const mutant of mutants) {
  const { of, file, find, replace } = mutant;
  const [first] = await noticed(of, { [file]: [[find, replace]] }, false);
  if (!first) survivors++;
  console.log(
    `${first ? "killed  " : "SURVIVED"} ${of.padEnd(8)} ${mutant.name}${first ? `  [${first.case}: ${first.message.slice(0, 200)}]` : ""}`,
  );
}
console.log(
  `${mutants.length - survivors} of ${mutants.length} seeded bugs killed, ${falseAlarms} false alarms`,
);
if (survivors + falseAlarms > 0) process.exitCode = 1;
