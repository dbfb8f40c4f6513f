/**
 * How many seeded bugs are noticed, and by what: those of implementations by cases of the suite, those of the kit's own runner
 * by the claims that its tests make:
 *
 *   npm run build && node test/mutants/score.mjs
 */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { runnerImport } from "vite";

const root = fileURLToPath(new URL("../../", import.meta.url));
const load = async (file, plugins = []) =>
  (await runnerImport(`${root}${file}`, { plugins, logLevel: "error" })).module;
const { eventMutants } = await load("test/mutants/eventMutants.ts");
const { stepMutants } = await load("test/mutants/stepMutants.ts");
const { batchMutants } = await load("test/mutants/batchMutants.ts");
const { kitMutants } = await load("test/mutants/kitMutants.ts");
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

const kit = ["worker", "judging", "expected"];

/** Claims that do not hold: the first one, or all. */
async function broken(of, plugins, all = false) {
  const claims = Object.values(await load(`test/support/conformance/${of}Claims.ts`, plugins))[0];
  const found = [];
  const folder = mkdtempSync(join(tmpdir(), "mutants-"));
  for (const [name, holds] of Object.entries(claims)) {
    if (found.length > 0 && !all) break;
    await holds(folder).catch(({ message }) => found.push({ case: name, message }));
  }
  rmSync(folder, { recursive: true, force: true });
  return found;
}

async function noticed(of, plugins, all) {
  if (kit.includes(of)) return broken(of, plugins, all);
  return notices(await solver(of, plugins), of, entries, all);
}

let [survivors, falseAlarms] = [0, 0];
for (const of of [...Object.keys(files), ...kit]) {
  const alarms = await noticed(of, [], true);
  for (const { case: name, message } of alarms) console.log(`FALSE ALARM ${of} ${name}: ${message}`);
  falseAlarms += alarms.length;
}
const mutants = [...eventMutants, ...stepMutants, ...batchMutants, ...kitMutants];
for (const mutant of mutants) {
  const [first] = await noticed(mutant.of, [seeding(mutant)], false);
  if (!first) survivors++;
  console.log(
    `${first ? "killed  " : "SURVIVED"} ${mutant.of.padEnd(8)} ${mutant.name}${first ? `  [${first.case}: ${first.message.slice(0, 200)}]` : ""}`,
  );
}
console.log(
  `${mutants.length - survivors} of ${mutants.length} seeded bugs killed, ${falseAlarms} false alarms`,
);
if (survivors + falseAlarms > 0) process.exitCode = 1;
