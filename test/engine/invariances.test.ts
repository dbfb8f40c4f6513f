/** What must not change, or change in a known way, when a problem is put differently. */
import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import type { Case } from "../../src/model/case.ts";
import type { LossKind } from "../../src/model/losses.ts";
import type { Solution } from "../../src/model/solution.ts";
import { solveSketch as solve } from "../support/networks/build.ts";
import { tensorsOf } from "../support/networks/entries.ts";
import { expectNear, expectSpikes } from "../support/networks/expectations.ts";
import { holds } from "../support/networks/property.ts";
import {
  atRest,
  permuted,
  scaledTimes,
  scaledVoltages,
  shifted,
  times,
} from "../support/networks/transforms.ts";

/** For GOLDSPIKE_RUNS by hand. */
vi.setConfig({ testTimeout: 600_000 });

const voltageLosses: LossKind[] = ["integral_cross_entropy", "max_cross_entropy", "average_cross_entropy"];

const expectTensors = (
  problem: Case,
  actual: Solution,
  expected: Solution,
  tolerance: number,
  leaveOut = /^$/,
) => {
  const truths = tensorsOf(problem, expected.gradients);
  tensorsOf(problem, actual.gradients).forEach(({ name, values }, k) => {
    if (!leaveOut.test(name)) expectNear(values, truths[k]!.values, tolerance);
  });
};

describe("time", () => {
  test("input that comes later to a network at rest has the same effect later", async () => {
    const options = { kinds: ["spike_time_mse", "max_cross_entropy", "linear"] as const, change: atRest };
    await holds(options, async ({ problem, engine, pick }) => {
      const by = 1 + (pick % 1000) / 64;
      const expected = engine.solve(problem.input, problem.loss);
      const actual = await solve(shifted(problem, by));
      expectSpikes(actual.spikes, expected.spikes, 1e-14 * (problem.duration + by), (time) => time - by);
      // What the state at time 0 does, and the way to rest from it, depends on when time 0 is.
      expectTensors(problem, actual, expected, 1e-10, / (v0|i0|bias)$/);
    });
  });

  test("twice the time and all time constants: twice the spike times and the same loss, to the last bit", async () => {
    const kinds: LossKind[] = [...voltageLosses, "spike_time_mse", "linear"];
    await holds({ kinds }, async ({ problem, engine }) => {
      const expected = engine.solve(problem.input, problem.loss);
      const actual = await solve(scaledTimes(problem, 2));
      const squared = problem.loss.kind === "spike_time_mse" ? 4 : 1;
      expectSpikes(actual.spikes, expected.spikes, 0, (time) => time / 2);
      expect(actual.loss).toBe(squared * expected.loss);
      actual.gradients.projections.forEach(({ weight, delay }, p) => {
        expectNear(weight, times(expected.gradients.projections[p]!.weight, squared), 0);
        expectNear(delay, times(expected.gradients.projections[p]!.delay, squared / 2), 0);
      });
      expectNear(actual.gradients.inputTimes, times(expected.gradients.inputTimes, squared / 2), 0);
    });
  });

  test("what happens before a time does not depend on what comes after it", async () => {
    await holds({ kinds: ["none"] }, async ({ problem, engine, pick }) => {
      const duration = (problem.duration * (1 + (pick % 97))) / 98;
      const kept = problem.input.times.filter((time) => time < duration);
      const input = { times: kept, sources: problem.input.sources.slice(0, kept.length) };
      engine.evaluate(problem.input, problem.loss);
      const early = Object.entries(engine.simulation().spikes).map(([name, { times: all, neurons }]) => {
        const before = all.filter((time) => time < duration);
        return [name, { times: before, neurons: neurons.slice(0, before.length) }] as const;
      });
      const { spikes } = await solve({ ...problem, duration, input });
      expectSpikes(spikes, Object.fromEntries(early), 1e-14 * problem.duration);
    });
  });
});

test("V in another unit: the same spike times, to the last bit", async () => {
  for (const factor of [2, 1 / 8])
    await holds({ kinds: ["spike_time_mse", "first_spike", "linear"] }, async ({ problem, engine }) => {
      const expected = engine.solve(problem.input, problem.loss);
      const actual = await solve(scaledVoltages(problem, factor));
      expectSpikes(actual.spikes, expected.spikes, 0);
      expect(actual.loss).toBe(expected.loss);
      expectNear(actual.gradients.inputTimes, expected.gradients.inputTimes, 0);
      actual.gradients.projections.forEach(({ weight, delay }, p) => {
        expectNear(weight, times(expected.gradients.projections[p]!.weight, 1 / factor), 0);
        expectNear(delay, expected.gradients.projections[p]!.delay, 0);
      });
      actual.gradients.populations.forEach(({ tauMem, tauSyn, bias, v0 }, p) => {
        const truth = expected.gradients.populations[p]!;
        expectNear([...tauMem, ...tauSyn], [...truth.tauMem, ...truth.tauSyn], 0);
        expectNear([...bias, ...v0], times(Float64Array.of(...truth.bias, ...truth.v0), 1 / factor), 0);
      });
    });
});

test("neurons in another order: the same spikes to the last bit, and the same gradients", async () => {
  await holds({}, async ({ problem, engine, pick }) => {
    const orders = new Map(
      problem.network.populations.map(({ name, size }) => [
        name,
        fc.sample(
          fc.shuffledSubarray(
            Array.from({ length: size }, (_, k) => k),
            { minLength: size },
          ),
          {
            seed: pick,
            numRuns: 1,
          },
        )[0]!,
      ]),
    );
    const order = (name: string) => orders.get(name)!;
    // The readouts' label must be theirs by name for the permutation to follow it.
    const { loss } = problem;
    const named =
      "weighting" in loss || /^(max|average)/.test(loss.kind) ? { ...loss, population: "output" } : loss;
    const expected = engine.solve(problem.input, named as typeof loss);
    const actual = await solve(permuted({ ...problem, loss: named as typeof loss }, order));
    for (const [name, { times: all, neurons }] of Object.entries(actual.spikes)) {
      expect(Array.from(all)).toEqual(Array.from(expected.spikes[name]!.times));
      // Spikes of one instant are ordered by index.
      const before = Array.from(neurons, (neuron, k) => `${all[k]} ${order(name)[neuron]}`);
      const truth = Array.from(expected.spikes[name]!.neurons, (neuron, k) => `${all[k]} ${neuron}`);
      expect(before.sort()).toEqual(truth.sort());
    }
    problem.network.populations.forEach(({ name }, p) => {
      for (const [key, values] of Object.entries(actual.gradients.populations[p]!)) {
        const truth = expected.gradients.populations[p]![key as "bias"];
        expectNear(
          values,
          order(name).map((k) => truth[k]!),
          1e-11,
        );
      }
    });
    expectNear(actual.gradients.inputTimes, expected.gradients.inputTimes, 1e-11);
    expect(Math.abs(actual.loss - expected.loss)).toBeLessThanOrEqual(
      1e-14 * Math.max(1, Math.abs(expected.loss)),
    );
  });
});
