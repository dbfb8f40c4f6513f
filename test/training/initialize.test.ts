/** Initial parameters have the distributions that a configuration states, and the same bits for the same seed. */
import { describe, expect, test } from "vitest";
import { normal, randomStream, stream } from "../../src/base/random.ts";
import { elementary } from "../../src/engine/kernel/elementary.ts";
import type { Network } from "../../src/model/network.ts";
import { type RunConfig, runConfigSchema } from "../../src/training/config/run.ts";
import { initialNetwork } from "../../src/training/initialize.ts";

describe("the normal numbers", () => {
  const count = 400_000;
  const random = randomStream(1, stream.weights);
  const numbers = Float64Array.from({ length: count }, () => normal(random)).sort();

  test("have the moments 0, 1, 0, 3, 0, 15, to within 4 standard errors", () => {
    const moments = [0, 1, 0, 3, 0, 15, 0, 105, 0, 945, 0, 10395];
    for (let power = 1; power <= 6; power++) {
      const mean = numbers.reduce((sum, x) => sum + x ** power, 0) / count;
      const variance = moments[2 * power - 1]! - moments[power - 1]! ** 2;
      expect(Math.abs(mean - moments[power - 1]!)).toBeLessThan(4 * Math.sqrt(variance / count));
    }
  });

  test.each([
    [0.5, 0.617075077451974],
    [1, 0.317310507862914],
    [2, 0.0455002638963584],
    [3, 0.0026997960632602],
    [4, 6.33424836662398e-5],
  ])("are beyond ±%s as often as they should, to within 4 standard errors", (bound, probability) => {
    const beyond = numbers.filter((x) => Math.abs(x) > bound).length;
    const error = Math.sqrt(count * probability * (1 - probability));
    expect(Math.abs(beyond - count * probability)).toBeLessThan(4 * error);
  });

  test("follow the normal distribution function: Kolmogorov and Smirnov's distance at the 0.1 % level", () => {
    let distance = 0;
    for (const [k, x] of numbers.entries()) {
      if (k % 50 === 0) distance = Math.max(distance, Math.abs((k + 0.5) / count - distribution(x)));
    }
    expect(distance).toBeLessThan(1.95 / Math.sqrt(count));
  });
});

/** Of the standard normal distribution, by Simpson's rule from 0. */
function distribution(x: number): number {
  const steps = 200;
  const density = (t: number) => Math.exp((-t * t) / 2) / Math.sqrt(2 * Math.PI);
  let sum = density(0) + density(x);
  for (let k = 1; k < steps; k++) sum += (k % 2 === 1 ? 4 : 2) * density((x * k) / steps);
  return 0.5 + (sum * x) / (3 * steps);
}

const functions = await elementary();

function configured(changes: Record<string, unknown>): RunConfig {
  const least = {
    dataset: { kind: "yinyang" },
    duration: 30,
    network: { hidden: [{ size: 40 }] },
    epochs: 1,
    seed: 7,
  };
  return runConfigSchema.parse({ ...least, ...changes });
}

function initial(changes: Record<string, unknown>): Network {
  return initialNetwork(configured(changes), 5, 3, functions);
}

function ends({ projections }: Network): unknown[] {
  return projections.map(({ from, to, weight }) => [from, to, weight.length]);
}

describe("the initial network", () => {
  const network = {
    hidden: [{ size: 40 }],
    weights: { input_hidden: { mean: 1.5, sd: 0.5 } },
  };
  const recurrent = initial({ network });

  test("has a recurrent hidden layer and a readout per class", () => {
    expect(recurrent.populations.map(({ name, size, model }) => [name, size, model])).toEqual([
      ["hidden", 40, "lif"],
      ["output", 3, "li"],
    ]);
    expect(ends(recurrent)).toEqual([
      ["input", "hidden", 200],
      ["hidden", "hidden", 1600],
      ["hidden", "output", 120],
    ]);
  });

  test("without recurrence has no such projection, and the same input weights", () => {
    const feedForward = initial({ network: { ...network, hidden: [{ size: 40, recurrent: false }] } });
    expect(ends(feedForward)).toEqual([
      ["input", "hidden", 200],
      ["hidden", "output", 120],
    ]);
    expect(feedForward.projections[0]!.weight).toEqual(recurrent.projections[0]!.weight);
  });

  test("has up to three hidden layers, each recurrent or not", () => {
    const hidden = [{ size: 4 }, { size: 3, recurrent: false }, { size: 2, threshold: 0.5, tau_mem: 9 }];
    const deep = initial({ network: { hidden, output: { tau_mem: 30, tau_syn: 7 } } });
    expect(ends(deep)).toEqual([
      ["input", "hidden1", 20],
      ["hidden1", "hidden1", 16],
      ["hidden1", "hidden2", 12],
      ["hidden2", "hidden3", 6],
      ["hidden3", "hidden3", 4],
      ["hidden3", "output", 6],
    ]);
    const [, , third, output] = deep.populations;
    expect(third).toMatchObject({
      threshold: new Float64Array([0.5, 0.5]),
      tauMem: new Float64Array([9, 9]),
    });
    expect(output).toMatchObject({
      tauMem: new Float64Array(3).fill(30),
      tauSyn: new Float64Array(3).fill(7),
    });
  });

  test("has spiking outputs where the loss is about spikes", () => {
    expect(initial({ loss: { kind: "first_spike" } }).populations[1]).toMatchObject({
      name: "output",
      model: "lif",
    });
  });

  test("is the same bits for the same seed, on every engine", () => {
    expect(initial({ network })).toEqual(recurrent);
    expect([
      ...recurrent.projections[0]!.weight.subarray(0, 3),
      recurrent.projections[2]!.weight[119],
    ]).toEqual([2.107505807190927, 0.9180958226506069, 2.1798191511297578, -0.0353078708446306]);
    const other = initial({ network, seed: 8 });
    expect(other.projections[0]!.weight[0]).not.toBe(recurrent.projections[0]!.weight[0]);
  });
});

