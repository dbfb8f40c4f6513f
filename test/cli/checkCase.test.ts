/** `check` on certified cases: tensors by the names of result files, and losses whose terms are fixed to spikes. */
import { describe, expect, test } from "vitest";
import { centralDifferences } from "../../src/check/centralDifferences.ts";
import { bundledSuite } from "../../src/conformance/suite/suite.ts";
import { loadCase } from "../../src/format/loadCase.ts";
import { tensorNames } from "../../src/model/tensors.ts";
import { type Sketch, sketch, solveSketch } from "../support/networks/build.ts";

test.each(["core/recurrent-linear", "adversarial/thresholds-per-neuron", "adversarial/linear-shared-times"])(
  "%s: every tensor of a result but the spike times, by its name, and each passes",
  async (name) => {
    const problem = await loadCase(`${bundledSuite}/${name}`);
    const checks = await centralDifferences(problem, { maxEntries: 4 });
    const names = tensorNames(problem.network).filter((tensor) => !tensor.startsWith("spike_times."));
    expect(checks.map((check) => check.name)).toEqual(names);
    for (const { passes, worst, name: tensor } of checks)
      expect([tensor, worst, passes]).toEqual([tensor, worst, true]);
  },
);

test("a perturbation that makes spikes with factors of their own change places has no difference", async () => {
  // Two cells with spikes 1e−9 ms apart: the smallest step of a weight is 1e−7 of it.
  const problem = sketch({
    duration: 20,
    input: [[1, 0]],
    populations: [{ name: "cells", size: 2 }],
    projections: [{ from: "input", to: "cells", weight: [[9], [9 * (1 - 1e-9)]] }],
    loss: { kind: "linear", spikeTimes: { cells: [1, -2] } },
  });
  const { neurons, times } = (await solveSketch(problem)).spikes.cells!;
  expect(Array.from(neurons)).toEqual([0, 1]);
  expect(times[1]! - times[0]!).toBeLessThan(1e-7);
  const [weight, , , , threshold] = await centralDifferences(problem);
  expect(weight!.spikeSetChanges).toEqual(["[0][0]", "[1][0]"]);
  expect(threshold!.name).toBe("populations.cells.threshold");
  expect(threshold!.spikeSetChanges.length).toBe(2);
  const both = { ...problem, loss: { kind: "linear", spikeTimes: { cells: [1, 1] } } as const };
  // Then too: which spike a factor belongs to is not asked.
  expect((await centralDifferences(both))[0]!.compared).toBe(0);
});

test("delays that a step does not change, as they are so long, have the difference 0", async () => {
  const problem = sketch({
    input: [
      [1, 0],
      [3, 0],
    ],
    populations: [
      { name: "cell", size: 2 },
      { name: "output", size: 2, model: "li" },
    ],
    projections: [
      { from: "input", to: "cell", weight: [[9], [7]], delay: [[1e15], [2]] },
      {
        from: "cell",
        to: "output",
        weight: [
          [1, 2],
          [3, -1],
        ],
        delay: [
          [1e300, 1],
          [0.5, 1e12],
        ],
      },
    ],
    loss: { kind: "integral_cross_entropy", weighting: "uniform", target: 0 },
  });
  for (const check of await centralDifferences(problem))
    expect([check.name, check.passes]).toEqual([check.name, true]);
});

test("steps become as short as a drive barely above the threshold needs", async () => {
  const problem = sketch({
    duration: 300,
    populations: [
      { name: "cell", size: 2, bias: [1.0001, 1.000001] },
      { name: "output", size: 2, model: "li" },
    ],
    projections: [
      {
        from: "cell",
        to: "output",
        weight: [
          [0.4, -0.3],
          [-0.2, 0.5],
        ],
        delay: 1.5,
      },
    ],
    loss: { kind: "integral_cross_entropy", weighting: "uniform", target: 0 },
  });
  const checks = await centralDifferences(problem);
  for (const { name, worst, passes } of checks) expect([name, worst, passes]).toEqual([name, worst, true]);
});

describe("where several arrivals turn a readout's highest voltage at one instant", () => {
  const turned = (delay: number): Sketch => ({
    duration: 30,
    channels: 3,
    input: [
      [2, 0],
      [2, 2],
      [5.5, 0],
      [5.5, 1],
      [5.5, 2],
    ],
    populations: [{ name: "output", size: 2, model: "li" }],
    projections: [
      {
        from: "input",
        to: "output",
        weight: [
          [4, -3.5, -2.5],
          [2, -0.5, 1],
        ],
        delay,
      },
    ],
    loss: { kind: "max_cross_entropy", target: 0 },
  });

  test.each([0, 1.25])(
    "there is no derivative by their times and delays of %d ms, and check says so",
    async (delay) => {
      const checks = await centralDifferences(sketch(turned(delay)));
      for (const { name, worst, passes } of checks)
        expect([name, worst, passes]).toEqual([name, worst, true]);
      const kinks = Object.fromEntries(
        checks.map((check) => [check.name, check.kinks.map(({ place }) => place)]),
      );
      expect(kinks.input_times).toEqual(["[2]", "[3]", "[4]"]);
      // At its boundary a delay is first compared with the slope above, which is what the last one has.
      const places = delay === 0 ? ["[0][0]", "[0][1]"] : ["[0][0]", "[0][1]", "[0][2]"];
      expect(kinks["projections[0].delay"]).toEqual(places);
      expect(kinks["projections[0].weight"]).toEqual([]);
      const times = checks.find(({ name }) => name === "input_times")!;
      for (const { below, above } of times.kinks) expect(Math.abs(below - above)).toBeGreaterThan(1e-3);
    },
  );

  test("one that turns it alone has a derivative", async () => {
    const alone = {
      ...turned(0),
      input: turned(0).input!.filter(([time, channel]) => time === 2 || channel === 1),
    };
    const checks = await centralDifferences(sketch(alone));
    for (const { name, kinks, passes } of checks) expect([name, kinks, passes]).toEqual([name, [], true]);
  });
});
