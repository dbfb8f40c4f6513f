/** What a run does with workers, whatever they do. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { SuiteRun } from "../../../src/conformance/run/runSuite.ts";
import { all, type Claim, type Claims, claim, fresh, placeIn, run, smoke } from "./claim.ts";
import { countsIn, type Misdeed, workerCommand } from "./workerScript.ts";

/** A worker that does something wrong on one case: the verdict on that one, and how many processes it took. */
function misdeed(name: Misdeed, verdict: RegExp, starts: number, more: Partial<SuiteRun> = {}): Claim {
  return async (folder) => {
    const results = await fresh(folder);
    const found = await run(workerCommand(results, name), more);
    claim(verdict.test(found.told["hidden-spikes"]!), found.told);
    for (const { name: other } of smoke)
      claim(other === "hidden-spikes" || found.told[other] === "pass", found.told);
    claim(countsIn(results).starts === starts, countsIn(results));
  };
}

/** Time between the second case and the third, in which the runner's thread is not idle. */
const pausing: Partial<SuiteRun> = {
  onVerdict: ({ case: name }) => {
    if (name === "hidden-spikes") Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1500);
  },
};

const advice = "; what reads no requests runs without --worker";

export const workerClaims: Claims = {
  "a worker is started once a job, and stops when its input ends": async (folder) => {
    const results = await fresh(folder);
    const { told: found, remarks } = await run(workerCommand(results));
    claim(
      Object.values(found).every((text) => text === "pass"),
      found,
    );
    claim(remarks.length === 0, remarks);
    const counts = countsIn(results);
    claim(counts.starts === 1 && counts.ends === 1, counts);
    await run(workerCommand(results), { jobs: 2 });
    claim(countsIn(results).starts === 3, countsIn(results));
  },
  "of one that reads no requests it is said": async () => {
    const { told: found } = await run([process.execPath, "-e", "process.exit(0)"], {}, smoke.slice(0, 1));
    claim(Object.values(found)[0] === `error ended without an answer, exit code 0${advice}`, found);
  },
  "of a crash at the first request the reason comes first, and no advice": async () => {
    const script =
      'process.stdin.once("data", () => { console.error("ValueError: lost"); process.exit(2); })';
    const { told: found } = await run([process.execPath, "-e", script], {}, smoke.slice(0, 1));
    claim(Object.values(found)[0] === "error ended without an answer, exit code 2: ValueError: lost", found);
  },
  "a crash is a verdict, with the line that says why": misdeed(
    "crash",
    /^error ended without an answer, exit code 3: ValueError: lost$/,
    2,
  ),
  "one that never answers is ended in time": misdeed(
    "never",
    /^error not done after 1 s; --timeout gives it longer$/,
    2,
    { limits: { seconds: 1, bytes: 2 ** 20 }, firstSeconds: 15 },
  ),
  "two answers to one request": misdeed("twice", /^fail answered request 2 twice$/, 1),
  "a second answer while the next request is under way": misdeed(
    "twice, while the next is under way",
    /^fail answered request 2 twice$/,
    1,
  ),
  "a second answer when the input ends": misdeed("twice, at the end", /^fail answered request 2 twice$/, 1),
  "a second answer when the input ends, without the end of its line": misdeed(
    "twice, at the end, without a line end",
    /^fail answered request 2 twice$/,
    1,
  ),
  "a second answer is in what is kept": async (folder) => {
    const results = await fresh(folder);
    const kept = placeIn(folder);
    mkdirSync(kept);
    await run(workerCommand(results, "twice, at the end"), { results: kept });
    const status = readFileSync(join(kept, "smoke", "hidden-spikes", "status.json"), "utf8");
    claim(JSON.parse(status).message === "answered request 2 twice", status);
  },
  "an answer without the end of its line": misdeed(
    "no line end",
    /^error not done after 1 s; --timeout gives it longer; on stdout stands a line without its end: "{\\"id\\":2,\\"status\\":\\"done\\"}"$/,
    2,
    { limits: { seconds: 1, bytes: 2 ** 20 }, firstSeconds: 15 },
  ),
  "an answer without the end of its line, from one that ends": async (folder) => {
    const results = await fresh(folder);
    const { told: found } = await run(workerCommand(results, "no line end, and an end"));
    claim(
      Object.values(found).every((text) => text === "pass"),
      found,
    );
  },
  "a part of a line, from one that ends": misdeed(
    "half a line, and an end",
    /^error ended without an answer, exit code 4: about hidden-spikes; on stdout stands a line without its end: "{\\"id\\":2"$/,
    2,
  ),
  "a long message is one line, and the log has all of it": async (folder) => {
    const results = await fresh(folder);
    const keep = placeIn(folder);
    const { told: found } = await run(workerCommand(results, "a long message"), { keep });
    claim(/^error ValueError: y{187}…$/.test(found["hidden-spikes"]!), found);
    const text = readFileSync(join(keep, "smoke", "hidden-spikes", "stderr.txt"), "utf8");
    claim(text.includes(`Traceback:\n  at x\nValueError: ${"y".repeat(300)}\n`), text);
  },
  "an answer to a later request": misdeed(
    "out of order",
    /^error answered request 3, where 2 was under way$/,
    2,
  ),
  "an answer to an earlier request": async (folder) => {
    const results = await fresh(folder);
    const limits = { seconds: 1, bytes: 2 ** 20 };
    const { told: found } = await run(workerCommand(results, "the last one's"), { limits });
    claim(found["first-spikes"] === "fail answered request 1 twice", found);
    claim(/^error not done after 1 s; --timeout gives it longer$/.test(found["hidden-spikes"]!), found);
  },
  "an answer to nobody": misdeed("no id", /^error answered request undefined, where 2 was under way$/, 2),
  "a line that is none": misdeed(
    "text",
    /^error expected a line {"id": 2, "status": …}, got "step 1 of 3"; only answers go to stdout: what is printed before `serve`, by children or by fs.writeSync\(1, …\) must go to stderr$/,
    2,
  ),
  "a line without end": misdeed("megabytes", /^error a line of more than 1 MiB on stdout/, 2),
  "a status that is none": misdeed("an unknown status", /^error expected a line/, 2),
  "done, and nothing written": misdeed("no result", /^error done, but no result.json in the folder/, 1),
  "unsupported, in one line": misdeed("unsupported", /^unsupported no recurrence$/, 1),
  "failed, with what it printed": misdeed("failed", /^error failed, says the backend: OSError: disk$/, 1),
  "what an earlier case has printed is not quoted": async (folder) => {
    const results = await fresh(folder);
    const command = workerCommand(
      results,
      "failed in silence",
      undefined,
      'console.error("ValueError: caught");',
    );
    const { told: found } = await run(command);
    claim(found["hidden-spikes"] === "error failed, says the backend: about hidden-spikes", found);
  },
  "a good case refused": misdeed("refused", /^error a loss of another kind$/, 1),
  "stdout closed by one that lives on": misdeed(
    "closed stdout",
    /^error closed stdout without an answer, and lives on$/,
    2,
  ),
  "too much written": misdeed("fills", /^error wrote more than 1 MiB/, 2),
  "what it has started ends with it": async (folder) => {
    const results = await fresh(folder);
    const { told: found } = await run(workerCommand(results, "children left"));
    claim(/^error ended without an answer, exit code 0/.test(found["hidden-spikes"]!), found);
    const size = () => readFileSync(join(results, "alive"), "utf8").length;
    const before = size();
    await new Promise((resolve) => setTimeout(resolve, 600));
    claim(size() === before, size() - before);
  },
  "the first answer may take longer than the others": async (folder) => {
    const results = await fresh(folder);
    const slow = "await new Promise((resolve) => setTimeout(resolve, 2500));";
    const limits = { seconds: 2, bytes: 2 ** 20 };
    const long = await run(workerCommand(results, "nothing", "", slow), { limits });
    claim(
      Object.values(long.told).every((text) => text === "pass"),
      long.told,
    );
    const short = await run(
      workerCommand(results, "nothing", "", slow),
      { limits, firstSeconds: 1 },
      smoke.slice(0, 1),
    );
    claim(/^error not done after 1 s; --first-timeout gives/.test(Object.values(short.told)[0]!), short.told);
  },
  "one that ends between two cases has done nothing wrong": async (folder) => {
    const results = await fresh(folder);
    const { told: found, remarks } = await run(workerCommand(results, "an end after the answer"), pausing);
    claim(
      Object.values(found).every((text) => text === "pass"),
      found,
    );
    claim(remarks.length === 0, remarks);
    claim(countsIn(results).starts === 2, countsIn(results));
  },
  "one that ends while it is asked, without having read that, is started anew": async (folder) => {
    for (const deed of ["an end while the next is asked", "deaf, then a crash"] as const) {
      const results = await fresh(folder);
      const { told: found, remarks } = await run(workerCommand(results, deed));
      claim(
        Object.values(found).every((text) => text === "pass"),
        found,
      );
      claim(remarks.length === 0, remarks);
      claim(countsIn(results).starts === 2, countsIn(results));
    }
  },
  "a second answer between two requests is that of its own case": async (folder) => {
    const results = await fresh(folder);
    const { told: found, remarks } = await run(workerCommand(results, "twice, later"), pausing);
    claim(found["hidden-spikes"] === "fail answered request 2 twice", found);
    claim(Object.values(found).filter((text) => text === "pass").length === 3, found);
    claim(remarks.length === 0, remarks);
  },
  "a line at the end that answers nothing is told": async (folder) => {
    const results = await fresh(folder);
    const first = 'process.on("exit", () => writeSync(1, "bye"));';
    const { told: found, remarks } = await run(workerCommand(results, "nothing", "", first));
    claim(
      Object.values(found).every((text) => text === "pass"),
      found,
    );
    claim(remarks.length === 1 && remarks[0]!.endsWith(': a line without a request: "bye"'), remarks);
  },
  "an answer without a request is told, and the next case meets a fresh process": async (folder) => {
    const results = await fresh(folder);
    const { told: found, remarks } = await run(workerCommand(results, "prints, later"), pausing);
    claim(
      Object.values(found).every((text) => text === "pass"),
      found,
    );
    const line = 'a line without a request: "bye"; it is started anew';
    claim(remarks.length === 1 && remarks[0]!.endsWith(line), remarks);
    claim(countsIn(results).starts === 2, countsIn(results));
  },
  "stderr of each case is kept apart": async (folder) => {
    const results = await fresh(folder);
    const keep = placeIn(folder);
    await run(workerCommand(results), { keep });
    for (const { name } of smoke) {
      const text = readFileSync(join(keep, "smoke", name, "stderr.txt"), "utf8");
      claim(text === `about ${name}\n`, text);
    }
  },
  "a refusal counts only where it must be, and a failure is none": async (folder) => {
    const refusals = all.filter(({ name }) => name === "nan-weight");
    const verdictOn = async (reply: string) => {
      const script = `${placeIn(folder)}.mjs`;
      writeFileSync(
        script,
        `import { createInterface } from "node:readline";
for await (const line of createInterface({ input: process.stdin })) console.log(JSON.stringify({ ...JSON.parse(line), ${reply} }));`,
      );
      return (await run([process.execPath, script], {}, refusals)).told["nan-weight"]!;
    };
    const found = {
      refused: await verdictOn('status: "refused", message: "NaN"'),
      failed: await verdictOn('status: "failed", message: "NaN"'),
      done: await verdictOn('status: "done"'),
    };
    claim(found.refused === "refused", found);
    claim(found.failed === "error NaN", found);
    claim(/^fail answered a case that must be refused/.test(found.done), found);
  },
};
