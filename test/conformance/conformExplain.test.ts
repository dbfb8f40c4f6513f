/** `goldspike conform explain`. */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { bundledSuite } from "../../src/conformance/suite/suite.ts";
import { goldspike } from "../support/command.ts";
import { changedResults } from "../support/conformance/changedResult.ts";
import { temporaryFolder } from "../support/temporaryFolder.ts";

const folder = temporaryFolder();
const options = { cwd: folder };
const recurrence = join(bundledSuite, "smoke", "recurrence");
const changed = changedResults(folder);

beforeAll(async () => {
  await mkdir(join(folder, "good"));
  await goldspike(["conform", "backend", "engine", recurrence, "good"], options);
});

describe("explain", () => {
  test("prints the backward pass where the spikes agree, and marks the derivative that is wrong", async () => {
    await changed("sign", ({ gradients }) => {
      gradients.spike_times.hidden[3]! *= -1;
    });
    const run = await goldspike(["conform", "explain", recurrence, "sign"], options);
    expect(run.code).toBe(0);
    const lines = run.stdout.trimEnd().split("\n");
    const rows = lines.slice(lines.findIndex((line) => line.includes("the exact backward pass")) + 2);
    const times = rows.map((row) => Number(row.trim().split(/\s+/)[0]));
    expect(times).toEqual([...times].sort((x, y) => y - x));
    expect(rows.filter((row) => row.endsWith("  differs"))).toHaveLength(1);
  });

  test("takes a case of the suite by its name, as does what else is about one", async () => {
    const byName = await goldspike(["conform", "explain", "smoke/recurrence", "good"], options);
    expect(byName.code).toBe(0);
    expect(byName).toEqual(await goldspike(["conform", "explain", recurrence, "good"], options));
    const lost = await goldspike(["solve", "smoke/recurrent"], options);
    expect(lost).toMatchObject({ code: 2 });
    expect(lost.stderr).toMatch(/^error: smoke\/recurrent: expected a case file or a folder with case.json/);
  });

  test("is what a run with a wrong result points to", async () => {
    await changed("results/smoke/recurrence", ({ gradients }) => {
      gradients.projections[0]!.weight[0]![0]! *= 2;
    });
    const judged = await goldspike(["conform", "judge", "results", "--case", "recurrence"], options);
    const command = /^where it goes wrong: goldspike (.*)$/m.exec(judged.stderr)![1]!;
    expect(command).toBe("conform explain smoke/recurrence results/smoke/recurrence");
    const told = await goldspike(command.split(" "), options);
    expect(told.stdout).toMatch(/projections\[0\]\.weight/);
  });

  test("refuses spikes of neurons that the case does not have", async () => {
    await changed("foreign", ({ spikes }) => {
      spikes.hidden.neurons[0] = 99;
    });
    const run = await goldspike(["conform", "explain", recurrence, "foreign"], options);
    expect(run).toMatchObject({
      code: 2,
      stderr: "error: result.json: spikes.hidden: expected neurons below 2\n",
    });
  });

  test("finds the first spike that differs, and whether its neuron or what it was given is to blame", async () => {
    await changed("late", ({ spikes }) => {
      spikes.hidden.times[2]! += 0.001;
    });
    const late = await goldspike(["conform", "explain", recurrence, "late"], options);
    expect(late.code).toBe(1);
    expect(late.stdout).toMatch(/^the first spike that differs: spike 1 of hidden 1 is at another time$/m);
    expect(late.stdout).toMatch(/^both agree, so the spikes that reach it are right: .* with --dt$/m);
    expect(late.stdout).not.toContain("backward pass");
    await changed("lost", ({ spikes }) => {
      for (const list of [spikes.hidden.times, spikes.hidden.neurons]) list.shift();
    });
    const lost = await goldspike(["conform", "explain", recurrence, "lost"], options);
    expect(lost.stdout).toMatch(/^the first spike that differs: spike 0 of hidden 1 is missing$/m);
  });

  test("prints the backward pass around the first spike that differs, if asked to", async () => {
    await changed("late", ({ spikes }) => {
      spikes.hidden.times[2]! += 0.001;
    });
    const run = await goldspike(["conform", "explain", recurrence, "late", "--jumps", "3"], options);
    expect(run.code).toBe(1);
    const lines = run.stdout.trimEnd().split("\n");
    const at = lines.indexOf("the exact backward pass around it, latest spike first:");
    const rows = lines.slice(at + 2);
    expect(rows.map((row) => Number(row.trim().split(/\s+/)[0]))).toEqual([8.920986, 6.828133, 6.469669]);
    expect(rows.filter((row) => row.endsWith("  <- the first spike that differs"))).toEqual([rows[1]]);
    await changed("more", ({ spikes }) => {
      spikes.hidden.times.splice(1, 0, 5);
      spikes.hidden.neurons.splice(1, 0, 0);
    });
    const more = await goldspike(["conform", "explain", recurrence, "more", "--jumps", "2"], options);
    expect(more.stdout.trimEnd().split("\n").slice(-3).join("\n")).toMatch(
      /^ +6.469669 .*\n +5.000000 +hidden 0 {2}<- the first spike that differs\n +4.691731 /,
    );
  });
});

