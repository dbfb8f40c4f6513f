/** Silenced neurons are as good as absent while they are silenced, and dropout draws them as it should. */
import { describe, expect, test, vi } from "vitest";
import { Batch } from "../../src/engine/batch/batch.ts";
import type { Case } from "../../src/model/case.ts";
import { Dropout } from "../../src/training/epoch.ts";
import {
  type BatchTrial,
  batchEngineFor,
  differentiate,
  gradientsOf,
  namedGradients,
} from "../support/networks/batches.ts";
import { sketch } from "../support/networks/build.ts";
import { prepare } from "../support/networks/conditioning.ts";
import { expectNear } from "../support/networks/expectations.ts";
import { holds } from "../support/networks/property.ts";
import { withNetwork } from "../support/networks/transforms.ts";
import { smallConfig, trainerFor } from "../support/training/trainers.ts";

/** For GOLDSPIKE_RUNS by hand. */
vi.setConfig({ testTimeout: 600_000 });

const everything = { neuronGradients: true, delayGradients: true, silencing: true };
const kinds = ["integral_cross_entropy", "max_cross_entropy", "average_cross_entropy"] as const;

const trialOf = ({ input, loss }: Case): BatchTrial => ({
  input,
  target: "target" in loss ? loss.target : 0,
});

/** By name: the neurons that stay. At least one of every population, all of those that do not spike. */
type Kept = ReadonlyMap<string, readonly number[]>;

function keptOf({ network }: Case, pick: number): Kept {
  let bits = pick;
  return new Map(
    network.populations.map(({ name, size, model }) => {
      const all = Array.from({ length: size }, (_, j) => j);
      const kept = all.filter((j) => {
        bits = (bits * 1103515245 + 12345) % 2 ** 31;
        return model === "li" || j === pick % size || bits < 2 ** 30;
      });
      return [name, kept];
    }),
  );
}

/** Every index of `from` × `to` whose ends stay, [post][pre]. */
function keptSynapses(network: Case["network"], kept: Kept, from: string, to: string): number[] {
  const pre = network.populations.find(({ name }) => name === from)?.size ?? network.inputChannels;
  const sources = kept.get(from) ?? Array.from({ length: pre }, (_, i) => i);
  return kept.get(to)!.flatMap((j) => sources.map((i) => j * pre + i));
}

const pick = (values: Float64Array, indices: readonly number[]) =>
  Float64Array.from(indices, (k) => values[k]!);

function withoutOthers(problem: Case, kept: Kept): Case {
  return withNetwork(problem, (network) => ({
    populations: network.populations.map((population) => {
      const own = kept.get(population.name)!;
      const entries = Object.entries(population).map(([key, value]) => [
        key,
        value instanceof Float64Array ? pick(value, own) : value,
      ]);
      return { ...Object.fromEntries(entries), size: own.length } as typeof population;
    }),
    projections: network.projections.map(({ from, to, weight, delay }) => {
      const synapses = keptSynapses(network, kept, from, to);
      const delays = typeof delay === "number" ? delay : pick(delay, synapses);
      return { from, to, weight: pick(weight, synapses), delay: delays };
    }),
  }));
}

function silence(engine: Batch, slot: number, kept: Kept): void {
  engine.shape.populations
    .slice(0, engine.shape.spikingCount)
    .forEach(({ population: { name, size } }, p) => {
      const silenced = Uint8Array.from({ length: size }, (_, j) => (kept.get(name)!.includes(j) ? 0 : 1));
      engine.silence(slot, p, silenced);
    });
}

