/** A batch gives every trial what it gets alone, and the sum of the trials' gradients, however the work is shared. */

import { describe, expect, test, vi } from "vitest";
import { workerThreads } from "../../src/engine/batch/workerThreads.ts";
import { Engine } from "../../src/engine/engine.ts";
import type { Case } from "../../src/model/case.ts";
import { withLabel } from "../../src/model/losses.ts";
import type { SpikeTrain } from "../../src/model/network.ts";
import type { Precision } from "../../src/model/solution.ts";
import {
  type BatchTrial,
  batchEngineFor,
  differentiate,
  gradientsOf,
  load,
  namedGradients,
  sumOf,
} from "../support/networks/batches.ts";

import { sketch } from "../support/networks/build.ts";
import { mostEvents } from "../support/networks/conditioning.ts";
import { expectNear } from "../support/networks/expectations.ts";
import { holds } from "../support/networks/property.ts";

/** For GOLDSPIKE_RUNS by hand. */
vi.setConfig({ testTimeout: 600_000 });

const kinds = [
  "integral_cross_entropy",
  "max_cross_entropy",
  "average_cross_entropy",
  "first_spike",
  "none",
] as const;
const everything = { neuronGradients: true, delayGradients: true };

function part({ times, sources }: SpikeTrain, from: number, to: number): SpikeTrain {
  return { times: times.slice(from, to), sources: sources.slice(from, to) };
}

/** Five trials of a problem: its input, parts of it, nothing; labels 0, 1 and back where there are two. */
function trialsOf({ input, loss, network }: Case): BatchTrial[] {
  const n = input.times.length;
  const half = Math.ceil(n / 2);
  const inputs = [input, part(input, 0, half), part(input, half, n), part(input, 0, 0), part(input, 1, n)];
  const classes =
    "population" in loss && loss.population !== undefined
      ? network.populations.find(({ name }) => name === loss.population)!.size
      : 2;
  return inputs.map((spikes, k) => ({ input: spikes, target: k % Math.min(classes, 2) }));
}

function engineFor({ network, duration, input }: Case, precision: Precision): Promise<Engine> {
  return Engine.create(network, {
    precision,
    duration,
    maxInputSpikes: 2 * input.times.length,
    maxEvents: mostEvents,
  });
}

/** What a trial left in its slot of a batch, and what an engine of its own finds. */
type Outcome = { loss: number; readout: number[]; counts: number[][] };

async function alone(problem: Case, precision: Precision, trials: readonly BatchTrial[]): Promise<Outcome[]> {
  const engine = await engineFor(problem, precision);
  const spiking = problem.network.populations.filter(({ model }) => model === "lif");
  return trials.map(({ input, target }) => {
    const { loss, readout } = engine.evaluate(input, withLabel(problem.loss, target));
    const counts = spiking.map(({ name }) => Array.from(engine.spikeCounts(name)));
    return { loss, readout: Array.from(readout), counts };
  });
}

type Batch = Awaited<ReturnType<typeof batchEngineFor>>;

function outcomes(engine: Batch, trials: number): Outcome[] {
  const spiking = engine.shape.populations.slice(0, engine.shape.spikingCount).keys();
  const populations = [...spiking];
  return Array.from({ length: trials }, (_, slot) => {
    const { loss, readout } = engine.outcome(slot);
    const counts = populations.map((p) => Array.from(engine.counts(slot, p)));
    return { loss: engine.options.loss.kind === "none" ? 0 : loss, readout: Array.from(readout), counts };
  });
}

describe.each(["f64", "f32"] as const)("%s", (precision) => {
  test("loss, readout and spike counts of every trial are those of the trial alone, to the bit", async () => {
    await holds({ kinds }, async ({ problem, pick }) => {
      const trials = trialsOf(problem);
      const lanes = 1 + (pick % 7);
      const engine = await batchEngineFor(problem, { precision, batchSize: 5, lanes });
      load(engine, trials);
      engine.evaluate(5, pick % 2 === 0);
      expect(trials.map((_, slot) => engine.failure(slot)?.message)).toEqual(trials.map(() => undefined));
      expect(outcomes(engine, 5)).toEqual(await alone(problem, precision, trials));
    });
  });

  test("every gradient, summed over the lanes, is the sum of the trials' own", async () => {
    const bar = precision === "f64" ? 1e-13 : 1e-4;
    await holds({ kinds: kinds.slice(0, 4) }, async ({ problem, pick }) => {
      const trials = trialsOf(problem);
      const wanted = { neuronGradients: pick % 2 === 0, delayGradients: pick % 3 === 0 };
      const options = { precision, batchSize: 5, lanes: 1 + (pick % 7), ...wanted };
      const engine = await batchEngineFor(problem, options);
      differentiate(engine, trials);
      const sums = gradientsOf(engine);
      const single = await engineFor(problem, precision);
      const each = trials.map(({ input, target }) =>
        namedGradients(single.solve(input, withLabel(problem.loss, target)).gradients, Object.keys(sums)),
      );
      for (const [name, expected] of Object.entries(sumOf(each))) {
        // What cancels in the sum over trials was rounded at its own size.
        const terms = each.flatMap((gradients) => Array.from(gradients[name]!, Math.abs));
        expectNear(sums[name]!, expected, bar, Math.max(1e-3, ...terms));
      }
    });
  });
});

