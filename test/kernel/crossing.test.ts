/** Threshold crossings: the root of the free flow, as well as doubles determine it. */
import { describe, expect, test } from "vitest";
import { simulate } from "../../src/index.ts";
import { firstCrossing } from "../../src/oracle/simulate/crossing.ts";
import { arithmetic } from "../../src/oracle/simulate/fixed.ts";
import { flow, slope } from "../../src/oracle/simulate/flow.ts";
import { lif, none, single } from "../oracle/recipes/samples.ts";
import { scalarKernel } from "../support/kernel/kernels.ts";
import { createSampler } from "../support/training/sampler.ts";

const { kernel, at } = scalarKernel("f64");
const m = arithmetic(50);
const { EPSILON: epsilon, POSITIVE_INFINITY: never } = Number;

interface Problem {
  readonly u: number;
  readonly i: number;
  readonly threshold: number;
  readonly alpha: number;
  readonly beta: number;
  readonly end: number;
}

function crossing({ u, i, threshold, alpha, beta, end }: Problem, early = 0, late = never): number {
  return kernel.crossing(u, i, threshold - u, threshold, alpha, beta, early, late, end, at);
}

/** The root in 50 digits, and how far doubles may be from it: ε of the voltages over the slope, and ε of the root. */
function exactly({ u, i, threshold, alpha, beta, end }: Problem): { x: number; unit: number } | undefined {
  const dynamics = { a: m.from(alpha), c: m.from(beta), bias: 0n };
  const start = { v: m.from(u), i: m.from(i) };
  const root = firstCrossing(m, dynamics, start, m.from(threshold), m.from(end));
  if (root === undefined) return undefined;
  const x = m.toNumber(root);
  const steepness = m.toNumber(slope(m, dynamics, flow(m, dynamics, start, root)));
  const size = Math.abs(u) + Math.abs(i) + Math.abs(threshold);
  return { x, unit: epsilon * (size / steepness + x) };
}

/** Neurons of any time constants below their threshold; `threshold` in units that make crossings frequent. */
function drawProblem(random: ReturnType<typeof createSampler>, low: number, high: number): Problem {
  const { uniform, magnitude, integer } = random;
  const alpha = magnitude(-9, 3, 1);
  const ratios = [() => 1, () => 1 + magnitude(-40, -8), () => uniform(0.2, 8), () => magnitude(-8, 8, 1)];
  const beta = alpha * ratios[integer(0, ratios.length - 1)]!();
  const threshold = uniform(low, high);
  const u = threshold - magnitude(-8, 2, 1);
  const i = uniform(-4, 12);
  return { u, i, threshold, alpha, beta, end: magnitude(-6, 5, 1) / Math.min(alpha, beta) };
}

/** Problems with an answer, or without, as `crosses` says. */
function problems(count: number, seed: number, low: number, high: number, crosses = true) {
  const random = createSampler(seed);
  const found: { problem: Problem; x: number; unit: number }[] = [];
  for (let k = 0; k < 20 * count && found.length < count; k++) {
    const problem = drawProblem(random, low, high);
    const exact = exactly(problem);
    if ((exact !== undefined) === crosses) found.push({ problem, ...(exact ?? { x: never, unit: 0 }) });
  }
  expect(found.length).toBe(count);
  return found;
}

describe.each([
  ["above rest", 0.1, 1.5],
  ["below rest, where voltages that fall may return", -3, -0.1],
])("a threshold %s", (_name, low, high) => {
  test("is reached when it is: within ε (|u| + |I| + |ϑ|)/slope + ε x of the root", () => {
    for (const { problem, x, unit } of problems(500, 1, low, high)) {
      expect(Math.abs(crossing(problem) - x), JSON.stringify(problem)).toBeLessThan(unit);
    }
  });

  test("is found as well from any bounds of its time", () => {
    const { uniform } = createSampler(2);
    for (const { problem, x, unit } of problems(300, 3, low, high)) {
      const early = x * uniform(0.5, 1);
      const late = Math.min(x * uniform(1, 1.5), x + 0.99 * (problem.end - x));
      if (late - x < 100 * unit) continue;
      expect(Math.abs(crossing(problem, early, late) - x), JSON.stringify(problem)).toBeLessThan(unit);
    }
  });

  test("is not reached when it is not", () => {
    for (const { problem } of problems(300, 4, low, high, false)) {
      expect(crossing(problem), JSON.stringify(problem)).toBe(never);
    }
  });

  test("is never reached at the end or later, and is missed only if the end is too early", () => {
    for (const { problem, x, unit } of problems(300, 5, low, high)) {
      for (const end of [x, x - 2 * unit, x / 2]) {
        if (end <= 0) continue;
        const found = crossing({ ...problem, end });
        if (found !== never) expect(found).toBeLessThan(end);
        if (end < x - unit) expect(found, JSON.stringify(problem)).toBe(never);
      }
      const after = crossing({ ...problem, end: x + 2 * unit });
      expect(Math.abs(after - x), JSON.stringify(problem)).toBeLessThan(unit);
    }
  });
});

