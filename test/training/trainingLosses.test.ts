/** Every loss and depth of network trains, and the scale of a gradient matters only beside Adam's epsilon. */
import { describe, expect, test } from "vitest";
import { trainRun } from "../../src/run/trainRun.ts";
import type { Trainer } from "../../src/training/trainer.ts";
import { hidden, parametersOf, trainerOf } from "../support/training/tinyTraining.ts";

/** Few trials are soon learned by heart. */
const long = { epochs: 30, optimizer: { kind: "adam", learning_rate: 0.05 }, batch_size: 8 };

const spiking = { input_hidden: { mean: 1.5, sd: 1.5 }, hidden_output: { mean: 1, sd: 1 } };

test.each([
  ["uniform", { loss: { kind: "integral_cross_entropy", weighting: "uniform" } }],
  ["exponential", { loss: { kind: "integral_cross_entropy", weighting: "exponential" } }],
  ["linear", { loss: { kind: "integral_cross_entropy", weighting: "linear" } }],
  ["sigmoid", { loss: { kind: "integral_cross_entropy", weighting: "sigmoid" } }],
  [
    "input",
    {
      loss: { kind: "integral_cross_entropy", weighting: "input", tau_input: 5 },
      // ω is small where few channels spike.
      optimizer: { kind: "adam", learning_rate: 1 },
    },
  ],
  ["max", { loss: { kind: "max_cross_entropy" } }],
  ["average", { loss: { kind: "average_cross_entropy" } }],
  ["first_spike", { loss: { kind: "first_spike" }, network: { weights: spiking } }],
])("the loss %s falls in training", async (_, changes) => {
  const trainer = await trainerOf({ ...long, ...changes });
  await trainRun(trainer);
  const losses = trainer.history.map(({ train }) => train.loss);
  expect(losses.at(-1)).toBeLessThan(0.9 * losses[0]!);
});

test.each([1, 2, 3])("%i hidden layers train", async (depth) => {
  const layers = Array.from({ length: depth }, () => ({ size: 12, recurrent: depth === 2 }));
  const names = ["input", ...layers.map((_, k) => (depth === 1 ? "hidden" : `hidden${k + 1}`)), "output"];
  const weights = Object.fromEntries(
    names.slice(1).map((to, k) => [`${names[k]}_${to}`, { mean: to === "output" ? 0 : 2, sd: 2 }]),
  );
  const trainer = await trainerOf({ network: { hidden: layers, weights }, ...long });
  const before = parametersOf(trainer);
  await trainRun(trainer);
  const after = parametersOf(trainer);
  const still = Object.keys(before).filter((name) => `${before[name]}` === `${after[name]}`);
  expect(still.filter((name) => name.endsWith(".weight"))).toEqual([]);
  const { history } = trainer;
  expect(history.at(-1)!.train.loss).toBeLessThan(0.9 * history[0]!.train.loss);
});

test("a step follows the gradient of the mean loss over the batch", async () => {
  // With an epsilon that outweighs it, Adam moves by rate · gradient / epsilon.
  const [rate, epsilon] = [0.01, 1e3];
  const optimizer = { kind: "adam", learning_rate: rate, epsilon };
  const trainer = await trainerOf({ optimizer, batch_size: 40 });
  const { read, write } = trainer.parameters.find(({ name }) => name === "projections[1].weight")!;
  const before = read();
  const lossAt = async (k: number, by: number) => {
    write(before.map((weight, j) => (j === k ? weight + by : weight)));
    return (await trainer.evaluate(trainer.dataset.train, "train"))!.score.loss;
  };
  const differences = [];
  for (const k of before.keys()) differences.push((await lossAt(k, 1e-4)) - (await lossAt(k, -1e-4)));
  write(before);
  trainer.trainBatch();
  const gradients = differences.map((difference) => difference / 2e-4);
  const largest = Math.max(...gradients.map(Math.abs));
  expect(largest).toBeGreaterThan(1e-3);
  read().forEach((weight, k) => {
    const found = ((before[k]! - weight) * epsilon) / rate;
    expect(Math.abs(found - gradients[k]!)).toBeLessThan(1e-3 * largest);
  });
});

describe("the scale of [NTK25]", () => {
  /** By how much the first step moves each weight. */
  async function step(changes: Record<string, unknown>, epsilon: number): Promise<number[]> {
    const optimizer = { kind: "adam", learning_rate: 0.01, epsilon };
    const trainer: Trainer = await trainerOf({ ...changes, optimizer });
    const weights = () =>
      Object.entries(parametersOf(trainer)).flatMap(([name, values]) =>
        name.endsWith(".weight") ? values : [],
      );
    const before = weights();
    trainer.trainBatch();
    return weights().map((weight, k) => weight - before[k]!);
  }

  const paper = { gradient_scale: { kind: "paper" } };
  const kinds = [
    ["integral_cross_entropy", 1 / 16, {}],
    ["max_cross_entropy", 1 / 30, {}],
    ["average_cross_entropy", 1 / 16, {}],
    ["first_spike", 1, { weights: spiking }],
  ] as const;

  test.each(kinds)("of %s is nothing to Adam without epsilon", async (kind, _, network) => {
    const common = { loss: { kind }, network: { output: { tau_mem: 16 }, ...network } };
    const [exact, scaled] = [await step(common, 1e-300), await step({ ...common, ...paper }, 1e-300)];
    expect(exact.some((move) => Math.abs(move) > 0.009)).toBe(true);
    exact.forEach((move, k) => {
      expect(scaled[k]).toBeCloseTo(move, 12);
    });
  });

  test.each(kinds)(
    "of %s is the factor of a step where epsilon outweighs it",
    async (kind, factor, network) => {
      const common = { loss: { kind }, network: { output: { tau_mem: 16 }, ...network } };
      const [exact, scaled] = [await step(common, 1e3), await step({ ...common, ...paper }, 1e3)];
      const largest = Math.max(...exact.map(Math.abs));
      expect(largest).toBeGreaterThan(1e-10);
      // Adam divides by |g| + epsilon: off by |g|/epsilon, beside the rounding of a difference of weights.
      exact.forEach((move, k) => {
        expect(Math.abs(scaled[k]! - factor * move)).toBeLessThan(1e-2 * largest * factor);
      });
    },
  );

  test("multiplies gradients of time constants by 1/time_step as well", async () => {
    const moved = async (gradient_scale: object) => {
      const optimizer = { kind: "adam", learning_rate: 1, epsilon: 1e6 };
      const trainer = await trainerOf({ network: hidden({ train: ["tau_mem"] }), optimizer, gradient_scale });
      trainer.trainBatch();
      return parametersOf(trainer)["populations.hidden.tau_mem"]!.map((tau) => tau - 20);
    };
    const [exact, scaled] = [await moved({ kind: "exact" }), await moved({ kind: "paper", time_step: 0.25 })];
    const largest = Math.max(...exact.map(Math.abs));
    exact.forEach((move, k) => {
      expect(Math.abs(scaled[k]! - (4 / 20) * move)).toBeLessThan(1e-2 * largest);
    });
  });
});
