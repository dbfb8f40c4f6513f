/** A loss of a program's own has the gradients of the engine's own loss of the same formula, and errors that name the entry. */
import { describe, expect, test } from "vitest";
import { ConfigError } from "../../src/base/errors.ts";
import { Engine } from "../../src/engine/engine.ts";
import type { OwnDerivatives, OwnLoss, SeenTrial } from "../../src/engine/ownLoss.ts";
import { gradient } from "../../src/engine/solve.ts";
import type { Case } from "../../src/model/case.ts";
import type { Linear, SpikeTimeMse, VoltageTerm } from "../../src/model/losses.ts";
import type { Precision, Solution } from "../../src/model/solution.ts";
import { consult } from "../oracle/consult.ts";
import { sketch, solveSketch } from "../support/networks/build.ts";
import { engineFor } from "../support/networks/conditioning.ts";
import { sampledErrors, tensorsOf } from "../support/networks/entries.ts";
import { expectNear, expectSpikes } from "../support/networks/expectations.ts";
import { holds } from "../support/networks/property.ts";

const own = (evaluate: OwnLoss["evaluate"], voltages?: OwnLoss["voltages"]): OwnLoss => ({
  kind: "own",
  ...(voltages && { voltages }),
  evaluate,
});

function expectGradients(problem: Case, actual: Solution, expected: Solution, bar: number): void {
  const truths = tensorsOf(problem, expected.gradients);
  for (const [k, { values }] of tensorsOf(problem, actual.gradients).entries())
    expectNear(values, truths[k]!.values, bar);
}

/** The engine's spike_time_mse, by hand. */
function spikeTimeMse({ population, targets }: SpikeTimeMse): OwnLoss {
  return own(({ spikes }) => {
    const { times, neurons } = spikes[population]!;
    const next = targets.map(() => 0);
    const misses = times.map((time, k) => time - targets[neurons[k]!]![next[neurons[k]!]!++]!);
    const loss = misses.reduce((sum, miss) => sum + 0.5 * miss * miss, 0);
    return { loss, spikeTimes: { [population]: misses } };
  });
}

/** ½ Σ (V − 0.3)² over the places. */
const squared = (places: readonly VoltageTerm[]): OwnLoss =>
  own(
    ({ voltages }) => {
      const misses = voltages.map((v) => v - 0.3);
      return { loss: misses.reduce((sum, miss) => sum + 0.5 * miss * miss, 0), voltages: misses };
    },
    places.map(({ population, neuron, time }) => ({ population, neuron, time })),
  );

describe.each([
  ["f64", 1e-11],
  ["f32", 1e-3],
] as const)("%s", (precision: Precision, bar) => {
  test("½ Σ (t − target)² has value and gradients of spike_time_mse", async () => {
    await holds({ kinds: ["spike_time_mse"] }, async ({ problem }) => {
      const engine = await engineFor(problem, precision);
      const expected = engine.solve(problem.input, problem.loss);
      const actual = engine.solve(problem.input, spikeTimeMse(problem.loss as SpikeTimeMse));
      expect(actual.readout.length).toBe(0);
      expectNear([actual.loss], [expected.loss], 1e-12, 1);
      expectGradients(problem, actual, expected, precision === "f64" ? 1e-12 : bar);
    });
  });

  test("½ Σ (V − 0.3)² has the oracle's gradients, by the linear loss that it is there", async () => {
    await holds({ kinds: ["linear"], runs: 20 }, async ({ problem, pick }) => {
      const places = (problem.loss as Linear).voltages ?? [];
      const engine = await engineFor(problem, precision);
      let seen = new Float64Array();
      const looking = squared(places);
      const actual = engine.solve(problem.input, {
        ...looking,
        evaluate: (trial) => {
          seen = trial.voltages.slice();
          return looking.evaluate(trial);
        },
      });
      const voltages = places.map((place, k) => ({ ...place, factor: seen[k]! - 0.3 }));
      const oracle = consult({ ...problem, loss: { kind: "linear", voltages } });
      const value = voltages.reduce((sum, { factor }, k) => sum + factor * seen[k]!, 0);
      expectNear([oracle.loss], [value], precision === "f64" ? 1e-13 : bar, 1);
      for (const { error, detail } of sampledErrors(tensorsOf(problem, actual.gradients), oracle, pick, 6))
        expect([detail, error <= bar]).toEqual([detail, true]);
    });
  });
});

