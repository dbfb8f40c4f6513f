/** `goldspike conform compare`, `explain` and `predict`. */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { expectGradientsToMatch } from "../src/conformance/expectGradientsToMatch.ts";
import { bundledSuite } from "../src/conformance/suite.ts";
import { goldspike } from "./support/command.ts";
import { temporaryFolder } from "./support/temporaryFolder.ts";

const folder = temporaryFolder();
const options = { cwd: folder };
const recurrence = join(bundledSuite, "smoke", "recurrence");

interface ResultJson {
  spikes: { hidden: { times: number[]; neurons: number[] } };
  gradients: { projections: { weight: number[][] }[]; spike_times: { hidden: number[] } };
}

/** A result with a change, the engine's if no other is named, in a folder of that name. */
async function changed(name: string, change: (result: ResultJson) => void, of = "good"): Promise<void> {
  await mkdir(join(folder, name), { recursive: true });
  const result = JSON.parse(await readFile(join(folder, of, "result.json"), "utf8"));
  change(result);
  await writeFile(join(folder, name, "result.json"), JSON.stringify(result));
}

beforeAll(async () => {
  await mkdir(join(folder, "good"));
  await goldspike(["conform", "backend", "engine", recurrence, "good"], options);
});

describe("compare", () => {
  test("two equal results differ nowhere", async () => {
    const run = await goldspike(["conform", "compare", "good", "good"], options);
    expect(run).toMatchObject({ code: 0, stderr: "" });
    expect(
      run.stdout
        .trimEnd()
        .split("\n")
        .every((line) => line.includes("  pass")),
    ).toBe(true);
  });

  test("says what differs, and by how much", async () => {
    await changed("doubled", ({ gradients }) => {
      gradients.projections[1]!.weight = gradients.projections[1]!.weight.map((row) => row.map((x) => 2 * x));
    });
    const run = await goldspike(["conform", "compare", "good", "doubled"], options);
    expect(run.code).toBe(1);
    expect(run.stdout).toMatch(
      /^projections\[1\].weight +fail .* 100 % off: it is 2.00000 times the reference$/m,
    );
    expect(run.stdout).toMatch(/^projections\[0\].weight +pass/m);
  });

  test("compares gradients where neither result has a loss", async () => {
    const without = (factor: number) => (result: ResultJson) => {
      Object.assign(result, { loss: undefined });
      result.gradients.projections[0]!.weight[0]![0]! *= factor;
    };
    await changed("a", without(1));
    await changed("b", without(3));
    const run = await goldspike(["conform", "compare", "a", "b"], options);
    expect(run.code).toBe(1);
    expect(run.stdout).toMatch(/^projections\[0\].weight +fail/m);
  });

  test("shows odd names of a result as what they are", async () => {
    const name = "\u001b[2Jhid\u202eden";
    await changed("odd", ({ spikes }) => {
      Object.assign(spikes, { [name]: spikes.hidden });
    });
    const run = await goldspike(["conform", "compare", "good", "odd"], options);
    expect(run.stdout).toMatch(/^spikes\.\\u\{1b\}\[2Jhid\\u\{202e\}den +extra/m);
    await changed("odder", (result) => {
      Object.assign(result, { [name]: 1 });
    });
    const refused = await goldspike(["conform", "explain", recurrence, "odder"], options);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toMatch(
      /^error: odder.result.json: [^\p{Cc}\p{Cf}]*unknown key[^\p{Cc}\p{Cf}]*\n$/u,
    );
  });

  test("names the folder without a result", async () => {
    const run = await goldspike(["conform", "compare", "good", "."], options);
    expect(run).toMatchObject({
      code: 2,
      stderr: "error: result.json: cannot be read: no such file or folder\n",
    });
  });
});

describe("explain", () => {
  test("prints the backward pass where the spikes agree, and marks the derivative that is wrong", async () => {
    await changed("sign", ({ gradients }) => {
      gradients.spike_times.hidden[3]! *= -1;
    });
    const run = await goldspike(["conform", "explain", recurrence, "sign"], options);
    expect(run.code).toBe(0);
    const rows = run.stdout.trimEnd().split("\n").slice(2);
    const times = rows.map((row) => Number(row.trim().split(/\s+/)[0]));
    expect(times).toEqual([...times].sort((x, y) => y - x));
    expect(rows.filter((row) => row.endsWith("  differs"))).toHaveLength(1);
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

describe("predict --target that no step reaches", () => {
  const predict = (...args: string[]) => goldspike(["conform", "predict", ...args], options);

  test("names the gradient that stays off, and ends with 1", async () => {
    const run = await predict(recurrence, "--target", "1e-9");
    expect(run.code).toBe(1);
    expect(run.stdout).toMatch(/^dt=1 gradient_error=20 worst=projections\[\d\].(weight|delay) risks=11$/m);
    expect(run.stdout).toMatch(
      /\nno step from 1 to 0.0001 ms is certain to be fine enough: at 0.0001 ms projections\[1\].weight may be 0.22 % off, not 1.0e-7 %\n$/,
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

describe("expectGradientsToMatch", () => {
  const good = async () => JSON.parse(await readFile(join(folder, "good", "result.json"), "utf8"));

  test("takes a result as an object or as a folder", async () => {
    await expectGradientsToMatch(recurrence, await good(), { name: "T1" });
    await expectGradientsToMatch(recurrence, join(folder, "good"), { name: "T0" });
  });

  test("throws a line for every part that is wrong, and only for those that are looked at", async () => {
    const result = await good();
    result.gradients.projections[0].weight[0][0] *= 1.01;
    result.gradients.projections[2].delay[0][0] += 1;
    await expect(expectGradientsToMatch(recurrence, result, { name: "T3" })).rejects.toThrow(
      /^recurrence is not as class T3 asks:\n {2}projections\[0\].weight: .*\n {2}projections\[2\].delay: .*$/,
    );
    await expect(
      expectGradientsToMatch(recurrence, result, { name: "T3", tensors: ["tau", "bias"] }),
    ).resolves.toBeUndefined();
  });
});
