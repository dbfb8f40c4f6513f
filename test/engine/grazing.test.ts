/** Spikes that nearly do not happen, and those that nearly do, are reported. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ClosestGraze } from "../../src/model/solution.ts";
import { caseFromJson } from "../../src/oracle/certify/caseJson.ts";
import { consult } from "../oracle/consult.ts";
import { certifiedCases } from "../support/conformance/certifiedCases.ts";
import { problems } from "../support/networks/arbitraries.ts";
import { sketch, solveSketch } from "../support/networks/build.ts";
import { prepare } from "../support/networks/conditioning.ts";
import { allGrazes, type Graze } from "../support/networks/grazes.ts";

/** w (τs/τm)^(τm/(τm−τs)) = 1 for the default time constants: 4^(4/3). */
const firingWeight = 6.3496042078727974;

function lone(weight: number) {
  const projections = [{ from: "input", to: "cell", weight: [[weight]] }];
  return sketch({ input: [[3, 0]], populations: [{ name: "cell" }], projections });
}

function expectSame(actual: ClosestGraze | undefined, expected: Graze | undefined): void {
  expect(actual === undefined).toBe(expected === undefined);
  if (!actual || !expected) return;
  expect(Math.abs(actual.margin - expected.margin)).toBeLessThan(1e-13);
  expect([actual.population, actual.neuron]).toEqual([expected.population, expected.neuron]);
  // The time of a flat maximum is known to half the digits, that of a kink or spike to all.
  expect(Math.abs(actual.time - expected.time)).toBeLessThan(1e-6);
}

describe("a lone response", () => {
  test.each([-1e-2, -1e-6, -1e-9, 1e-9, 1e-6, 1e-2])(
    "whose peak is %d of the threshold above it is reported with that margin",
    async (excess) => {
      const problem = lone(firingWeight * (1 + excess));
      const { spikes, closestGraze } = await solveSketch(problem);
      expect(spikes.cell!.times.length).toBe(excess > 0 ? 1 : 0);
      expect(Math.abs(closestGraze!.margin - Math.abs(excess))).toBeLessThan(2e-15);
      expectSame(closestGraze, allGrazes(problem, consult(problem))[0]);
    },
  );

  test("that only touches the threshold is reported as grazing", async () => {
    const { closestGraze } = await solveSketch(lone(firingWeight));
    expect(closestGraze!.margin).toBeLessThan(1e-15);
    expect(closestGraze!.time).toBeCloseTo(3 + 9.242, 3);
  });
});

describe("maxima that are kinks", () => {
  const inhibited = (population: object, weight = -2) =>
    sketch({
      input: [[30, 0]],
      populations: [{ name: "cell", ...population }],
      projections: [{ from: "input", to: "cell", weight: [[weight]] }],
    });

  test.each([
    ["rises from the start", { bias: 0.95, v0: 0.5 }],
    ["falls at first", { bias: 0.95, v0: 0.5, i0: -3 }],
    ["falls at first and would fire later", { bias: 1.2, v0: 0.9, i0: -3 }],
  ])("a voltage that %s is reported where inhibition turns it", async (_, population) => {
    const problem = inhibited(population);
    const [closest] = allGrazes(problem, consult(problem));
    expect(closest!.time).toBe(30);
    expectSame((await solveSketch(problem)).closestGraze, closest);
  });

  test("an inhibition that leaves the voltage rising is no maximum: V is highest at T", async () => {
    const problem = inhibited({ bias: 0.95, v0: 0.5 }, -0.01);
    const [closest] = allGrazes(problem, consult(problem));
    expect(closest!.time).toBe(problem.duration);
    expectSame((await solveSketch(problem)).closestGraze, closest);
  });

  test("a spike that an inhibition would have prevented, had it come later, has what V rose until then as its margin", async () => {
    const problem = sketch({
      channels: 2,
      input: [
        [3, 0],
        [12.2, 1],
      ],
      populations: [{ name: "cell" }],
      projections: [{ from: "input", to: "cell", weight: [[firingWeight * 1.0001, -3]] }],
    });
    const { spikes, closestGraze } = await solveSketch(problem);
    expect(spikes.cell!.times.length).toBe(1);
    const without = {
      ...problem,
      input: { times: problem.input.times.slice(0, 1), sources: problem.input.sources.slice(0, 1) },
    };
    expect(closestGraze!.margin).toBeLessThan((await solveSketch(without)).closestGraze!.margin * 0.99);
    expectSame(closestGraze, allGrazes(problem, consult(problem))[0]);
  });
});

test("a neuron fired by its bias alone, without any current, is nearest to another spike at T", async () => {
  // V tends to the bias from below; with nearly equal time constants its extremum at infinity is easily rounded to a time.
  for (const tau_syn of [5, 11.9993, 11.9993119993, 12.0112993, 30]) {
    const cell = { name: "cell", tau_mem: 11.9993, tau_syn, threshold: 1.2995, bias: 1.4381 };
    const problem = sketch({ populations: [cell] });
    const { closestGraze } = await solveSketch(problem);
    expect(closestGraze!.time).toBe(problem.duration);
    expectSame(closestGraze, allGrazes(problem, consult(problem))[0]);
  }
});