test("an incomplete batch leaves the slots behind it alone, and is summed as if they were not there", async () => {
  await holds({ kinds: kinds.slice(0, 4), runs: 15 }, async ({ problem, pick }) => {
    const trials = trialsOf(problem);
    const create = () => batchEngineFor(problem, { batchSize: 5, lanes: 1 + (pick % 5), ...everything });
    const [engine, fresh] = [await create(), await create()];
    differentiate(engine, trials);
    const before = outcomes(engine, 5);
    const few = [trials[4]!, trials[2]!];
    differentiate(engine, few);
    expect(outcomes(engine, 5).slice(2)).toEqual(before.slice(2));
    differentiate(fresh, few);
    expect(outcomes(engine, 2)).toEqual(outcomes(fresh, 2));
    expect(gradientsOf(engine)).toEqual(gradientsOf(fresh));
  });
});

test("more lanes than trials of a batch are as many lanes as trials", async () => {
  await holds({ kinds: ["integral_cross_entropy"], runs: 8 }, async ({ problem }) => {
    const trials = trialsOf(problem);
    const [many, five] = await Promise.all(
      [64, 5].map((lanes) => batchEngineFor(problem, { batchSize: 5, lanes, ...everything })),
    );
    expect(many!.lanes).toBe(5);
    for (const engine of [many!, five!]) differentiate(engine, trials);
    expect(gradientsOf(many!)).toEqual(gradientsOf(five!));
  });
});

test("results have the same bits with one thread, with two and with three", async () => {
  await holds({ kinds: kinds.slice(0, 4), runs: 4 }, async ({ problem }) => {
    const trials = trialsOf(problem);
    const results = [];
    for (const threads of [1, 2, 3]) {
      const engine = await batchEngineFor(problem, {
        batchSize: 5,
        lanes: 3,
        threads: workerThreads(threads),
        ...everything,
      });
      for (let again = 0; again < 3; again++) {
        differentiate(engine, trials);
        results.push({ outcomes: outcomes(engine, 5), gradients: gradientsOf(engine) });
      }
      engine.close();
    }
    for (const result of results) expect(result).toEqual(results[0]);
  });
});

describe("a trial that fails", () => {
  /** Channel 0 makes neuron 0 spike once, channel 1 sets off neuron 1's autapse, channel 2 is too strong for f32. */
  const delicate = sketch({
    channels: 3,
    input: [
      [1, 0],
      [1, 1],
      [2, 2],
      [2, 2],
    ],
    populations: [
      { name: "cells", size: 3 },
      { name: "out", model: "li", size: 2 },
    ],
    projections: [
      {
        from: "input",
        to: "cells",
        weight: [
          [9, 0, 0],
          [0, 9, 0],
          [0, 0, -3e38],
        ],
      },
      {
        from: "cells",
        to: "cells",
        weight: [
          [0, 0, 0],
          [0, 50, 0],
          [0, 0, 0],
        ],
      },
      {
        from: "cells",
        to: "out",
        weight: [
          [1, 2, 0],
          [0.5, -1, 0],
        ],
      },
    ],
    loss: { kind: "integral_cross_entropy", weighting: "exponential", target: 0 },
  });
  const only = (...channels: number[]): BatchTrial => ({
    input: {
      times: Float64Array.from(channels, () => 2),
      sources: Int32Array.from(channels),
    },
    target: 0,
  });
  const [good, runaway, tooLarge] = [only(0), only(0, 1), only(2, 2)];

  test("is told with the neuron to blame, and the others are what they are without it", async () => {
    const engine = await batchEngineFor(delicate, { precision: "f32", batchSize: 5, lanes: 2 });
    load(engine, [good, runaway, good, tooLarge, good]);
    engine.evaluate(5, true);
    const messages = Array.from({ length: 5 }, (_, slot) => engine.failure(slot)?.message ?? "");
    expect([0, 2, 4].map((slot) => messages[slot])).toEqual(["", "", ""]);
    expect(messages[1]).toMatch(/runaway.* of cells neuron 1\b/);
    expect(messages[3]).toMatch(/of cells neuron 2 is not finite.*f32/);
    const [expected] = await alone(delicate, "f32", [good]);
    const found = outcomes(engine, 5);
    for (const slot of [0, 2, 4]) expect(found[slot]).toEqual(expected);
  });

  test("leaves nothing behind: the next batch is that of a fresh engine", async () => {
    const create = () =>
      batchEngineFor(delicate, { precision: "f32", batchSize: 4, lanes: 2, ...everything });
    const [engine, fresh] = [await create(), await create()];
    load(engine, [tooLarge, runaway, runaway, tooLarge]);
    engine.evaluate(4, true);
    for (const each of [engine, fresh]) differentiate(each, [good, good, good, good]);
    expect(engine.failure(0)).toBeUndefined();
    expect(outcomes(engine, 4)).toEqual(outcomes(fresh, 4));
    expect(gradientsOf(engine)).toEqual(gradientsOf(fresh));
    expect(gradientsOf(fresh)["weight 0"]!.some((value) => value !== 0)).toBe(true);
  });
});
