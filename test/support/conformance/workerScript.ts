/** A worker with right answers at hand, and what it can do wrong on the way. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { loadBatch } from "../../../src/conformance/batch/batch.ts";
import { batchResultJson } from "../../../src/conformance/batch/batchResult.ts";
import { engineTrial, solveBatch } from "../../../src/conformance/batch/solveBatch.ts";
import { readRelation, relations } from "../../../src/conformance/relations/relations.ts";
import type { SuiteEntry } from "../../../src/conformance/suite/suite.ts";
import { solveCase } from "../../../src/engine/solve.ts";
import { type JsonTree, jsonChunks } from "../../../src/format/jsonChunks.ts";
import { loadCase } from "../../../src/format/loadCase.ts";
import { resultOf } from "../../../src/format/resultOf.ts";
import type { Case } from "../../../src/model/case.ts";

/** Right answers to cases in a new folder, as `conform judge` takes them. Cases that must be refused have none. */
export async function rightResults(entries: readonly SuiteEntry[], results: string): Promise<void> {
  for (const entry of entries) {
    const place = join(results, entry.group, entry.name);
    const write = (folder: string, json: JsonTree) => {
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, "result.json"), [...jsonChunks(json)].join(""));
    };
    const batch = await loadBatch(entry.folder);
    if (batch) {
      write(place, batchResultJson(batch.problem.network, await solveBatch(batch, engineTrial("f64"))));
      continue;
    }
    const problem = await loadCase(entry.folder);
    const solved = async (own: Case) => resultOf(own, await solveCase(own), "f64");
    write(place, await solved(problem));
    if (entry.group !== "metamorphic") continue;
    const { relation } = await readRelation(entry.folder);
    const related = { ...relations[relation].change(problem), name: problem.name };
    write(join(place, "related"), await solved(related));
  }
}

/** What a worker does when it is asked for a certain case; code, in which `say` writes a line and `answer` one of its own. */
const misdeeds = {
  nothing: "done();",
  crash: 'console.error("ValueError: lost"); process.exit(3);',
  never: "",
  twice:
    'copy(); const one = JSON.stringify({ id: request.id, status: "done" }); process.stdout.write([one, one, ""].join("\\n"));',
  "twice, later": 'done(); setTimeout(() => answer({ id: request.id, status: "done" }), 200);',
  "twice, while the next is under way":
    "done(); await new Promise((resolve) => setTimeout(resolve, 300)); again = request.id;",
  "twice, at the end": "done(); atEnd = JSON.stringify({ id: request.id, status: 'done' }) + '\\n';",
  "twice, at the end, without a line end":
    "done(); atEnd = JSON.stringify({ id: request.id, status: 'done' });",
  "no line end": 'copy(); process.stdout.write(JSON.stringify({ id: request.id, status: "done" }));',
  "no line end, and an end":
    'copy(); process.stdout.write(JSON.stringify({ id: request.id, status: "done" }), () => process.exit(0));',
  "half a line, and an end":
    "process.stdout.write(JSON.stringify({ id: request.id }).slice(0, -1), () => process.exit(4));",
  "prints, later": 'done(); setTimeout(() => say("bye"), 200);',
  "an end while the next is asked":
    "done(); await new Promise((resolve) => setTimeout(resolve, 1000)); process.exit(0);",
  "deaf, then a crash":
    "closeSync(0); done(); await new Promise((resolve) => setTimeout(resolve, 1000)); process.exit(3);",
  "a long message":
    'answer({ id: request.id, status: "failed", message: "Traceback:\\n  at x\\nValueError: " + "y".repeat(300) + "\\n" });',
  "out of order": 'copy(); answer({ id: request.id + 1, status: "done" });',
  "the last one's": 'copy(); answer({ id: request.id - 1, status: "done" });',
  "no id": 'copy(); answer({ status: "done" });',
  text: 'say("step 1 of 3"); done();',
  megabytes: 'process.stdout.write("x".repeat(3 << 20));',
  "an unknown status": 'copy(); answer({ id: request.id, status: "ok" });',
  "no result": 'answer({ id: request.id, status: "done" });',
  unsupported: 'answer({ id: request.id, status: "unsupported", message: "no recurrence\\u001b[31m" });',
  "failed in silence": 'answer({ id: request.id, status: "failed" });',
  failed: 'console.error("OSError: disk"); answer({ id: request.id, status: "failed" });',
  refused: 'answer({ id: request.id, status: "refused", message: "a loss of another kind" });',
  "closed stdout": "closeSync(1);",
  fills: 'writeFileSync(join(request.result, "junk"), Buffer.alloc(4 << 20)); done();',
  "children left":
    'copy(); spawn("sh", ["-c", \'while :; do echo >> "$0"; sleep 0.1; done\', join(store, "alive")], { stdio: "ignore" }); process.exit(0);',
  "an end after the answer": "done(() => process.exit(0));",
} as const;

export type Misdeed = keyof typeof misdeeds;

let count = 0;

/**
 * The command of a worker.
 *
 * @param results right answers, of `rightResults`; the worker writes there in `starts` a line for each of its processes, and in
 *   `ends` one for each that was told to stop
 * @param at the case on which it does it
 */
export function workerCommand(
  results: string,
  misdeed: Misdeed = "nothing",
  at = "hidden-spikes",
  first = "",
): string[] {
  const script = join(results, `worker${count++}.mjs`);
  writeFileSync(
    script,
    `
import { spawn } from "node:child_process";
import { appendFileSync, closeSync, cpSync, readFileSync, readdirSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
let again;
let atEnd = "";
const store = ${JSON.stringify(results)};
appendFileSync(join(store, "starts"), "x");
${first}
const say = (text, then) => process.stdout.write(text + "\\n", then);
const answer = (reply, then) => say(JSON.stringify(reply), then);
for await (const line of createInterface({ input: process.stdin })) {
  const request = JSON.parse(line);
  const { name } = JSON.parse(readFileSync(join(request.case, "case.json"), "utf8"));
  const group = readdirSync(store).find((one) => { try { return readdirSync(join(store, one)).includes(name); } catch { return false; } });
  const copy = () => cpSync(join(store, group, name, "result.json"), join(request.result, "result.json"));
  const done = (then) => { copy(); answer({ id: request.id, status: "done" }, then); };
  if (again !== undefined) { answer({ id: again, status: "done" }); again = undefined; }
  console.error("about " + name);
  if (name !== ${JSON.stringify(at)}) { done(); continue; }
  ${misdeeds[misdeed]}
}
process.stdout.write(atEnd);
appendFileSync(join(store, "ends"), "x");
`,
  );
  return [process.execPath, script];
}

/** How many processes there have been, and how many have been told to stop. */
export function countsIn(results: string): { starts: number; ends: number } {
  const count = (name: string) => {
    try {
      return readFileSync(join(results, name), "utf8").length;
    } catch {
      return 0;
    }
  };
  return { starts: count("starts"), ends: count("ends") };
}