const problem = sketch({
  duration: 40,
  input: [1, 3.5, 21].map((time) => [time, 0] as const),
  populations: [
    { name: "cells", size: 2 },
    { name: "out", model: "li" },
  ],
  projections: [
    { from: "input", to: "cells", weight: [[7], [9]] },
    { from: "cells", to: "out", weight: [[1, -0.5]] },
  ],
});
const { network, input, duration } = problem;
const solve = (loss: OwnLoss) => gradient(network, input, duration, loss);

describe("an engine with a loss of one's own", () => {
  test("shows it every spike, and V where it looks, in its own order", async () => {
    let seen: SeenTrial | undefined;
    const voltages = [
      { population: "out", neuron: 0, time: 30 },
      { population: "cells", neuron: 1, time: 2 },
      { population: "out", neuron: 0, time: 40 },
    ];
    await solve(
      own((trial) => {
        seen = { spikes: trial.spikes, voltages: trial.voltages.slice() };
        return { loss: 0 };
      }, voltages),
    );
    const expected = await solveSketch(problem);
    expectSpikes(seen!.spikes, expected.spikes, 1e-13);
    for (const [k, place] of voltages.entries()) {
      const { loss } = consult({
        ...problem,
        loss: { kind: "linear", voltages: [{ ...place, factor: 1 }] },
      });
      expect(seen!.voltages[k]).toBeCloseTo(loss, 14);
    }
  });

  test("adds up and evaluates as with any other loss", async () => {
    const places = [
      { population: "out", neuron: 0, time: 30, factor: 0 },
      { population: "cells", neuron: 0, time: 12.5, factor: 0 },
    ];
    const loss = squared(places);
    const engine = await engineFor(problem);
    const once = engine.solve(input, loss);
    expect(engine.evaluate(input, loss).loss).toBe(once.loss);
    engine.clearGradients();
    for (let n = 0; n < 2; n++) expect(engine.accumulate(input, loss, "all").loss).toBe(once.loss);
    expectNear(
      engine.gradient("projections[0].weight"),
      once.gradients.projections[0]!.weight.map((w) => 2 * w),
      1e-14,
    );
  });

  test("sees in a trace what it sees elsewhere, and has the adjoints of the linear loss that it is there", async () => {
    const places = [
      { population: "out", neuron: 0, time: 30, factor: 0 },
      { population: "cells", neuron: 0, time: 12.5, factor: 0 },
    ];
    const looking = squared(places);
    let seen = new Float64Array();
    const loss: OwnLoss = {
      ...looking,
      evaluate: (trial) => {
        seen = trial.voltages.slice();
        return looking.evaluate(trial);
      },
    };
    const [times, neurons] = [Float64Array.of(5, 12.25, 33), { cells: "all", out: "all" } as const];
    const sizes = { duration, maxInputSpikes: input.times.length, maxReadings: 20 };
    const engine = await Engine.create(network, sizes);
    const actual = engine.trace(input, loss, times, neurons);
    expect(seen).toHaveLength(2);
    const voltages = places.map((place, k) => ({ ...place, factor: seen[k]! - 0.3 }));
    expect(actual).toEqual(engine.trace(input, { kind: "linear", voltages }, times, neurons));
  });

  test("passes on what the loss throws", async () => {
    const failing = own(() => {
      throw new RangeError("mine");
    });
    await expect(solve(failing)).rejects.toThrow(new RangeError("mine"));
  });
});

