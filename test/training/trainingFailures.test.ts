/** A trial that cannot be run, or a step that leads nowhere, ends training with one line that names the place. */
import { describe, expect, test } from "vitest";
import { KernelError } from "../../src/base/errors.ts";
import { trainRun } from "../../src/run/trainRun.ts";
import type { Trainer } from "../../src/training/trainer.ts";
import { hidden, parametersOf, trainerOf, withValidation } from "../support/training/tinyTraining.ts";

async function failure(run: Promise<unknown>): Promise<string> {
  const error: unknown = await run.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(KernelError);
  expect((error as KernelError).message).not.toContain("\n");
  return (error as KernelError).message;
}

/** Neurons with an incoming weight that is no longer finite, in their order. */
function brokenNeurons({ parameters }: Trainer, name: string): number[] {
  const { shape, read } = parameters.find((parameter) => parameter.name === name)!;
  const rows = Array.from({ length: shape[0]! }, (_, j) => read().slice(j * shape[1]!, (j + 1) * shape[1]!));
  return [...rows.keys()].filter((j) => !rows[j]!.every(Number.isFinite));
}

describe("the message about", () => {
  test("runaway spiking names epoch, batch, recording, label, neuron and the way out", async () => {
    const network = {
      ...hidden({ recurrent: true }),
      weights: { input_hidden: { mean: 5, sd: 1 }, hidden_hidden: { mean: 50, sd: 1 } },
    };
    const trainer = await trainerOf({ network, max_events: 500 });
    const { labels } = trainer.dataset.train;
    const message = await failure(trainRun(trainer));
    const [, recording, label] =
      /^epoch 1, batch 1, recording (\d+) of yinyang seed 123 \(label (\d)\): /.exec(message)!;
    expect(labels[Number(recording)]).toBe(Number(label));
    expect(message).toMatch(/runaway spiking: .* budget of 500 .* of hidden neuron [0-7]\b/);
    expect(message).toContain("max_events (--max-events)");
  });

  test("a validation trial that leaves the range of numbers names part and neuron", async () => {
    const trainer = await trainerOf(withValidation);
    while (trainer.state.batch < trainer.batchCount) trainer.trainBatch();
    const { write, read } = trainer.parameters.find(({ name }) => name === "projections[0].weight")!;
    write(read().fill(1e308));
    expect(await failure(trainer.validate())).toMatch(
      /^epoch 1, validation, recording 0 of yinyang seed 123 \(label \d\): .*hidden neuron 0/,
    );
  });

  test("a loss that is no number names the recording and the output neuron", async () => {
    const trainer = await trainerOf({ batch_size: 40, loss: { kind: "max_cross_entropy" } });
    const output = trainer.parameters.find(({ name }) => name === "projections[1].weight")!;
    const weights = output.read();
    // Row 1 of [output][hidden]: only output neuron 1 leaves the range of numbers.
    output.write(weights.map((weight, k) => (Math.floor(k / 8) === 1 ? 1.79e308 : weight)));
    expect(await failure(trainRun(trainer))).toMatch(
      /^epoch 1, batch 1, recording \d+ of yinyang seed 123 \(label \d\): .*output neuron 1\b.*$/,
    );
  });

  test("a step to infinity names the parameter, its neuron, the epoch, the batch and its recordings", async () => {
    const trainer = await trainerOf({ precision: "f32", optimizer: { kind: "adam", learning_rate: 1e39 } });
    const message = await failure(trainRun(trainer));
    expect(message).toMatch(
      /^epoch 1, batch 1: projections\[0\]\.weight of neuron \d+ is no longer finite after a step along finite gradients of recordings [\d, ]+ of yinyang seed 123; lower the learning rate$/,
    );
    const recordings = /recordings ([\d, ]+) of/.exec(message)![1]!.split(", ");
    expect(new Set(recordings).size).toBe(16);
    const [, name, neuron] = /: (\S+) of neuron (\d+)/.exec(message)!;
    expect(brokenNeurons(trainer, name!)[0]).toBe(Number(neuron));
  });

  test("a gradient that is not finite names the recording, its label and the neuron", async () => {
    const trainer = await trainerOf({
      precision: "f32",
      regularization: { spike_count: { target: 1, upper: 1e38, lower: 1e38 } },
    });
    const message = await failure(trainRun(trainer));
    const [, recording, label, neuron, into] =
      /^epoch 1, batch 1, recording (\d+) of yinyang seed 123 \(label (\d)\): the gradient by the voltage of hidden neuron (\d) is not finite, and with it projections\[0\]\.weight of neuron (\d); lower the learning rate$/.exec(
        message,
      )!;
    expect(trainer.dataset.train.labels[Number(recording)]).toBe(Number(label));
    expect(into).toBe(neuron);
    expect(brokenNeurons(trainer, "projections[0].weight")).toContain(Number(neuron));
  });
});

test("a hidden layer that has not spiked is told by name, and its parameters have not moved", async () => {
  const weights = { input_hidden1: { mean: 1.5, sd: 1.5 }, hidden1_hidden2: { mean: 0, sd: 0 } };
  const layers = [4, 3].map((size) => ({ size, recurrent: false }));
  const trainer = await trainerOf({ network: { hidden: layers, weights }, epochs: 2 });
  const before = parametersOf(trainer);
  const told: unknown[] = [];
  await trainRun(trainer, { listener: { onSilence: (...about) => told.push(about) } });
  expect(told).toEqual([
    [["hidden2"], 1],
    [["hidden2"], 2],
  ]);
  expect(parametersOf(trainer)).toEqual(before);
});
