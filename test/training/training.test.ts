/** Training learns, depends on its seed and nothing else, and ends when it should. */
import { describe, expect, test } from "vitest";
import { batches, randomStream, stream } from "../../src/base/random.ts";
import { trainRun } from "../../src/run/trainRun.ts";
import {
  everyState,
  hidden,
  parametersOf,
  trainerOf,
  withValidation,
} from "../support/training/tinyTraining.ts";

async function trained(changes: Record<string, unknown> = {}) {
  const trainer = await trainerOf(changes);
  const end = await trainRun(trainer);
  return { trainer, end, history: trainer.history };
}

describe("a run", () => {
  test("learns far beyond chance on points it has not seen, and its loss falls", async () => {
    const { trainer, history } = await trained({
      dataset: { kind: "yinyang", train: 900, test: 300 },
      network: hidden({ size: 40 }),
      epochs: 8,
    });
    expect(history).toHaveLength(8);
    expect(history[7]!.train.loss).toBeLessThan(0.75 * history[0]!.train.loss);
    const { score } = (await trainer.evaluate(trainer.dataset.test!, "test"))!;
    // Three classes: chance is a third, and a third of 300 is reached by luck within 0.03.
    expect(score.accuracy).toBeGreaterThan(0.66);
  });

  test.each(["f64", "f32"])("gives the same bits again in %s", async (precision) => {
    const [once, again] = [
      await trained({ ...everyState, precision }),
      await trained({ ...everyState, precision }),
    ];
    expect(again.history).toEqual(once.history);
    expect(parametersOf(again.trainer)).toEqual(parametersOf(once.trainer));
  });

  test("depends on the seed", async () => {
    const [one, other] = [await trained({ epochs: 1 }), await trained({ epochs: 1, seed: 2 })];
    expect(other.history).not.toEqual(one.history);
    const [first, second] = [await trainerOf(), await trainerOf({ seed: 2 })];
    for (const name of ["projections[0].weight", "projections[1].weight"])
      expect(parametersOf(second)[name]).not.toEqual(parametersOf(first)[name]);
  });

  test("shows every training trial once an epoch, and scores it with the parameters of its batch", async () => {
    const trainer = await trainerOf({
      ...withValidation,
      optimizer: { kind: "adam", learning_rate: 1e-300 },
    });
    await trainRun(trainer);
    // Nothing moves, so that all epochs see the same network.
    const { score } = (await trainer.evaluate(trainer.dataset.train, "train"))!;
    for (const { train } of trainer.history) {
      expect(train.trials).toBe(30);
      expect(train.accuracy).toBe(score.accuracy);
      expect(train.loss).toBeCloseTo(score.loss, 12);
    }
  });

  test("scores the validation part with the parameters at the end of the epoch and every neuron", async () => {
    const { trainer, history } = await trained({ ...withValidation, regularization: { dropout: 0.5 } });
    const fresh = await trainerOf(withValidation);
    const values = parametersOf(trainer);
    for (const { name, write } of fresh.parameters) write(values[name]!);
    expect(history.at(-1)!.validation).toEqual(await fresh.validate());
  });
});

describe("a run ends", () => {
  test("with its epochs", async () => {
    const { end, history } = await trained();
    expect([end, history.length]).toEqual(["epochs", 3]);
  });

  test("when the accuracy asked for is reached", async () => {
    const { end, history } = await trained({ epochs: 60, stopping: { at_accuracy: 0.6 } });
    expect(end).toBe("at_accuracy");
    const accuracies = history.map(({ train }) => train.accuracy);
    expect(accuracies.findIndex((accuracy) => accuracy >= 0.6)).toBe(accuracies.length - 1);
  });

  test("when the accuracy has not been better for as many epochs as it is given", async () => {
    const { end, history } = await trained({ epochs: 60, stopping: { patience: 2 } });
    expect(end).toBe("patience");
    const accuracies = history.map(({ train }) => train.accuracy);
    const best = accuracies.indexOf(Math.max(...accuracies));
    expect(best).toBe(accuracies.length - 1 - 2);
  });

  test("at once if it is told to before it begins", async () => {
    const trainer = await trainerOf();
    expect(await trainRun(trainer, { signal: AbortSignal.abort() })).toBe("interrupted");
    expect(trainer.history).toEqual([]);
  });
});

test("batches are every trial once, in another order every time", () => {
  const random = randomStream(3, stream.order);
  const once = batches(100, 32, random);
  expect(once.map(({ length }) => length)).toEqual([32, 32, 32, 4]);
  const order = once.flatMap((batch) => [...batch]);
  expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, k) => k));
  expect(batches(100, 32, random).flatMap((batch) => [...batch])).not.toEqual(order);
});