describe("silenced neurons", () => {
  test("never spike; all else is as in a network without them", async () => {
    let [silenced, compared] = [0, 0];
    await holds({ kinds, runs: 60 }, async ({ problem, pick: number }) => {
      const kept = keptOf(problem, number);
      const engine = await batchEngineFor(problem, everything);
      silence(engine, 0, kept);
      differentiate(engine, [trialOf(problem)]);
      // What is left may be ill-conditioned, or run away for want of inhibition.
      const reduced = await prepare(withoutOthers(problem, kept));
      if (!reduced) return;
      compared++;
      const solution = reduced.engine.solve(problem.input, problem.loss);
      expect(engine.failure(0)).toBeUndefined();
      expectNear([engine.outcome(0).loss], [solution.loss], 1e-12);
      expectNear(engine.outcome(0).readout, solution.readout, 1e-12);
      const { populations, projections } = problem.network;
      populations.forEach(({ name, size, model }, p) => {
        if (model === "li") return;
        const expected = new Uint32Array(size);
        for (const j of solution.spikes[name]!.neurons) expected[kept.get(name)![j]!]!++;
        silenced += size - kept.get(name)!.length;
        expect(engine.counts(0, p)).toEqual(expected);
      });
      const found = gradientsOf(engine);
      const truths = namedGradients(solution.gradients, Object.keys(found));
      for (const [name, values] of Object.entries(found)) {
        const [what, index] = name.split(" ") as [string, string];
        const { from, to } = projections[Number(index)] ?? {};
        const indices =
          what === "weight" || what === "delay"
            ? keptSynapses(problem.network, kept, from!, to!)
            : kept.get(populations[Number(index)]!.name)!;
        expectNear(pick(values, indices), truths[name]!, 1e-10);
        // Of the silenced ones and of their synapses, in and out.
        const rest = values.filter((_, k) => !indices.includes(k));
        expect([name, rest.every((value) => value === 0)]).toEqual([name, true]);
      }
    });
    expect(compared).toBeGreaterThan(30);
    expect(silenced).toBeGreaterThan(50);
  });

  test("are silenced in their slot alone, and spike again when that is lifted, to the bit", async () => {
    await holds({ kinds, runs: 15 }, async ({ problem, pick: number }) => {
      const create = () => batchEngineFor(problem, { ...everything, batchSize: 2, lanes: 2 });
      const [engine, plain] = [await create(), await create()];
      const trials = [trialOf(problem), trialOf(problem)];
      const outcome = (of: Batch, slot: number) => ({
        ...of.outcome(slot),
        counts: [...of.counts(slot, 0)],
      });
      differentiate(plain, trials);
      silence(engine, 0, keptOf(problem, number));
      differentiate(engine, trials);
      expect(outcome(engine, 1)).toEqual(outcome(plain, 1));
      silence(
        engine,
        0,
        new Map(problem.network.populations.map(({ name, size }) => [name, Array.from(Array(size).keys())])),
      );
      differentiate(engine, trials);
      expect(outcome(engine, 0)).toEqual(outcome(plain, 0));
      expect(gradientsOf(engine)).toEqual(gradientsOf(plain));
    });
  });

  test.each(["f64", "f32"] as const)(
    "%s: a bias far above the threshold does not make them spike",
    async (precision) => {
      const driven = sketch({
        duration: 200,
        populations: [{ name: "cells", size: 2, bias: [40, 3], v0: [0.5, 0] }],
      });
      const engine = await batchEngineFor(driven, { precision, silencing: true });
      engine.silence(0, 0, Uint8Array.of(1, 0));
      engine.evaluate(1, false);
      expect(engine.failure(0)).toBeUndefined();
      expect(engine.counts(0, 0)[0]).toBe(0);
      // −200/(20 ln(1 − 1/3)) spikes.
      expect(engine.counts(0, 0)[1]).toBe(24);
    },
  );
});

