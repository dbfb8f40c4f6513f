/** In a network of several hidden layers, each one's silent neurons are tended by its own weights, counts and draws. */
import { describe, expect, test } from "vitest";
import { normal, randomStream, stream } from "../../src/base/random.ts";
import { trainRun } from "../../src/run/trainRun.ts";
import { tendLayers } from "../../src/training/silentNeurons.ts";
import { parametersOf, trainerOf } from "../support/training/tinyTraining.ts";

/** Of layers, in their order: sizes, which neurons were silent, and the matrix through which their input comes. */
const networks = {
  2: { sizes: [4, 3], silent: [[1, 3], [0]], feeding: ["input_hidden1", "hidden1_hidden2"] },
  3: {
    sizes: [3, 5, 4],
    silent: [[2], [0, 4], [1, 2, 3]],
    feeding: ["input_hidden1", "hidden1_hidden2", "hidden2_hidden3"],
  },
} as const;

/** Each its own. */
const distributions = [
  { mean: 3, sd: 0.5 },
  { mean: 40, sd: 0.25 },
  { mean: 500, sd: 2 },
];

type Which = keyof typeof networks;

async function trainerWith(which: Which, silent: object, recurrent: boolean) {
  const { sizes, feeding } = networks[which];
  const weights = Object.fromEntries(feeding.map((name, layer) => [name, distributions[layer]!]));
  const network = { hidden: sizes.map((size) => ({ size, recurrent })), weights };
  return trainerOf({ network, regularization: { silent }, seed: 5 });
}

/** What becomes of the weights, [post][pre] by name, and what there was before. */
async function tended(which: Which, silent: object, recurrent: boolean) {
  const trainer = await trainerWith(which, silent, recurrent);
  const { sizes, silent: neurons } = networks[which];
  const counts = sizes.map((size, layer) =>
    Float64Array.from({ length: size }, (_, j) => (neurons[layer]!.includes(j as never) ? 0 : j + 1)),
  );
  const before = parametersOf(trainer);
  tendLayers(trainer.config, trainer.plan, trainer.engine, counts, 7);
  return { before, after: parametersOf(trainer) };
}

describe.each([
  [2, false],
  [2, true],
  [3, false],
  [3, true],
] as const)("%i layers, recurrent: %s", (which, recurrent) => {
  const { sizes, silent, feeding } = networks[which];

  /** The matrices as they are to be: `change` makes a weight of the one that feeds a layer, the others stay. */
  function expected(
    before: Record<string, number[]>,
    change: (weight: number, layer: number, neuron: number) => number,
  ): Record<string, number[]> {
    const fed = feeding.map((_, layer) => {
      // Where layers are recurrent, each has two projections.
      const name = `projections[${recurrent ? 2 * layer : layer}].weight`;
      const pre = before[name]!.length / sizes[layer]!;
      return [name, before[name]!.map((weight, k) => change(weight, layer, Math.floor(k / pre)))];
    });
    return { ...before, ...Object.fromEntries(fed) };
  }
  const isSilent = (layer: number, neuron: number) => silent[layer]!.includes(neuron as never);

  test("lift_silent lifts the weights into each layer's own silent neurons", async () => {
    const { before, after } = await tended(which, { policy: "lift_silent", lift: 0.5 }, recurrent);
    const matrices = Object.keys(before).filter((name) => name.endsWith(".weight"));
    expect(matrices).toHaveLength(which + 1 + (recurrent ? which : 0));
    expect(after).toEqual(expected(before, (w, layer, j) => (isSilent(layer, j) ? w + 0.5 : w)));
  });

  test("lift_all lifts every weight from the layer before, and none within a layer", async () => {
    const { before, after } = await tended(which, { policy: "lift_all", lift: 0.5 }, recurrent);
    expect(after).toEqual(expected(before, (w) => w + 0.5));
  });

  test("redraw draws each layer's from its own distribution, one layer after another", async () => {
    const { before, after } = await tended(which, { policy: "redraw" }, recurrent);
    const random = randomStream(5, stream.redraw, 7);
    const drawn = expected(before, (weight, layer, j) => {
      const { mean, sd } = distributions[layer]!;
      return isSilent(layer, j) ? mean + sd * normal(random) : weight;
    });
    expect(after).toEqual(drawn);
  });
});

test("a run gives each layer the counts of its own neurons", async () => {
  const frozen = Object.fromEntries(
    [0, 1, 2, 3].map((k) => [`projections[${k}].weight`, { rate_factor: 1e-300 }]),
  );
  const trainer = await trainerOf({
    network: {
      hidden: networks[3].sizes.map((size) => ({ size: 2 * size, recurrent: false })),
      weights: Object.fromEntries(networks[3].feeding.map((name) => [name, { mean: 0, sd: 4 }])),
    },
    regularization: { silent: { policy: "lift_silent", lift: 0.5 } },
    optimizer: { kind: "adam", groups: frozen },
    epochs: 1,
  });
  await trainRun(trainer);
  const { counts } = trainer.state.tally;
  const silent = counts.map((layer) => layer.flatMap((count, j) => (count === 0 ? [j] : [])));
  const before = parametersOf(trainer);
  trainer.trainBatch();
  const after = parametersOf(trainer);
  networks[3].feeding.forEach((_, layer) => {
    const name = `projections[${layer}].weight`;
    const [old, now] = [before[name]!, after[name]!];
    const pre = old.length / counts[layer]!.length;
    const changed = counts[layer]!.flatMap((_, j) => (now[j * pre] === old[j * pre] ? [] : [j]));
    expect([name, changed]).toEqual([name, silent[layer]]);
    expect(silent[layer]!.length).toBeGreaterThan(0);
    expect(silent[layer]!.length).toBeLessThan(counts[layer]!.length);
  });
  expect(new Set(silent.map(String)).size).toBe(3);
});