describe("closed forms", () => {
  const alpha = 1 / 20;
  const beta = 1 / 5;
  /** (1/4)^(4/3), the height of a postsynaptic potential of weight 1. */
  const height = 0.15749013123685915;
  const resting = (i: number, threshold: number): Problem => ({ u: 0, i, threshold, alpha, beta, end: 200 });

  test("a postsynaptic potential peaks at 9.2420 ms with height 0.157490 w", () => {
    const latest = crossing(resting(1, height * (1 - 1e-14)));
    // The last crossing there is comes √(2·1e-14/(αβ)) before the peak.
    expect(Math.abs(latest - 9.241962407465937)).toBeLessThan(1.6e-6);
    expect(crossing(resting(1, height * (1 + 1e-14)))).toBe(never);
  });

  test.each([
    [6.3496, 1e-3, 1],
    [6.3496, -1e-3, 0],
    [6.3496042078728, 1e-13, 1],
    [6.3496042078728, -1e-13, 0],
  ])("a spike of weight %d(1 + %d) makes a resting neuron fire %i times", async (weight, excess, count) => {
    const { network, input, duration } = single(lif, weight * (1 + excess), none);
    const { spikes } = await simulate(network, input, duration);
    expect(spikes.cell!.times.length).toBe(count);
  });

  test("a bias above threshold alone fires a neuron every τ ln((b − reset)/(b − ϑ))", async () => {
    const { network, input } = single({ ...lif, bias: 1.5, reset: 0.25 }, 0, none);
    const { spikes } = await simulate(network, input, 90);
    const period = 20 * Math.log(2.5);
    spikes.cell!.times.forEach((time, k) => {
      expect(time).toBeCloseTo(20 * Math.log(3) + k * period, 11);
    });
    expect(spikes.cell!.times.length).toBe(4);
  });

  test("a voltage that falls first fires after its minimum if the bias lifts it over the threshold", async () => {
    const { network, input, duration } = single({ ...lif, bias: 2, v0: 0.5, i0: -9 }, 0, none);
    const [time] = (await simulate(network, input, duration)).spikes.cell!.times;
    const [em, es] = [Math.exp(-time! / 20), Math.exp(-time! / 5)];
    expect(time).toBeGreaterThan(13);
    expect(2 - 1.5 * em - 3 * (em - es)).toBeCloseTo(1, 13);
  });
});

describe("at the threshold", () => {
  const onIt = { u: 1, threshold: 1, alpha: 0.05, beta: 0.2, end: 100 };

  test("a voltage that touches it from below does not cross", () => {
    // At u = I = ϑ it has its maximum there; with I below u it falls.
    expect(crossing({ ...onIt, i: 1 })).toBe(never);
    expect(crossing({ ...onIt, i: 0.5 })).toBe(never);
  });

  test("a voltage that rounding has put on it or above crosses at once if it rises", () => {
    expect(crossing({ ...onIt, i: 1.5 })).toBe(0);
    expect(crossing({ ...onIt, u: 1 + epsilon, i: 1.5 })).toBe(0);
    expect(crossing({ ...onIt, u: 1 + epsilon, i: 0.5 })).toBe(never);
  });

  test("a voltage at a threshold below rest that falls crosses when it comes back", () => {
    const problem = { u: -1, i: -4, threshold: -1, alpha: 0.05, beta: 0.2, end: 100 };
    const x = crossing(problem);
    const exact = exactly(problem);
    expect(exact).toBeDefined();
    expect(Math.abs(x - exact!.x)).toBeLessThan(exact!.unit);
  });
});
