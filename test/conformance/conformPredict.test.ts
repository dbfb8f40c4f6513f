/** `goldspike conform predict`. */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { bundledSuite } from "../../src/conformance/suite/suite.ts";
import { goldspike } from "../support/command.ts";
import { temporaryFolder } from "../support/temporaryFolder.ts";

const folder = temporaryFolder();
const options = { cwd: folder };
const recurrence = join(bundledSuite, "smoke", "recurrence");

describe("predict", () => {
  test("says what a step does, and finds one that is fine enough", async () => {
    const coarse = await goldspike(["conform", "predict", recurrence, "--dt", "0.1"], options);
    expect(coarse.stdout).toMatch(/^spikes.hidden: \S+ to \S+ ms from their exact times$/m);
    expect(coarse.stdout).toMatch(/^hidden 0: a spike near 18.2124 ms may appear: margin /m);
    const found = await goldspike(["conform", "predict", recurrence, "--target", "0.5"], options);
    const step = Number(/^recommended: (\S+) ms$/m.exec(found.stdout)![1]);
    expect(step).toBeLessThan(0.1);
    const fine = await goldspike(["conform", "predict", recurrence, "--dt", String(step)], options);
    expect(fine.stdout).toMatch(/^no spike will appear or vanish$/m);
  });
});

test("predict --json has a band for every spike", async () => {
  const run = await goldspike(["conform", "predict", recurrence, "--dt", "0.1", "--json"], options);
  const { spikes, gradients, risks } = JSON.parse(run.stdout);
  expect(spikes.hidden).toHaveLength(8);
  for (const { time, neuron, lower, upper } of spikes.hidden) {
    expect(time).toBeGreaterThan(0);
    expect([0, 1]).toContain(neuron);
    expect(upper - lower).toBeGreaterThanOrEqual(0.1 - 1e-12);
  }
  expect(Object.keys(gradients)).toContain("projections[1].weight");
  expect(risks).toHaveLength(2);
});

describe("predict --target that no step reaches", () => {
  const predict = (...args: string[]) => goldspike(["conform", "predict", ...args], options);

  test("names the gradient that stays off, and ends with 1", async () => {
    const run = await predict(recurrence, "--target", "1e-9");
    expect(run.code).toBe(1);
    expect(run.stdout).toMatch(/^dt=1 gradient_error=20 worst=projections\[\d\].(weight|delay) risks=11$/m);
    expect(run.stdout).toMatch(
      /\nno step from 1 to 0.0001 ms is certain to be fine enough: at 0.0001 ms projections\[1\].weight may be 0.22 % off, not 1e-7 %\n$/,
    );
  });

  test("names the spike that may appear at any step", async () => {
    const touch = join(bundledSuite, "adversarial", "touch-misses-1e-15");
    const run = await predict(touch, "--target", "0.1");
    expect(run.code).toBe(1);
    expect(run.stdout).toMatch(
      /\nno step from 1 to 0.0001 ms is certain to be fine enough: at 0.0001 ms hidden 0: a spike near 10.2420 ms may appear: margin .*\n$/,
    );
  });

  test("a trial shorter than the first steps, and steps that make no sense", async () => {
    await mkdir(join(folder, "short"), { recursive: true });
    const problem = JSON.parse(await readFile(join(recurrence, "case.json"), "utf8"));
    Object.assign(problem, { duration: 0.7, input: { ...problem.input, times: [0.1], sources: [0] } });
    await writeFile(join(folder, "short", "case.json"), JSON.stringify(problem));
    const run = await predict("short", "--target", "100");
    expect(run.stdout).toMatch(/^dt=0.5 /);
    const long = await predict(recurrence, "--dt", "51");
    expect(long).toMatchObject({
      code: 2,
      stderr: "error: dt: expected a step of at most the trial's 50 ms, got 51\n",
    });
    const both = await predict(recurrence, "--dt", "0.1", "--target", "0.1");
    expect(both.code).toBe(2);
    expect(both.stderr).toMatch(/^error: option '--target <x>' cannot be used with option '--dt <ms>'\n/);
  });
});