describe("one line that names the entry", () => {
  const at = (time: number, population = "out", neuron = 0) => ({ population, neuron, time });
  const returning = (found: unknown, places: OwnLoss["voltages"] = []) =>
    own(() => found as OwnDerivatives, places);
  test.each<[string, RegExp, OwnLoss]>([
    ["a place that is null", /^loss: voltages\[0\]: expected {pop/, returning({ loss: 1 }, [null as never])],
    ["places that are no list", /^loss: voltages: expected a list/, returning({ loss: 1 }, 5 as never)],
    ["no function", /^loss: evaluate: expected a function, got 5/, { kind: "own", evaluate: 5 as never }],
    [
      "a key of another loss",
      /^loss: target: unknown key .*, got 1/,
      { ...returning({ loss: 1 }), target: 1 } as never,
    ],
    ["nothing returned", /^loss: evaluate: expected it to return/, returning(undefined)],
    ["null returned", /^loss: evaluate: expected it to return/, returning(null)],
    ["a number returned", /^loss: evaluate: expected it to return/, returning(3)],
    ["an unknown key", /^loss: gradient: unknown key/, returning({ loss: 1, gradient: [] })],
    ["no loss", /^loss: loss: expected a finite number/, returning({})],
    ["a loss of NaN", /^loss: loss: expected a finite number, got NaN/, returning({ loss: Number.NaN })],
    ["a loss of 1n", /^loss: loss: expected a finite number/, returning({ loss: 1n })],
    ["spikeTimes null", /^loss: spikeTimes: expected an object/, returning({ loss: 1, spikeTimes: null })],
    [
      "an unknown population",
      /^loss: spikeTimes\.nobody: expected/,
      returning({ loss: 1, spikeTimes: { nobody: [] } }),
    ],
    [
      "a population that never spikes",
      /^loss: spikeTimes\.out: expected/,
      returning({ loss: 1, spikeTimes: { out: [] } }),
    ],
    [
      "too few of a population",
      /^loss: spikeTimes\.cells: expected \d+ numbers/,
      returning({ loss: 1, spikeTimes: { cells: [1] } }),
    ],
    [
      "too many of a population",
      /^loss: spikeTimes\.cells: expected \d+ numbers/,
      returning({ loss: 1, spikeTimes: { cells: new Float64Array(99) } }),
    ],
    [
      "null of a population",
      /^loss: spikeTimes\.cells: expected \d+ numbers/,
      returning({ loss: 1, spikeTimes: { cells: null } }),
    ],
    [
      "voltages missing",
      /^loss: voltages: expected 1 numbers/,
      returning({ loss: 1, voltages: [] }, [at(3)]),
    ],
    ["voltages too many", /^loss: voltages: expected 0 numbers/, returning({ loss: 1, voltages: [1] })],
    [
      "voltages of NaN",
      /^loss: voltages\[1\]: expected a finite number, got NaN/,
      returning({ loss: 1, voltages: [0, Number.NaN] }, [at(3), at(4)]),
    ],
    [
      "voltages of BigInt",
      /^loss: voltages\[0\]: expected a finite number/,
      returning({ loss: 1, voltages: [1n] }, [at(3)]),
    ],
    [
      "voltages of text",
      /^loss: voltages: expected 1 numbers/,
      returning({ loss: 1, voltages: "1" }, [at(3)]),
    ],
    [
      "a place at 0",
      /^loss.voltages: \[1\]\.time: expected a time in \(0, 40\], got 0/,
      returning({ loss: 1 }, [at(3), at(0)]),
    ],
    [
      "a place beyond T",
      /^loss.voltages: \[0\]\.time: expected a time in \(0, 40\], got 41/,
      returning({ loss: 1 }, [at(41)]),
    ],
    [
      "a place at NaN",
      /^loss.voltages: \[0\]\.time: expected a time/,
      returning({ loss: 1 }, [at(Number.NaN)]),
    ],
    [
      "a place in nobody",
      /^loss.voltages: \[0\]\.population: expected/,
      returning({ loss: 1 }, [at(3, "nobody")]),
    ],
    [
      "a place in the input",
      /^loss.voltages: \[0\]\.population: expected/,
      returning({ loss: 1 }, [at(3, "input")]),
    ],
    [
      "a place of neuron 7",
      /^loss.voltages: \[0\]\.neuron: expected an integer/,
      returning({ loss: 1 }, [at(3, "out", 7)]),
    ],
  ])("%s", async (_, message, loss) => {
    const error = await solve(loss).then(
      () => new Error("no error"),
      (thrown: Error) => thrown,
    );
    expect(error.message).toMatch(message);
    expect(error).toBeInstanceOf(ConfigError);
    expect(error.message).not.toContain("\n");
  });
});
