/** `check` on certified cases: tensors by the names of result files, and losses whose terms are fixed to spikes. */
import { expect, test } from "vitest";
import { centralDifferences } from "../../src/check/centralDifferences.ts";
import { bundledSuite } from "../../src/conformance/suite/suite.ts";
import { loadCase } from "../../src/format/loadCase.ts";
import { tensorNames } from "../../src/model/tensors.ts";
import { sketch, solveSketch } from "../support/networks/build.ts";

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
