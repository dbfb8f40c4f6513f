/** Requests and answers of `goldspike service`, line by line, as another program sees them. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import { describe, expect, test } from "vitest";
import { bundledSuite, listSuite, pathOfCase } from "../../src/conformance/suite/suite.ts";
import { solveCase } from "../../src/engine/solve.ts";
import { loadCase } from "../../src/format/loadCase.ts";
import { resultOf } from "../../src/format/resultOf.ts";
import { service } from "../../src/service/service.ts";
import { main } from "../support/command.ts";
import { temporaryFolder } from "../support/temporaryFolder.ts";

const folder = temporaryFolder();

interface Answer {
  readonly id: number | null;
  // biome-ignore lint/suspicious/noExplicitAny: of every operation
  readonly value?: any;
  readonly files?: Record<string, string>;
  readonly error?: { readonly kind: string; readonly message: string };
}

/** Of whole lines. */
async function answersTo(...lines: readonly string[]): Promise<Answer[]> {
  const [input, output] = [new PassThrough(), new PassThrough()];
  const written = text(output);
  input.end(lines.map((line) => `${line}\n`).join(""));
  await service(input, output);
  output.end();
  const found = (await written).split("\n");
  expect(found.pop()).toBe("");
  return found.map((line) => JSON.parse(line));
}

async function ask(op: string, given: unknown = {}, files: Record<string, string> = {}): Promise<Answer> {
  const [answer] = await answersTo(JSON.stringify({ id: 1, op, given, files }));
  expect(answer!.id).toBe(1);
  return answer!;
}

/** The built program, whose threads are files of their own. */
async function askBuilt(op: string, given: unknown): Promise<Answer> {
  const child = spawn(process.execPath, [main, "service"], { stdio: ["pipe", "pipe", "inherit"] });
  child.stdin.end(`${JSON.stringify({ id: 1, op, given })}\n`);
  return JSON.parse(await text(child.stdout));
}

async function refusal(op: string, given: unknown): Promise<string> {
  const { error } = await ask(op, given);
  expect(error?.kind).toBe("input");
  expect(error?.message).not.toMatch(/\n|^ {4}at /);
  return error!.message;
}

function numbers({ file }: { readonly file: string }, files: Record<string, string>): number[] {
  const bytes = Buffer.from(files[file]!, "base64");
  return Array.from({ length: bytes.length / 8 }, (_, k) => bytes.readDoubleLE(8 * k));
}

const recurrence = { path: "smoke/recurrence" };

describe("lines", () => {
  test("are answered one after the other, with the ids of their requests", async () => {
    const answers = await answersTo(
      '{"id": 7, "op": "version"}',
      "",
      "no JSON",
      '{"id": "b", "op": "cases", "given": {"group": ["smoke"]}}',
    );
    expect(answers.map(({ id }) => id)).toEqual([7, null, "b"]);
    expect(answers[1]!.error).toEqual({ kind: "input", message: "request: expected a line of JSON" });
    expect(answers[2]!.value).toHaveLength(4);
  });

  test("of a process end with its input", async () => {
    const child = spawn(process.execPath, [main, "service"], { stdio: ["pipe", "pipe", "inherit"] });
    child.stdin.write('{"id": 1, "op": "version"}\n');
    await once(child.stdout, "data");
    child.stdin.end();
    expect(await once(child, "close")).toEqual([0, null]);
  });

  test.each([
    ["[]", "request: expected an object"],
    ['{"op": "version"}', "request: id: expected"],
    ['{"id": 1, "op": "version", "more": 1}', "request: more: unknown key"],
    ['{"id": 1, "op": "nothing"}', "op: expected one of version, cases"],
    ['{"id": 1, "op": "toString"}', "op: expected one of version, cases"],
  ])("that are no request are told: %s", async (line, message) => {
    const [answer] = await answersTo(line);
    expect(answer!.error!.message).toContain(message);
  });
});

describe("arrays", () => {
  test("keep every bit, both ways", async () => {
    const problem = await loadCase(join(bundledSuite, "smoke/recurrence"));
    const own = resultOf(problem, await solveCase(problem), "f64") as {
      spikes: Record<string, { times: Float64Array }>;
      gradients: { input_times: Float64Array; projections: { weight: Float64Array[] }[] };
    };
    const json = JSON.parse(await readFile(join(bundledSuite, "smoke/recurrence/case.json"), "utf8"));
    const times = Float64Array.of(...json.input.times);
    json.input.times = { file: "t", dtype: "<f8", shape: [times.length] };
    const { value, files } = await ask(
      "solve",
      { case: { json } },
      { t: Buffer.from(times.buffer).toString("base64") },
    );
    expect(numbers(value.spikes.hidden.times, files!)).toEqual([...own.spikes["hidden"]!.times]);
    expect(numbers(value.gradients.input_times, files!)).toEqual([...own.gradients.input_times]);
    const { weight } = value.gradients.projections[1];
    expect(weight.shape).toEqual([2, 2]);
    expect(numbers(weight, files!)).toEqual(own.gradients.projections[1]!.weight.flatMap((row) => [...row]));
  });

  test("that did not come with the request are told", async () => {
    const json = JSON.parse(await readFile(join(bundledSuite, "smoke/recurrence/case.json"), "utf8"));
    json.input.times = { file: "__proto__", dtype: "<f8", shape: [4] };
    expect(await refusal("solve", { case: { json } })).toBe(
      'case: input.times.file: expected a file in the same folder (no such array came with the request), got "__proto__"',
    );
  });

  test("are no place for numbers that JSON has not, which have one of their own", async () => {
    const json = JSON.parse(await readFile(join(bundledSuite, "smoke/recurrence/case.json"), "utf8"));
    for (const name of ["NaN", "Infinity", "-Infinity"])
      expect(await refusal("solve", { case: { json: { ...json, duration: { not_finite: name } } } })).toBe(
        `case: duration: expected a finite number, got ${name}`,
      );
  });
});

