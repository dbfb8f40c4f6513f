/** Adam in the kernel follows the formulas of its paper, step by step, in both precisions. */

import { Decimal } from "decimal.js";
import { describe, expect, test } from "vitest";
import type { Batch } from "../../src/engine/batch/batch.ts";
import { Adam } from "../../src/engine/batch/optimizer.ts";
import { workerThreads } from "../../src/engine/batch/workerThreads.ts";
import type { RealArray } from "../../src/engine/kernel/structures.ts";
import type { Precision } from "../../src/model/solution.ts";
import { batchEngineFor } from "../support/networks/batches.ts";
import { sketch } from "../support/networks/build.ts";
import { createSampler } from "../support/training/sampler.ts";

const options = { beta1: 0.9, beta2: 0.99, epsilon: 1e-8 };
const rate = 0.003;
const D = Decimal.clone({ precision: 40 });

/** The value after steps with these gradients, by the paper's formulas in 40 digits, sums written out. */
function oracle(start: number, gradients: readonly number[], learningRate = rate): number {
  const { beta1, beta2 } = { beta1: new D(options.beta1), beta2: new D(options.beta2) };
  let value = new D(start);
  for (let t = 1; t <= gradients.length; t++) {
    let [mean, square] = [new D(0), new D(0)];
    for (let s = 1; s <= t; s++) {
      const g = new D(gradients[s - 1]!);
      mean = mean.plus(g.times(beta1.pow(t - s)));
      square = square.plus(g.times(g).times(beta2.pow(t - s)));
    }
    const corrected = mean.times(new D(1).minus(beta1)).div(new D(1).minus(beta1.pow(t)));
    const spread = square.times(new D(1).minus(beta2)).div(new D(1).minus(beta2.pow(t)));
    value = value.minus(corrected.times(learningRate).div(spread.sqrt().plus(options.epsilon)));
  }
  return value.toNumber();
}

interface Wanted {
  /** Numbers of each tensor by name. */
  readonly sizes: Readonly<Record<string, number>>;
  readonly lanes?: number;
  readonly threads?: number;
  readonly precision?: Precision;
  readonly rateFactors?: Readonly<Record<string, number>>;
  /** Synapses into a neuron of a tensor, whose gradients are brought to one size. */
  readonly normalized?: Readonly<Record<string, number>>;
}

interface Bench {
  readonly engine: Batch;
  readonly adam: Adam;
  readonly values: Record<string, RealArray>;
  /** By tensor, then lane. */
  readonly gradients: Record<string, RealArray[]>;
}

async function bench(wanted: Wanted): Promise<Bench> {
  const { sizes, lanes = 1, threads = 1, precision = "f64", rateFactors = {}, normalized = {} } = wanted;
  const bytesOf = (size: number) => Math.ceil((size * (precision === "f64" ? 8 : 4)) / 64) * 64;
  const total = Object.values(sizes).reduce((sum, size) => sum + bytesOf(size) * (lanes + 3), 0);
  const problem = sketch({ populations: [{ name: "cells" }] });
  const engine = await batchEngineFor(problem, {
    precision,
    batchSize: lanes,
    lanes,
    threads: workerThreads(threads),
    spareBytes: () => total + 1024,
  });
  const [values, gradients]: [Bench["values"], Bench["gradients"]] = [{}, {}];
  const tensors = Object.entries(sizes).map(([name, size]) => {
    const bytes = bytesOf(size);
    const [at, gradient] = [engine.allocate(bytes), engine.allocate(bytes * lanes)];
    const { views } = engine.memory;
    values[name] = views.real(at, size);
    gradients[name] = Array.from({ length: lanes }, (_, lane) => views.real(gradient + lane * bytes, size));
    return {
      name,
      bytes,
      rowBytes: bytes / (normalized[name] ?? 1),
      values: at,
      gradient,
      laneBytes: bytes,
      lanes,
      adam: { ...options, rateFactor: rateFactors[name] ?? 1, normalized: name in normalized },
    };
  });
  return { engine, adam: new Adam(engine, tensors), values, gradients };
}