describe("explain, with a time step", () => {
  const twin = (name: string, ...more: string[]) =>
    goldspike(["conform", "explain", recurrence, name, "--dt", "0.1", ...more], options);

  beforeAll(async () => {
    await mkdir(join(folder, "steps"));
    await goldspike(["conform", "backend", "twin", recurrence, "steps", "--dt", "0.1"], options);
  });

  test("blames nothing that the step explains, and prints the twin's backward pass", async () => {
    const run = await twin("steps");
    expect(run).toMatchObject({ code: 0, stderr: "" });
    const [first, , ...rows] = run.stdout.trimEnd().split("\n");
    expect(first).toBe("all spikes agree; the twin's backward pass, latest spike first:");
    expect(rows).toHaveLength(8);
    expect(rows[0]).toMatch(/^ +18.300000 +hidden 1 +\S+ +\S+ +\S+$/);
    const exact = await goldspike(["conform", "explain", recurrence, "steps", "--ms", "0.2"], options);
    expect(exact.code).toBe(1);
    expect(exact.stdout).toMatch(/^they differ, by what earlier spikes are off within --ms: .* with --dt$/m);
  });

  test("finds the first spike that leaves the twin, with the exact one beside it", async () => {
    await changed(
      "slip",
      ({ spikes }) => {
        spikes.hidden.times[2]! += 0.1;
      },
      "steps",
    );
    const run = await twin("slip", "--jumps", "1");
    expect(run.code).toBe(1);
    expect(run.stdout).toMatch(
      /^the first spike that differs: spike 1 of hidden 1 is at another time\n {2}twin {6}6.9 ms\n {2}exact {5}6.828\d+ ms\n {2}found {5}7(\.0+\d*)? ms\n {2}one step apart: /,
    );
    expect(run.stdout).toMatch(/^the neuron at the end of the step from 6.9 ms, threshold 1:$/m);
    const [, v, w] = /by the twin's spikes +V = (\S+) .*\n.*by the result's spikes +V = (\S+) /.exec(
      run.stdout,
    )!;
    expect(Number(v)).toBeGreaterThan(1);
    expect(w).toBe(v);
    expect(run.stdout).toMatch(/^both agree, .* its threshold$/m);
    expect(run.stdout).toMatch(/\n +6.900000 +hidden 1 .* <- the first spike that differs\n$/);
  });

  test("of another convention", async () => {
    const run = await twin("steps", "--convention", "euler");
    expect(run.code).toBe(1);
    expect(run.stdout).toMatch(/^ {2}twin {6}4.6 ms$/m);
  });

  test("a spike far outside the trial", async () => {
    await changed(
      "far",
      ({ spikes }) => {
        spikes.hidden.times.unshift(-1e9);
        spikes.hidden.times.push(1e15);
        spikes.hidden.neurons.unshift(0);
        spikes.hidden.neurons.push(0);
      },
      "steps",
    );
    const run = await twin("far");
    expect(run).toMatchObject({ code: 1, stderr: "" });
    expect(run.stdout).toMatch(/^the first spike that differs: spike 0 of hidden 0 is one too many$/m);
  });

  test("options that make no sense", async () => {
    const alone = await goldspike(
      ["conform", "explain", recurrence, "steps", "--convention", "euler"],
      options,
    );
    expect(alone).toMatchObject({
      code: 2,
      stderr: "error: --convention: expected --dt with it, the step of the twin, got euler alone\n",
    });
    const long = await twin("steps", "--dt", "51");
    expect(long).toMatchObject({
      code: 2,
      stderr: "error: dt: expected a step of at most the trial's 50 ms, got 51\n",
    });
  });
});