interface LoneCell {
  /** [ms, weight] */
  readonly arrivals: readonly (readonly [number, number])[];
  readonly bias: number;
  readonly tau_syn: number;
}

/** A neuron under random arrivals that spikes at most once in its trial, if it does. */
const loneCells: fc.Arbitrary<LoneCell> = fc.record({
  arrivals: fc.array(
    fc.tuple(fc.double({ min: 0, max: 20, noNaN: true }), fc.double({ min: -6, max: 6, noNaN: true })),
    { minLength: 1, maxLength: 5 },
  ),
  bias: fc.double({ min: -1, max: 1.5, noNaN: true }),
  tau_syn: fc.double({ min: 1, max: 40, noNaN: true }),
});

function cellAt({ arrivals, bias, tau_syn }: LoneCell, threshold: number) {
  const ordered = [...arrivals].sort(([a], [b]) => a - b);
  return sketch({
    duration: 24,
    channels: ordered.length,
    input: ordered.map(([time], k) => [time, k] as const),
    populations: [{ name: "cell", bias, tau_syn, threshold }],
    projections: [{ from: "input", to: "cell", weight: [ordered.map(([, weight]) => weight)] }],
  });
}

test("single precision says so where rounding decides about a spike", async () => {
  let differing = 0;
  let doubts = 0;
  let all = 0;
  const offsets = fc.double({ min: -8, max: 8, noNaN: true });
  const property = fc.asyncProperty(loneCells, offsets, async (cell, offset) => {
    const plain = await solveSketch(cellAt(cell, 1));
    const { closestGraze } = plain;
    fc.pre(closestGraze !== undefined && closestGraze.margin < 0.5);
    doubts += (await solveSketch(cellAt(cell, 1), "f32")).closestGraze!.isDoubtful ? 1 : 0;
    all++;
    const wasMissed = !plain.spikes.cell!.times.includes(closestGraze!.time);
    const touching = 1 + (wasMissed ? -1 : 1) * closestGraze!.margin + offset * 2 ** -24;
    const exact = await solveSketch(cellAt(cell, touching));
    const single = await solveSketch(cellAt(cell, touching), "f32");
    if (single.spikes.cell!.times.length === exact.spikes.cell!.times.length) return;
    differing++;
    expect(single.closestGraze!.isDoubtful).toBe(true);
  });
  await fc.assert(property, { seed: 3, numRuns: Number(process.env.GOLDSPIKE_RUNS ?? 200) });
  expect(differing).toBeGreaterThan(10);
  expect(doubts).toBeLessThan(all / 20);
}, 600_000);

test("a threshold moved by less than the margin keeps the spikes, by more it does not", async () => {
  const property = fc.asyncProperty(loneCells, async (cell) => {
    const timesAt = async (threshold: number) => {
      const { spikes, closestGraze } = await solveSketch(cellAt(cell, threshold));
      return { times: [...spikes.cell!.times], closestGraze };
    };
    const { times, closestGraze } = await timesAt(1);
    fc.pre(times.length < 2 && closestGraze !== undefined && closestGraze.margin < 0.9);
    // What comes after a spike depends on when it was.
    fc.pre(times.length === 0 || closestGraze!.time <= times[0]!);
    const { margin } = closestGraze!;
    for (const sign of [-1, 1])
      expect((await timesAt(1 + sign * margin * (1 - 1e-9))).times.length).toBe(times.length);
    const lowered = (await timesAt(1 - margin * (1 + 1e-9))).times;
    const raised = (await timesAt(1 + margin * (1 + 1e-9))).times;
    // Raised beyond a peak, the threshold may be reached later on.
    const last = (await timesAt(1 + margin * (1 - 1e-9))).times[0];
    const leaps = raised.length === 1 && last !== undefined && raised[0]! - last > 1e-3;
    expect(lowered.length !== times.length || raised.length !== times.length || leaps).toBe(true);
  });
  await fc.assert(property, { seed: 2, numRuns: Number(process.env.GOLDSPIKE_RUNS ?? 200) });
}, 600_000);

test("the closest graze and every slope of random networks are the oracle's", async () => {
  const drawn = problems({ kinds: ["none"] });
  const property = fc.asyncProperty(drawn, async (candidate) => {
    const ready = await prepare(candidate);
    fc.pre(ready !== undefined);
    const { problem, simulation } = ready;
    const oracle = consult(problem);
    expectSame(simulation.closestGraze, allGrazes(problem, oracle)[0]);
    for (const [name, slopes] of Object.entries(oracle.slopes))
      slopes.forEach((slope, k) => {
        expect(Math.abs(simulation.slopes[name]![k]! / slope - 1)).toBeLessThan(1e-11);
      });
  });
  await fc.assert(property, {
    seed: 1,
    numRuns: Number(process.env.GOLDSPIKE_RUNS ?? 100),
    maxSkipsPerRun: 10,
  });
}, 600_000);

test.each(certifiedCases)("the closest graze of $name is the oracle's", async ({ json }) => {
  const problem = caseFromJson(json);
  expectSame((await solveSketch(problem)).closestGraze, allGrazes(problem, consult(problem))[0]);
});
