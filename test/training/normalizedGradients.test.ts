/** `optimizer.normalize: neuron`: how far a neuron's weights move does not depend on how large its gradient is. */
import { describe, expect, test } from "vitest";
import { hidden, parametersOf, trainerOf } from "../support/training/tinyTraining.ts";

/** With an ε that dwarfs every gradient, Adam's first step is rate/ε times the gradient. */
const epsilon = 1e6;
const optimizer = { kind: "adam", learning_rate: 1, epsilon };

/** How far each neuron's part of a tensor has moved with the first batch, as root mean squares times ε. */
async function firstMoves(changes: Record<string, unknown>, name: string): Promise<number[]> {
  const trainer = await trainerOf(changes);
  const { shape } = trainer.parameters.find((parameter) => parameter.name === name)!;
  const before = parametersOf(trainer)[name]!;
  trainer.trainBatch();
  const after = parametersOf(trainer)[name]!;
  trainer.engine.close();
  const pre = shape[1] ?? 1;
  const moves = after.map((value, k) => epsilon * (value - before[k]!));
  return Array.from({ length: shape[0]! }, (_, j) => {
    const own = moves.slice(j * pre, (j + 1) * pre);
    return Math.sqrt(own.reduce((sum, move) => sum + move * move, 0) / pre);
  });
}

const delays = { delays: { input_hidden: { max: 5 } } };

describe.each([
  ["projections[0].weight", {}],
  ["projections[1].weight", {}],
  ["projections[0].delay", { network: delays }],
])("%s", (name, changes) => {
  test("moves alike for all neurons that have a gradient", async () => {
    const plain = await firstMoves({ ...changes, optimizer }, name);
    const normalized = await firstMoves(
      { ...changes, optimizer: { ...optimizer, normalize: "neuron" } },
      name,
    );
    expect(Math.max(...plain) / Math.min(...plain.filter((move) => move > 0))).toBeGreaterThan(1.5);
    for (const [j, move] of normalized.entries()) expect(move).toBeCloseTo(plain[j]! > 0 ? 1 : 0, 5);
  });
});

test("parameters of neurons, which have no synapses, move as before", async () => {
  const changes = { network: hidden({ train: ["tau_mem"] }) };
  const name = "populations.hidden.tau_mem";
  const plain = await firstMoves({ ...changes, optimizer }, name);
  const normalized = await firstMoves({ ...changes, optimizer: { ...optimizer, normalize: "neuron" } }, name);
  expect(normalized).toEqual(plain);
});