describe("dropout", () => {
  const config = (dropout: number, seed = 1) => smallConfig({ regularization: { dropout }, seed });
  const layers = sketch({
    populations: [
      { name: "first", size: 30 },
      { name: "out", model: "li", size: 2 },
      { name: "second", size: 20 },
    ],
  });

  /**
   * What is drawn for the trials of an epoch in batches of some size: a byte a hidden neuron, trial by trial. `firsts`
   * are the batches' first trials, by default all of them in their order.
   */
  async function masks(
    dropout: number,
    epoch: number,
    total: number,
    batch: number,
    { seed = 1, firsts = Array.from({ length: Math.ceil(total / batch) }, (_, k) => k * batch) } = {},
  ): Promise<number[][]> {
    const engine = await batchEngineFor(layers, { batchSize: batch, silencing: true });
    const drawn: number[][] = [];
    const spy = vi.spyOn(engine, "silence").mockImplementation((slot, population, silenced) => {
      if (population === 0) drawn.push([]);
      expect(slot).toBe((drawn.length - 1) % batch);
      drawn.at(-1)!.push(...silenced);
      // An epoch of a large data set has no room.
      expect(silenced.buffer.byteLength).toBeLessThanOrEqual(batch * 50);
    });
    const given = new Dropout(engine, [0, 1], config(dropout, seed));
    for (const first of firsts) given.apply(epoch, first, Math.min(batch, total - first));
    spy.mockRestore();
    return drawn;
  }

  test("silences as many as its probability says, each trial, neuron and layer by its own", async () => {
    for (const probability of [0.1, 0.5, 0.9]) {
      const drawn = await masks(probability, 1, 200, 40);
      expect(drawn.map(({ length }) => length)).toEqual(Array(200).fill(50));
      const spread = (n: number) => 5 * Math.sqrt((probability * (1 - probability)) / n);
      const share = (values: readonly number[]) => values.reduce((sum, x) => sum + x, 0) / values.length;
      const all = drawn.flat();
      expect(Math.abs(share(all) - probability)).toBeLessThan(spread(all.length));
      for (let j = 0; j < 50; j++)
        expect(Math.abs(share(drawn.map((trial) => trial[j]!)) - probability)).toBeLessThan(spread(200));
      for (const step of [1, 50]) {
        const both = all.filter((_, k) => k >= step).map((x, k) => x * all[k]!);
        expect(Math.abs(share(both) - probability ** 2)).toBeLessThan(spread(all.length) * 2);
      }
    }
  });

  test("draws the same again for seed and epoch, whatever the batches, and other neurons for others", async () => {
    const drawn = await masks(0.5, 2, 20, 5);
    expect(await masks(0.5, 2, 20, 5)).toEqual(drawn);
    expect(await masks(0.5, 2, 20, 8)).toEqual(drawn);
    expect(await masks(0.5, 3, 20, 5)).not.toEqual(drawn);
    expect(await masks(0.5, 2, 20, 5, { seed: 2 })).not.toEqual(drawn);
  });

  test("draws the same for a batch from wherever a run comes to it", async () => {
    const drawn = await masks(0.5, 2, 20, 5);
    expect(await masks(0.5, 2, 20, 5, { firsts: [10, 15] })).toEqual(drawn.slice(10));
    const again = [10, 10, 0, 15].flatMap((first) => drawn.slice(first, first + 5));
    expect(await masks(0.5, 2, 20, 5, { firsts: [10, 10, 0, 15] })).toEqual(again);
  });

  test("of probability 0 silences nobody", async () => {
    expect(await masks(0, 1, 20, 5)).toEqual([]);
  });

  test("acts in training, where silenced neurons of a trial do not spike, and never in testing", async () => {
    const trainer = await trainerFor({ regularization: { dropout: 0.5 } });
    const plain = await trainerFor();
    const { test: samples } = plain.dataset;
    const before = await plain.evaluate(samples!, "test");
    expect(await trainer.evaluate(samples!, "test")).toEqual(before);
    const drawn: Uint8Array[] = [];
    const spy = vi.spyOn(Batch.prototype, "silence");
    trainer.trainBatch();
    for (const [, , silenced] of spy.mock.calls) drawn.push(Uint8Array.from(silenced));
    spy.mockRestore();
    expect(drawn).toHaveLength(16);
    let [silent, spiking] = [0, 0];
    drawn.forEach((silenced, slot) => {
      trainer.engine.counts(slot, 0).forEach((count, j) => {
        if (silenced[j]) silent += count;
        else spiking += count;
      });
    });
    expect(silent).toBe(0);
    expect(spiking).toBeGreaterThan(100);
    trainer.parameters.forEach((tensor, k) => {
      plain.parameters[k]!.write(tensor.read());
    });
    const after = await plain.evaluate(samples!, "test");
    expect(after).not.toEqual(before);
    expect(await trainer.evaluate(samples!, "test")).toEqual(after);
  });
});
