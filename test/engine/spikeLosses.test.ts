/** Every loss of spike times is the oracle's, in value, readout and gradient, also where it is extreme. */
import { describe, expect, test } from "vitest";
import { KernelError } from "../../src/base/errors.ts";
import type { Case } from "../../src/model/case.ts";
import type { Penalty } from "../../src/model/losses.ts";
import { sketch, solveSketch } from "../support/networks/build.ts";
import { tensorsOf } from "../support/networks/entries.ts";
import { expectOracle } from "../support/networks/expectOracle.ts";

describe("first_spike", () => {
  const firing = (penalty: Penalty, weights: number[], duration = 40, target = 0): Case =>
    sketch({
      duration,
      input: [
        [1, 0],
        [3.5, 0],
        [21, 0],
      ],
      populations: [{ name: "out", size: weights.length, tau_syn: 4 }],
      projections: [{ from: "input", to: "out", weight: weights.map((weight) => [weight]) }],
      loss: { kind: "first_spike", population: "out", tau0: 2, tau1: 15, alpha: 0.05, penalty, target },
    });

  test.each(["exponential", "hyperbolic"] as const)(
    "%s: outputs that fire, several times even",
    async (penalty) => {
      await expectOracle(firing(penalty, [9, 8, 6]));
      await expectOracle(firing(penalty, [6, 14, 9]));
    },
  );

  test.each(["exponential", "hyperbolic"] as const)(
    "%s: a silent output counts as spiking at T + 1",
    async (penalty) => {
      const others = firing(penalty, [9, 1, 7]);
      expect((await solveSketch(others)).readout[1]).toBe(41);
      await expectOracle(others);
      await expectOracle(firing(penalty, [9, 1, 7], 40, 1));
    },
  );

  test("all outputs silent: the loss is that of equal times, and nothing has a gradient", async () => {
    const silent = firing("exponential", [1, 0.5]);
    const { loss, gradients } = await solveSketch(silent);
    expect(loss).toBeCloseTo(Math.LN2 + 0.05 * Math.expm1(41 / 15), 14);
    expect(tensorsOf(silent, gradients).every(({ values }) => values.every((value) => value === 0))).toBe(
      true,
    );
  });

  test("a hyperbolic penalty that divides by zero, T = 100 and a silent target, is an error", async () => {
    const attempt = solveSketch(firing("hyperbolic", [1, 9], 100));
    await expect(attempt).rejects.toThrow(KernelError);
    await expect(attempt).rejects.toThrow(/not finite/);
    await expectOracle(firing("hyperbolic", [9, 1], 100));
  });
});

describe("spike_time_mse", () => {
  const aimed = (targets: number[][], costs: { extraCost?: number; missingCost?: number } = {}): Case =>
    sketch({
      input: [
        [1, 0],
        [3.5, 0],
        [21, 0],
      ],
      populations: [{ name: "cells", size: 2 }],
      projections: [{ from: "input", to: "cells", weight: [[7], [1]] }],
      loss: { kind: "spike_time_mse", population: "cells", targets, ...costs },
    });

  test("spikes and targets are paired in order", async () => {
    await expectOracle(aimed([[4, 24, 30], []]));
  });

  test.each([[[[4], []]], [[[4, 24, 30, 31], []]], [[[4, 24, 30], [7]]], [[[], []]]])(
    "targets %j of neurons that spike three times and never are an error",
    async (targets) => {
      await expect(solveSketch(aimed(targets))).rejects.toThrow(KernelError);
    },
  );

  test("the error names the neuron, both counts, and the option that would do", async () => {
    await expect(solveSketch(aimed([[4, 24, 30], [7]]))).rejects.toThrow(
      "loss.targets[1]: expected one time a spike of cells neuron 1, got 1 times for 0 spikes; " +
        "say with missingCost (--missing-cost) what each of the 1 costs",
    );
    await expect(solveSketch(aimed([[4], []]))).rejects.toThrow(
      "loss.targets[0]: expected one time a spike of cells neuron 0, got 1 times for 3 spikes; " +
        "say with extraCost (--extra-cost) what each of the 2 costs",
    );
  });

  test("spikes too many and too few cost what is said, and have no gradient", async () => {
    const paired = await solveSketch(aimed([[4, 24, 30], []]));
    const first = await solveSketch(aimed([[4], []], { extraCost: 0 }));
    const costs = { extraCost: 3, missingCost: 0.25 };
    const missing = await solveSketch(aimed([[4, 24, 30, 31, 32], [7]], costs));
    expect(missing.loss).toBe(paired.loss + 3 * 0.25);
    expect(missing.gradients).toEqual(paired.gradients);
    const both = await solveSketch(aimed([[4], [7]], costs));
    expect(both.loss).toBe(first.loss + 2 * 3 + 0.25);
    expect(both.gradients).toEqual(first.gradients);
    expect(first.loss).toBeCloseTo(0.5 * (first.spikes.cells!.times[0]! - 4) ** 2, 15);
  });

  test("a cost for one of the two leaves the other an error", async () => {
    await expect(solveSketch(aimed([[4], []], { missingCost: 1 }))).rejects.toThrow("extraCost");
    await expect(solveSketch(aimed([[4, 24, 30], [7]], { extraCost: 1 }))).rejects.toThrow("missingCost");
  });

  test.each([{ extraCost: -1 }, { missingCost: Number.NaN }, { extraCost: Number.POSITIVE_INFINITY }])(
    "%j is refused",
    async (costs) => {
      await expect(solveSketch(aimed([[4, 24, 30], []], costs))).rejects.toThrow(
        /loss: (extra|missing)_cost: expected a/,
      );
    },
  );

  test("no targets for no spikes is no loss", async () => {
    const silent = sketch({
      populations: [{ name: "cells" }],
      loss: { kind: "spike_time_mse", population: "cells", targets: [[]] },
    });
    expect((await solveSketch(silent)).loss).toBe(0);
  });
});