/** Moments to within 4 standard errors. */
function expectMoments(values: Float64Array, mean: number, sd: number): void {
  const found = values.reduce((sum, w) => sum + w, 0) / values.length;
  const spread = Math.sqrt(values.reduce((sum, w) => sum + (w - found) ** 2, 0) / (values.length - 1));
  expect(Math.abs(found - mean)).toBeLessThan((4 * sd) / Math.sqrt(values.length));
  expect(Math.abs(spread / sd - 1)).toBeLessThan(4 / Math.sqrt(2 * values.length));
}

describe("initial weights have the mean and the sd", () => {
  const hidden = [{ size: 40 }, { size: 30 }];
  const names = ["input_hidden1", "hidden1_hidden1", "hidden1_hidden2", "hidden2_hidden2", "hidden2_output"];
  const usual = [0.03, 0.01, 0, 0.02, 0.02, 0.01, 0, 0.02, 0, 0.03];
  const delayLine = { delay_line: { copies: 10, step: 30 } };
  const weights = Object.fromEntries(names.map((name, k) => [name, { mean: k, sd: k + 1 }]));
  test.each([
    ["of spoken words by default", {}, usual],
    ["a tenth of it behind a delay line", { input: delayLine }, [0.003, 0.001, ...usual.slice(2)]],
    ["to make outputs spike", { loss: { kind: "first_spike" } }, [...usual.slice(0, 8), 1.2, 0.6]],
    ["of the configuration", { network: { hidden, weights } }, [0, 1, 1, 2, 2, 3, 3, 4, 4, 5]],
    [
      "of the configuration behind a delay line too",
      { input: delayLine, network: { hidden, weights } },
      [0, 1, 1, 2, 2, 3, 3, 4, 4, 5],
    ],
  ])("%s", (_, changes, expected) => {
    const { projections } = initial({ network: { hidden }, ...changes });
    projections.forEach(({ weight }, k) => {
      expectMoments(weight, expected[2 * k]!, expected[2 * k + 1]!);
    });
  });
});

describe("initial delays", () => {
  const delays = { hidden_hidden: { min: 2, max: 10 } };
  const { projections } = initial({ network: { hidden: [{ size: 40 }], delays } });

  test("are uniform between two bounds where configured, and 0 elsewhere", () => {
    const delay = projections[1]!.delay as Float64Array;
    expect(delay).toHaveLength(1600);
    expect(delay.every((d) => d >= 2 && d <= 10)).toBe(true);
    expectMoments(delay, 6, 8 / Math.sqrt(12));
    expect([projections[0]!.delay, projections[2]!.delay]).toEqual([0, 0]);
  });

  test("are the same bits for the same seed, on every engine", () => {
    expect([...(projections[1]!.delay as Float64Array).subarray(0, 3)]).toEqual([
      6.288228244658838, 9.013212948962607, 8.142875445756765,
    ]);
  });

  test("do not change the weights", () => {
    const without = initial({}).projections.map(({ weight }) => weight);
    expect(projections.map(({ weight }) => weight)).toEqual(without);
  });
});

describe("time constants from a gamma distribution", () => {
  const tau = (mean: number, min: number, max: number) => ({
    distribution: "gamma",
    shape: 3,
    mean,
    min,
    max,
  });
  const layer = { size: 20_000, recurrent: false, tau_mem: tau(20, 1e-3, 1e6), tau_syn: tau(5, 1, 15) };
  const { tauMem, tauSyn } = initial({ network: { hidden: [layer] } }).populations[0]!;

  test("have its mean and variance, to within 4 standard errors", () => {
    const mean = tauMem.reduce((sum, t) => sum + t, 0) / tauMem.length;
    const variance = tauMem.reduce((sum, t) => sum + (t - mean) ** 2, 0) / tauMem.length;
    expect(Math.abs(mean - 20)).toBeLessThan((4 * (20 / Math.sqrt(3))) / Math.sqrt(tauMem.length));
    // The fourth central moment of the gamma distribution is (3 + 6/shape) variance².
    expect(Math.abs(variance / (400 / 3) - 1)).toBeLessThan(4 * Math.sqrt(4 / tauMem.length));
  });

  test("are the same bits for the same seed, on every engine", () => {
    expect([...tauMem.subarray(0, 3)]).toEqual([31.9832864840676, 20.480171407074153, 10.729424813998282]);
  });

  test("are cut to the bounds, as often as it is beyond them", () => {
    expect(tauSyn.every((t) => t >= 1 && t <= 15)).toBe(true);
    // P(Γ₃ < x) = 1 − e^(−x) (1 + x + x²/2) at x = 3 · 1/5 and 3 · 15/5.
    const below = (x: number) => 1 - Math.exp(-x) * (1 + x + (x * x) / 2);
    for (const [bound, probability] of [
      [1, below(0.6)],
      [15, 1 - below(9)],
    ] as const) {
      const share = tauSyn.filter((t) => t === bound).length / tauSyn.length;
      const error = Math.sqrt((probability * (1 - probability)) / tauSyn.length);
      expect(Math.abs(share - probability)).toBeLessThan(4 * error);
    }
  });
});
