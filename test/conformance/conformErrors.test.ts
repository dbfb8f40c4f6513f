/** `goldspike conform errors`: of a time-stepped result, what is the step's error and what the code's. */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import type { ErrorsOfStep } from "../../src/conformance/explain/twoErrors.ts";
import { bundledSuite } from "../../src/conformance/suite/suite.ts";
import { solveCase } from "../../src/engine/solve.ts";
import { loadCase } from "../../src/format/loadCase.ts";
import { norm } from "../../src/format/tensor.ts";
import { goldspike } from "../support/command.ts";
import { changedResults } from "../support/conformance/changedResult.ts";
import { temporaryFolder } from "../support/temporaryFolder.ts";

const folder = temporaryFolder();
const options = { cwd: folder };
const recurrence = join(bundledSuite, "smoke", "recurrence");
const changed = changedResults(folder);
const steps = ["--convention", "euler", "--dt", "0.01"];

beforeAll(async () => {
  await mkdir(join(folder, "good"));
  await goldspike(["conform", "backend", "twin", recurrence, "good", ...steps], options);
});

async function errors(result: string, more = steps): Promise<ErrorsOfStep> {
  const run = await goldspike(["conform", "errors", recurrence, result, "--json", ...more], options);
  expect(run.stderr).toBe("");
  return JSON.parse(run.stdout) as ErrorsOfStep;
}

describe("errors", () => {
  test("the twin itself has the method's error alone, which lies in what was predicted", async () => {
    const { parts, scale } = await errors("good");
    expect(scale).toBe(1);
    expect(parts.map(({ name }) => name)).toEqual([
      "spikes.hidden",
      "loss",
      "readout",
      ...[0, 1, 2].flatMap((k) => [`projections[${k}].weight`, `projections[${k}].delay`]),
    ]);
    for (const { method, code, predicted } of parts) {
      expect(code).toBe(0);
      expect(method).toBeGreaterThan(0);
      expect(method).toBeLessThanOrEqual(predicted);
    }
  });

  test("the method's is the distance of the twin to the exact gradient", async () => {
    const problem = await loadCase(recurrence);
    const { gradients } = await solveCase(problem);
    let found: number[] = [];
    await changed("copy", (result) => {
      found = result.gradients.projections[1]!.weight.flat();
    });
    const exact = gradients.projections[1]!.weight;
    const share = norm(exact.map((value, k) => value - found[k]!)) / norm(exact);
    const { parts } = await errors("good");
    expect(parts.find(({ name }) => name === "projections[1].weight")!.method).toBeCloseTo(share, 12);
  });

  test("a mistake shows in the code's error, and the method's stays", async () => {
    await changed("wrong", ({ gradients }) => {
      for (const row of gradients.projections[0]!.weight) row[0]! *= 1.1;
    });
    const [good, wrong] = [await errors("good"), await errors("wrong")];
    expect(wrong.parts.map(({ method }) => method)).toEqual(good.parts.map(({ method }) => method));
    for (const { name, code } of wrong.parts)
      expect(code).toBeCloseTo(name === "projections[0].weight" ? 0.1 : 0, 12);
  });

  test("other spikes and missing parts are told apart", async () => {
    await changed("poor", (result) => {
      for (const list of [result.spikes.hidden.times, result.spikes.hidden.neurons]) list.pop();
      delete (result as { readout?: unknown }).readout;
    });
    const run = await goldspike(["conform", "errors", recurrence, "poor", ...steps], options);
    expect(run.code).toBe(0);
    expect(run.stdout).toMatch(/^spikes.hidden +\S+ ms +up to \S+ ms +other spikes$/m);
    expect(run.stdout).toMatch(/^readout +\S+ % +up to \S+ % +missing$/m);
  });

  test("what a convention calls the gradient is no error", async () => {
    const genn = ["--convention", "genn_eventprop", "--dt", "0.01"];
    await mkdir(join(folder, "genn"), { recursive: true });
    await goldspike(["conform", "backend", "twin", recurrence, "genn", ...genn], options);
    const { parts, scale } = await errors("genn", genn);
    expect(scale).toBe(1 / 20);
    for (const { method } of parts) expect(method).toBeLessThan(0.2);
    const run = await goldspike(["conform", "errors", recurrence, "genn", ...genn], options);
    expect(run.stdout).toMatch(/^gradients are 0.05000 times those of the declared loss$/m);
  });

  test.each([
    [["none"], /^error: none\/result.json: cannot be read: no such file or folder\n$/],
    [["good", "--dt", "99"], /^error: dt: expected a step of at most the trial's 50 ms, got 99\n$/],
    [["good", "--switch", "zero_out=maybe"], /Expected zero_out=true or zero_out=false\./],
    [["good", "--switch", "speed=1"], /Expected one of integrator, slope_current, /],
  ])("%j is refused in one line", async (args, line) => {
    const run = await goldspike(["conform", "errors", recurrence, ...args], options);
    expect(run.code).toBe(2);
    expect(run.stderr).toMatch(line);
  });
});