describe.each([
  ["f64", 1e-14],
  ["f32", 1e-6],
] as const)("in %s", (precision, tolerance) => {
  test("the values after 40 steps are the formulas', gradients from 1e-12 to 1", async () => {
    const sizes = [1, 1e-4, 1e-8, 1e-12];
    const { adam, values, gradients } = await bench({ precision, sizes: { w: 4 } });
    values.w!.fill(0.25);
    const history = sizes.map((): number[] => []);
    for (let t = 0; t < 40; t++) {
      sizes.forEach((size, k) => {
        gradients.w![0]![k] = size * (((t * 7) % 11) - 4);
        history[k]!.push(gradients.w![0]![k]!);
      });
      adam.step(rate, 1);
    }
    history.forEach((all, k) => {
      expect(Math.abs(values.w![k]! - oracle(0.25, all))).toBeLessThan(tolerance);
    });
  });

  test("a sum of gradients and the scale 1/n is their mean", async () => {
    const [sums, means] = [
      await bench({ precision, sizes: { w: 2 } }),
      await bench({ precision, sizes: { w: 2 } }),
    ];
    sums.gradients.w![0]!.set([3, -5]);
    means.gradients.w![0]!.set([0.375, -0.625]);
    sums.adam.step(rate, 1 / 8);
    means.adam.step(rate, 1);
    expect(sums.values.w).toEqual(means.values.w);
    expect(sums.values.w![0]).not.toBe(0);
  });

  test("the gradients of the lanes are added up, in the order of the lanes", async () => {
    const lanes = await bench({ precision, sizes: { w: 2 }, lanes: 4 });
    const one = await bench({ precision, sizes: { w: 2 } });
    // In another order 1e20 would swallow what is left here.
    const given = [
      [1e20, 0.5],
      [-1e20, 0.25],
      [3, -1],
      [0.125, 4],
    ];
    given.forEach((values, lane) => {
      lanes.gradients.w![lane]!.set(values);
    });
    one.gradients.w![0]!.set([3.125, 3.75]);
    for (const each of [lanes, one]) each.adam.step(rate, 1);
    expect(lanes.values.w).toEqual(one.values.w);
    expect(lanes.adam.moments.get("w")).toEqual(one.adam.moments.get("w"));
  });

  test("normalised gradients are those divided by the root mean square over a neuron's synapses, whatever their size", async () => {
    const [synapses, neurons] = [7, 48];
    const sizes = { w: synapses * neurons, plain: 20 };
    const { uniform } = createSampler(9);
    const lanes = [0, 1, 2].map(() => Array.from({ length: sizes.w }, () => uniform(-1, 1)));
    // Neuron j's gradients have the size 10^(j − 24); the last neuron has none.
    const size = (j: number) => (j === neurons - 1 ? 0 : 10 ** ((j - 24) / (precision === "f32" ? 2 : 1)));
    for (const scale of [1, 1 / 32]) {
      const normalized = { w: synapses };
      const given = await bench({ precision, sizes, lanes: 3, threads: 2, normalized });
      lanes.forEach((lane, l) => {
        given.gradients.w![l]!.set(lane.map((g, k) => g * size(k % neurons)));
        given.gradients.plain![l]!.fill(0.25);
      });
      given.adam.step(rate, scale);
      const { m } = given.adam.moments.get("w")!;
      for (let j = 0; j < neurons - 1; j++) {
        const sums = Array.from({ length: synapses }, (_, i) =>
          [0, 1, 2].reduce((sum, l) => sum + lanes[l]![i * neurons + j]!, 0),
        );
        const mean = Math.sqrt(sums.reduce((sum, g) => sum + g * g, 0) / synapses);
        sums.forEach((g, i) => {
          expect(Math.abs(m[i * neurons + j]! / (1 - options.beta1) - g / mean)).toBeLessThan(20 * tolerance);
        });
      }
      for (let i = 0; i < synapses; i++) expect(m[i * neurons + neurons - 1]).toBe(0);
      expect(given.adam.moments.get("plain")!.m[3]).toBeCloseTo((1 - options.beta1) * 0.75 * scale, 6);
    }
  });

  test("padding stays zero", async () => {
    const { adam, values, gradients } = await bench({ precision, sizes: { w: 16 } });
    values.w![0] = 0.5;
    gradients.w![0]![0] = 1;
    for (let t = 0; t < 10; t++) adam.step(rate, 1);
    expect(values.w![0]).toBeLessThan(0.5);
    expect([...values.w!.slice(1)]).toEqual(Array(15).fill(0));
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY])(
    "a gradient of %d is reported by the name of its tensor, wherever it lies in it",
    async (wrong) => {
      for (const k of [0, 7, 30000]) {
        const sizes = { first: 3, second: 30001, third: 5 };
        const normalized = k === 7 ? { second: 1 } : {};
        const { adam, gradients } = await bench({ precision, sizes, normalized });
        expect(adam.step(rate, 1)).toBeUndefined();
        gradients.second![0]![k] = wrong;
        expect(adam.step(rate, 1)).toBe("second");
      }
    },
  );

  test("results have the same bits with one thread, with two and with three", async () => {
    const results = [];
    for (const threads of [1, 2, 3]) {
      const sizes = { small: 3, large: 20000, other: 1024 };
      const wanted = { precision, sizes, lanes: 3, threads, normalized: { other: 8, small: 1 } };
      const { engine, adam, values, gradients } = await bench(wanted);
      const { uniform } = createSampler(5);
      for (let t = 0; t < 3; t++) {
        for (const lane of Object.values(gradients).flat())
          for (let k = 0; k < lane.length; k++) lane[k] = uniform(-1, 1);
        adam.step(rate, 0.25);
      }
      engine.close();
      results.push({ values, moments: adam.moments });
    }
    for (const result of results) expect(result).toEqual(results[0]);
    // Every part of the long tensor has moved.
    expect(results[0]!.values.large!.every((value) => value !== 0)).toBe(true);
  });

  test("moments and powers restored, steps go on as if nothing had been interrupted", async () => {
    const sizes = { w: 5, tau: 3 };
    const [whole, first, second] = await Promise.all([0, 1, 2].map(() => bench({ precision, sizes })));
    const steps = ({ adam, gradients }: Bench, from: number, to: number) => {
      for (let t = from; t < to; t++) {
        for (const [lane] of Object.values(gradients)) lane!.set(lane!.map((_, k) => Math.sin(3 * t + k)));
        adam.step(rate, 1);
      }
    };
    steps(whole!, 0, 9);
    steps(first!, 0, 4);
    for (const name of Object.keys(sizes)) {
      second!.values[name]!.set(first!.values[name]!);
      const [from, to] = [first!.adam.moments.get(name)!, second!.adam.moments.get(name)!];
      to.m.set(from.m);
      to.v.set(from.v);
    }
    second!.adam.powers = JSON.parse(JSON.stringify(first!.adam.powers));
    steps(second!, 4, 9);
    expect(second!.values).toEqual(whole!.values);
    expect(second!.adam.moments).toEqual(whole!.adam.moments);
    expect(second!.adam.powers).toEqual(whole!.adam.powers);
  });
});

