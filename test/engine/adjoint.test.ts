/** Identities that the gradients of a trial must satisfy among themselves, whatever the network. */
import { describe, expect, test, vi } from "vitest";
import type { SpikeTimeMse } from "../../src/model/losses.ts";
import { tensorsOf } from "../support/networks/entries.ts";
import { expectNear } from "../support/networks/expectations.ts";
import { holds } from "../support/networks/property.ts";
import { atRest } from "../support/networks/transforms.ts";

/** For GOLDSPIKE_RUNS by hand. */
vi.setConfig({ testTimeout: 600_000 });

const total = (values: Iterable<number>): number => Array.from(values).reduce((sum, value) => sum + value, 0);
const dot = (x: ArrayLike<number>, y: ArrayLike<number>): number =>
  total(Array.from(x, (value, k) => value * y[k]!));
const largest = (terms: readonly number[]): number => Math.max(1e-3, ...terms.map(Math.abs));

/** A sum of terms as large as the largest of them may be 0 only up to rounding. */
function expectSum(terms: readonly number[], sum: number, tolerance = 1e-11): void {
  expect(Math.abs(total(terms) - sum)).toBeLessThanOrEqual(tolerance * largest([...terms, sum]));
}

/** Explicit ∂l/∂t of each spike of the loss's population, in order. */
function misses(
  loss: SpikeTimeMse,
  { times, neurons }: { times: Float64Array; neurons: Int32Array },
): number[] {
  const next = loss.targets.map(() => 0);
  return Array.from(times, (time, k) => time - loss.targets[neurons[k]!]![next[neurons[k]!]!++]!);
}

describe("spike_time_mse", () => {
  test("the gradient is linear in t − target: that of a mixture of targets is the mixture of gradients", async () => {
    await holds({ kinds: ["spike_time_mse"] }, async ({ problem, engine, pick }) => {
      const loss = problem.loss as SpikeTimeMse;
      /** Kept in order, as targets must be. */
      const move = (by: (j: number, k: number) => number): SpikeTimeMse => ({
        ...loss,
        targets: loss.targets.map((all, j) => all.map((time, k) => 9 * k + time + by(j, k))),
      });
      const share = (pick % 64) / 64;
      const other = (j: number, k: number) => ((5 * j + 3 * k) % 7) - 3;
      const solve = (given: SpikeTimeMse) => tensorsOf(problem, engine.solve(problem.input, given).gradients);
      const [one, two] = [solve(move(() => 0)), solve(move(other))];
      const mixed = solve(move((j, k) => share * other(j, k)));
      mixed.forEach(({ values }, n) => {
        const expected = values.map((_, k) => (1 - share) * one[n]!.values[k]! + share * two[n]!.values[k]!);
        const scale = largest([...one[n]!.values, ...two[n]!.values]);
        expectNear(values, expected, 1e-11, scale);
      });
    });
  });

  test("all input moved together moves every spike of a network at rest: Σ dL/d(input time) = Σ (t − target)", async () => {
    await holds({ kinds: ["spike_time_mse"], change: atRest }, async ({ problem, engine }) => {
      const { gradients, spikes } = engine.solve(problem.input, problem.loss);
      const loss = problem.loss as SpikeTimeMse;
      const explicit = misses(loss, spikes[loss.population]!);
      expectSum([...gradients.inputTimes, ...explicit.map((miss) => -miss)], 0);
    });
  });

  test("all times scaled together scale the spike times: Σ x dL/dx over times and delays = Σ t (t − target)", async () => {
    await holds({ kinds: ["spike_time_mse"] }, async ({ problem, engine }) => {
      const { gradients, spikes } = engine.solve(problem.input, problem.loss);
      const { populations, projections } = problem.network;
      const loss = problem.loss as SpikeTimeMse;
      const terms = [dot(problem.input.times, gradients.inputTimes)];
      populations.forEach(({ tauMem, tauSyn }, p) => {
        const { tauMem: byMem, tauSyn: bySyn } = gradients.populations[p]!;
        terms.push(dot(tauMem, byMem), dot(tauSyn, bySyn));
      });
      projections.forEach(({ delay }, p) => {
        const by = gradients.projections[p]!.delay;
        terms.push(typeof delay === "number" ? delay * total(by) : dot(delay, by));
      });
      const { times } = spikes[loss.population]!;
      expectSum(terms, dot(times, misses(loss, spikes[loss.population]!)));
    });
  });
});

