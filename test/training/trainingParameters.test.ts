/** Parameters beside the weights: training moves them down the loss, within their bounds, and leaves the others alone. */
import { describe, expect, test } from "vitest";
import { trainRun } from "../../src/run/trainRun.ts";
import { hidden, parametersOf, trainerOf } from "../support/training/tinyTraining.ts";

/** So small a rate that a weight does not change in its last place. */
const frozen = {
  "projections[0].weight": { rate_factor: 1e-300 },
  "projections[1].weight": { rate_factor: 1e-300 },
};
const adam = { kind: "adam", learning_rate: 0.02, beta2: 0.99, groups: frozen };

const delays = (settings: object) => ({ delays: { input_hidden: settings } });

describe.each([
  ["populations.hidden.tau_mem", { network: hidden({ train: ["tau_mem"] }) }, 0.4],
  ["populations.hidden.tau_syn", { network: hidden({ train: ["tau_syn"] }) }, 0.1],
  ["populations.hidden.threshold", { network: hidden({ train: ["threshold"] }) }, 0.02],
  ["populations.output.tau_mem", { network: { output: { train: ["tau_mem"] } } }, 0.4],
  ["populations.output.tau_syn", { network: { output: { train: ["tau_syn"] } } }, 0.1],
  ["projections[0].delay", { network: delays({ max: 5 }) }, 0.1],
])("%s", (name, changes, learning_rate) => {
  test.each(["f64", "f32"])("is moved by training, alone and to a lower loss, in %s", async (precision) => {
    const optimizer = { ...adam, learning_rate };
    const trainer = await trainerOf({ ...changes, precision, optimizer, epochs: 8 });
    const before = parametersOf(trainer);
    await trainRun(trainer);
    const after = parametersOf(trainer);
    const moved = Object.keys(before).filter((key) => `${before[key]}` !== `${after[key]}`);
    expect(moved).toEqual([name]);
    const losses = trainer.history.map(({ train }) => train.loss);
    expect(losses.at(-1)).toBeLessThan(losses[0]!);
  });
});

describe("a step too far", () => {
  const coarse = (name: string) => ({ ...adam, learning_rate: 0.5, groups: { ...frozen, [name]: {} } });
  const floors = { min_tau_mem: 19.9, min_tau_syn: 4.9, min_threshold: 0.95 };

  test.each([
    ["populations.hidden.tau_mem", 19.9],
    ["populations.hidden.tau_syn", 4.9],
    ["populations.hidden.threshold", 0.95],
    ["populations.output.tau_mem", 19.9],
    ["populations.output.tau_syn", 4.9],
  ])("leaves %s at its floor", async (name, floor) => {
    const [, population, parameter] = name.split(".");
    const { min_threshold: _, ...outputFloors } = floors;
    const network =
      population === "hidden"
        ? hidden({ train: [parameter], ...floors })
        : { output: { train: [parameter], ...outputFloors } };
    const trainer = await trainerOf({ network, optimizer: coarse(name), epochs: 12 });
    let least = Infinity;
    const listener = {
      onBatch: () => {
        least = Math.min(least, ...parametersOf(trainer)[name]!);
      },
    };
    await trainRun(trainer, { listener });
    expect(least).toBe(floor);
  });

  test.each(["f64", "f32"])("leaves a delay within its range, at both ends, in %s", async (precision) => {
    const [min, max] = [1, 1.25];
    const network = delays({ min, max });
    const optimizer = coarse("projections[0].delay");
    const trainer = await trainerOf({ network, optimizer, precision });
    const inRange = () => {
      const values = parametersOf(trainer)["projections[0].delay"]!;
      expect(Math.min(...values)).toBeGreaterThanOrEqual(min);
      expect(Math.max(...values)).toBeLessThanOrEqual(max);
      return values;
    };
    inRange();
    await trainRun(trainer, { listener: { onBatch: inRange } });
    const ends = new Set(inRange());
    expect(ends.has(min) && ends.has(max)).toBe(true);
  });
});

test("delays that are not trained stay as they were drawn", async () => {
  const trainer = await trainerOf({ network: delays({ max: 5, train: false }) });
  const drawn = parametersOf(trainer)["projections[0].delay"];
  await trainRun(trainer);
  expect(parametersOf(trainer)["projections[0].delay"]).toEqual(drawn);
});