describe("operations", () => {
  test("cases are those of the suite", async () => {
    const { value } = await ask("cases");
    const paths = (await listSuite(bundledSuite)).map(pathOfCase);
    expect(value.map(({ path }: { path: string }) => path)).toEqual(paths);
  });

  test("a question does not show what is known about the case", async () => {
    const { value, files } = await ask("questions", { case: { path: "scale/spoken-word" } });
    expect(Object.keys(value.questions[0])).toEqual(["case.json"]);
    expect(Object.keys(files!).filter((name) => name.startsWith("golden"))).toEqual([]);
    const { value: batch } = await ask("questions", { case: { path: "batch/sum-over-batch" } });
    expect(Object.keys(batch.questions[0]).sort()).toEqual(["batch.json", "case.json"]);
  });

  const judged = async (result: unknown, judging: unknown = {}, files: Record<string, string> = {}) => {
    const answers = [{ status: "done", result }];
    return (await ask("judge", { case: recurrence, answers, judging }, files)).value;
  };

  test("a verdict is that of a result in a folder", async () => {
    const { value, files } = await ask("solve", { case: recurrence });
    expect(await judged(value, { class: "T0" }, files)).toMatchObject({ status: "pass", class: "T0" });
    value.loss *= 2;
    const verdict = await judged(value, {}, files);
    expect(verdict).toMatchObject({ status: "fail", case: "recurrence", group: "smoke" });
    expect(verdict.message).toMatch(/^loss: /);
  });

  test("what a backend says besides is judged as that of a command", async () => {
    const says = async (path: string, answer: object) =>
      (await ask("judge", { case: { path }, answers: [answer], judging: {} })).value;
    expect(await says("smoke/recurrence", { status: "unsupported", message: "no" })).toMatchObject({
      status: "unsupported",
      message: "no",
    });
    expect(await says("smoke/recurrence", { status: "refused", message: "no" })).toMatchObject({
      status: "error",
    });
    expect(await says("smoke/recurrence", { status: "done", message: "nothing" })).toMatchObject({
      status: "error",
      message: "nothing",
    });
    expect(await says("adversarial/nan-weight", { status: "refused" })).toMatchObject({ status: "refused" });
    expect(await says("adversarial/nan-weight", { status: "done", result: {} })).toMatchObject({
      status: "fail",
    });
  });

  test("a report tells what only all verdicts show", async () => {
    const { value, files } = await ask("solve", { case: recurrence });
    const whole = await judged(value, {}, files);
    const potential = { path: "smoke/postsynaptic-potential" };
    const other = await ask("solve", { case: potential });
    for (const projection of other.value.gradients.projections) delete projection.weight;
    const answers = [{ status: "done", result: other.value }];
    const lacking = (await ask("judge", { case: potential, answers, judging: {} }, other.files)).value;
    expect(lacking.status).toBe("pass");
    const report = await ask("report", {
      cases: [recurrence, potential],
      verdicts: [whole, lacking],
      judging: {},
      name: "a <backend>",
      forms: ["html", "junit"],
    });
    expect(report.value.verdicts[1]).toMatchObject({ status: "fail" });
    expect(report.value.failure).toBe("a case fails");
    expect(report.value.html).toContain("a &lt;backend&gt;");
    expect(report.value.junit).toContain("<failure");
  });

  test("a case of one's own is certified where it lies, or in memory", async () => {
    const own = join(folder, "core", "own");
    await mkdir(join(folder, "core"));
    await cp(join(bundledSuite, "smoke/postsynaptic-potential"), own, { recursive: true });
    await rm(join(own, "golden.json"));
    const there = await askBuilt("certify", { case: { folder: own }, catches: "mine", jobs: 1 });
    expect(await readFile(join(own, "golden.json"), "utf8")).toBe(there.value["golden.json"]);
    const json = JSON.parse(await readFile(join(own, "case.json"), "utf8"));
    const here = await askBuilt("certify", { case: { json }, catches: "mine", jobs: 1 });
    const parsed = (text: string) => ({ ...JSON.parse(text), case_sha256: "" });
    expect(parsed(here.value["golden.json"])).toEqual(parsed(there.value["golden.json"]));
  });

  test.each([
    [
      "judge",
      { case: recurrence, answers: [], judging: {} },
      "answers: expected 1, one to each question, got 0",
    ],
    ["judge", { case: recurrence, answers: [], judging: { class: "T9" } }, 'class: expected "T0"'],
    [
      "judge",
      { case: recurrence, answers: [], judging: { rtol: 1, class: "T4" } },
      "rtol: expected a class from T1 to T3",
    ],
    [
      "judge",
      { case: { path: "core/../smoke" }, answers: [], judging: {} },
      "case: expected GROUP/NAME of a case",
    ],
    ["solve", { case: { path: "/etc" } }, "case: expected GROUP/NAME of a case"],
    ["solve", { case: { folder: "/nowhere" } }, "/nowhere: cannot be read: no such file or folder"],
    ["solve", { case: {} }, "case"],
    ["solve", { case: recurrence, precision: "f16" }, "precision: expected"],
    ["certify", { case: recurrence }, "case"],
    ["certify", { case: { json: {} } }, "case: format: expected"],
    ["cases", { group: ["x"] }, 'group[0]: expected "smoke"'],
    ["check", { cases: [recurrence], judging: { tensors: ["wieght"] } }, "tensors: expected words"],
  ])("%s says in one line what is wrong: %j", async (op, given, message) => {
    expect(await refusal(op, given)).toContain(message);
  });
});