test("V in another unit moves no spike: Σ x dL/dx over all that is in that unit = 0", async () => {
  await holds({ kinds: ["spike_time_mse", "first_spike"] }, async ({ problem, engine }) => {
    const { gradients } = engine.solve(problem.input, problem.loss);
    const terms = problem.network.projections.map(({ weight }, p) =>
      dot(weight, gradients.projections[p]!.weight),
    );
    problem.network.populations.forEach((population, p) => {
      const by = gradients.populations[p]!;
      for (const name of ["threshold", "reset", "bias", "v0", "i0"] as const)
        if (by[name]) terms.push(dot(population[name], by[name]));
    });
    expectSum(terms, 0);
  });
});

test("dL/dϑ = Σ (dL/dt)/V̇ over a neuron's spikes", async () => {
  await holds({}, async ({ problem, engine }) => {
    const { gradients, spikes, slopes } = engine.solve(problem.input, problem.loss);
    problem.network.populations.forEach(({ name, size, model }, p) => {
      if (model !== "lif") return;
      const expected = new Float64Array(size);
      spikes[name]!.neurons.forEach((j, k) => {
        expected[j]! += gradients.spikeTimes[name]![k]! / slopes[name]![k]!;
      });
      expectNear(gradients.populations[p]!.threshold!, expected, 1e-13);
    });
  });
});

test("an input spike's time and the delays of its synapses count alike, channel by channel", async () => {
  await holds({}, async ({ problem, engine }) => {
    const { gradients } = engine.solve(problem.input, problem.loss);
    const { inputChannels: channels, projections } = problem.network;
    for (let channel = 0; channel < channels; channel++) {
      const byTime = Array.from(gradients.inputTimes).filter((_, k) => problem.input.sources[k] === channel);
      const byDelay = projections.flatMap(({ from }, p) =>
        from === "input"
          ? [...gradients.projections[p]!.delay].filter((_, k) => k % channels === channel)
          : [],
      );
      expectSum([...byTime, ...byDelay.map((value) => -value)], 0, 1e-12);
    }
  });
});

test("a neuron that never spikes, and is not looked at, has no effect: exact zeros in all that concerns it", async () => {
  let silent = 0;
  await holds({ runs: 60 }, async ({ problem, engine }) => {
    const { gradients, spikes } = engine.solve(problem.input, problem.loss);
    const { populations, projections, inputChannels } = problem.network;
    const sizeOf = (name: string) => populations.find((p) => p.name === name)?.size ?? inputChannels;
    const isSilent = (name: string, j: number) =>
      spikes[name] !== undefined && !spikes[name].neurons.includes(j);
    // A loss may look at the voltage of a silent neuron; what the neuron sends is nothing even then.
    const seen = problem.loss.kind === "linear" ? (problem.loss.voltages ?? []) : [];
    const isIdle = (name: string, j: number) =>
      isSilent(name, j) && !seen.some(({ population, neuron }) => population === name && neuron === j);
    const found: number[] = [];
    populations.forEach(({ name, size }, p) => {
      for (let j = 0; j < size; j++)
        if (isIdle(name, j))
          found.push(...Object.values(gradients.populations[p]!).map((values: Float64Array) => values[j]!));
    });
    projections.forEach(({ from, to }, p) => {
      const pre = sizeOf(from);
      for (const values of Object.values(gradients.projections[p]!) as Float64Array[])
        values.forEach((value, synapse) => {
          if (isIdle(to, Math.floor(synapse / pre)) || isSilent(from, synapse % pre)) found.push(value);
        });
    });
    silent += found.length;
    expect(found.every((value) => value === 0)).toBe(true);
  });
  expect(silent).toBeGreaterThan(1000);
});
