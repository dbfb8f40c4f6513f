/** Several trials: what is left over from the one before, how gradients add up, whose weights are used. */
import type { BatchJson } from "../../../src/oracle/certify/batch.ts";
import type { CaseJson } from "../../../src/oracle/certify/caseJson.ts";
import type { Batched } from "./recipe.ts";
import { hidden, output, recurrent, small } from "./small.ts";

type Trials = readonly (readonly [target: number, ...times: number[]])[];

const batched = (
  name: string,
  note: string,
  catches: string,
  trials: Trials,
  { size, rate = 0 }: { size: number; rate?: number },
  changes: Partial<CaseJson> = {},
): Batched => {
  const batch: BatchJson = {
    trials: trials.map(([target, ...times]) => ({ input: { times, sources: times.map(() => 0) }, target })),
    batch_size: size,
    learning_rate: rate,
  };
  const [first] = batch.trials;
  const json = (): CaseJson => {
    const base = small(name, note, {
      duration: 30,
      projections: recurrent(
        [
          [0.2, -0.6],
          [0.8, 0.1],
        ],
        1.5,
      ),
      ...changes,
    });
    const input = { channels: 1, ...first!.input };
    return { ...base, input, loss: { ...base.loss, target: first!.target } as CaseJson["loss"] };
  };
  return { group: "batch", name, catches, json, batch };
};

export const batches: readonly Batched[] = [
  batched(
    "batch-of-one",
    "one batch of one trial",
    "the backward pass of the first batch, or of the last, never made",
    [[1, 1, 4, 6, 9]],
    { size: 1 },
  ),
  batched(
    "spikes-under-way",
    "spikes in the last moments of a trial, then a quiet trial, then one without input",
    "spikes, currents or voltages that leak into the next trial",
    [[0, 2, 5, 21.5, 28.4, 29.3, 29.9], [1, 3, 11], [0]],
    { size: 1 },
    {
      populations: [hidden(2), output(2, { bias: [0.1, -0.2] })],
      projections: recurrent(
        [
          [0.2, -0.6],
          [0.8, 0.1],
        ],
        4,
      ),
    },
  ),
  batched(
    "same-trial-again",
    "one trial three times, each a batch",
    "gradients, spike counts or readouts that are not cleared between batches",
    [
      [1, 1, 4, 6, 9],
      [1, 1, 4, 6, 9],
      [1, 1, 4, 6, 9],
    ],
    { size: 1 },
  ),
  batched(
    "sum-over-batch",
    "three trials of different labels and length in one batch",
    "the mean over the batch for the sum, one label for all trials, one trial for all",
    [
      [0, 1, 4, 6, 9],
      [1, 2, 3, 5, 12.5, 14],
      [1, 0.5, 7, 8],
    ],
    { size: 3 },
  ),
  batched(
    "last-partial-batch",
    "five trials in batches of two",
    "a last batch that is dropped, filled up, or divided by the size of a full one",
    [
      [0, 1, 4, 6, 9],
      [1, 2, 3, 5, 12.5, 14],
      [1, 0.5, 7, 8],
      [0, 3, 4, 10, 11.5],
      [1, 1.5, 2.5, 6.5, 9.5],
    ],
    { size: 2, rate: 0.5 },
  ),
  batched(
    "descending-weights",
    "three batches of two trials, weights moved by some percent in between",
    "stale weights in either pass, updates after every trial, or with the mean or the wrong sign",
    [
      [0, 1, 4, 6, 9],
      [1, 2, 3, 5, 12.5, 14],
      [1, 0.5, 7, 8],
      [0, 3, 4, 10, 11.5],
      [1, 1.5, 2.5, 6.5, 9.5],
      [0, 2, 6, 7.5, 13],
    ],
    { size: 2, rate: 4 },
  ),
  batched(
    "peaks-of-their-own",
    "a trial with high peaks before one with low ones, and one without input",
    "maxima of a readout, or their times, kept from the trial before",
    [
      [0, 1, 2, 3, 4, 5],
      [1, 8, 9],
      [1, 25],
    ],
    { size: 2 },
    {
      loss: { kind: "max_cross_entropy", target: 0 },
      populations: [hidden(2), output(2, { bias: 0.05 })],
    },
  ),
  batched(
    "first-spikes-of-their-own",
    "outputs that spike in one trial and are silent in the next",
    "first-spike times kept from the trial before",
    [
      [0, 1, 2, 3, 4, 5, 6],
      [1, 8, 24],
      [1, 2, 4, 5, 7, 8, 9],
    ],
    { size: 2, rate: 0.2 },
    {
      populations: [hidden(2), { ...output(2), model: "lif" }],
      projections: [
        { from: "input", to: "hidden", weight: [[4], [5.5]] },
        {
          from: "hidden",
          to: "output",
          weight: [
            [4, 1.5],
            [2, 3],
          ],
          delay: 1,
        },
      ],
      loss: {
        kind: "first_spike",
        population: "output",
        tau0: 2,
        tau1: 20,
        alpha: 0.01,
        penalty: "exponential",
        target: 0,
      },
    },
  ),
  batched(
    "batch-of-thirty-two",
    "one batch of 32 trials of one to four input spikes",
    "a sum over a batch cut off at, or padded to, a size of the program's own",
    Array.from({ length: 32 }, (_, k) => [
      k % 2,
      ...[1, 4, 6, 9].slice(0, 1 + (k % 4)).map((time, n) => time + ((5 * k) % 16) / 2 + (n * (k % 3)) / 4),
    ]),
    { size: 32 },
  ),
];