test("the first step is η g / (|g| + ε): ε is outside of the root", async () => {
  const { adam, values, gradients } = await bench({ sizes: { w: 2 } });
  gradients.w![0]!.set([1e-8, -2]);
  adam.step(rate, 1);
  expect(values.w![0]).toBeCloseTo(-0.0015, 15);
  expect(values.w![1]).toBeCloseTo(0.003, 10);
});

test("gradients 20 times as large move values differently where they are as small as ε", async () => {
  const moved = async (size: number) => {
    const { adam, values, gradients } = await bench({ sizes: { w: 1 } });
    gradients.w![0]![0] = size;
    adam.step(rate, 1);
    return values.w![0]!;
  };
  expect((await moved(2e-8)) / (await moved(1e-9))).toBeCloseTo((20 / 3) * 1.1, 10);
});

test("a factor of the rate acts on its tensor alone; of 0, nothing moves", async () => {
  const sizes = { w: 1, slow: 1, fixed: 1 };
  const { adam, values, gradients } = await bench({ sizes, rateFactors: { slow: 0.1, fixed: 0 } });
  const history: number[] = [];
  for (let t = 0; t < 5; t++) {
    history.push(1 - t / 3);
    for (const [lane] of Object.values(gradients)) lane![0] = history[t]!;
    adam.step(rate, 1);
  }
  expect(values.w![0]).toBeCloseTo(oracle(0, history), 14);
  expect(values.slow![0]).toBeCloseTo(oracle(0, history, rate / 10), 14);
  expect(values.fixed![0]).toBe(0);
});

test("a change of the learning rate holds from the next step", async () => {
  const { adam, values, gradients } = await bench({ sizes: { w: 1 } });
  gradients.w![0]![0] = 1;
  adam.step(rate, 1);
  const first = values.w![0]!;
  gradients.w![0]![0] = 1;
  adam.step(rate / 3, 1);
  expect(values.w![0]! - first).toBeCloseTo(first / 3, 15);
});
