/** Losses at their edges: peaks at odd places, huge and tied logits, many classes. */
import type { CaseJson } from "../../../src/oracle/certify/caseJson.ts";
import { header } from "../recipes/recipe.ts";
import type { Solvable } from "./recipe.ts";
import { adversarial, chain, channel0, exponential, hidden, output } from "./small.ts";

/** A feed-forward case of the peak voltage: one hidden spike, readouts that have their peaks where the case wants them. */
const peaks = (name: string, note: string, catches: string, changes: Partial<CaseJson>): Solvable =>
  adversarial(name, note, catches, { loss: { kind: "max_cross_entropy", target: 0 }, ...changes });

export const readouts: readonly Solvable[] = [
  peaks(
    "peak-at-arrival",
    "the peak of a readout is cut off by an inhibitory input spike",
    "peaks looked for between events only",
    {
      input: { channels: 2, times: [1, 4, 12], sources: [0, 0, 1] },
      projections: [
        {
          from: "input",
          to: "hidden",
          weight: [
            [6, 0],
            [7, 0],
          ],
        },
        {
          from: "input",
          to: "output",
          weight: [
            [0.5, -9],
            [0.4, 0.1],
          ],
        },
        {
          from: "hidden",
          to: "output",
          weight: [
            [0.4, 0.3],
            [0.3, 0.1],
          ],
        },
      ],
    },
  ),
  peaks("peak-at-end", "a readout still rises when the trial ends", "peaks at T lost", {
    duration: 16,
    input: channel0(1, 4, 13),
    populations: [hidden(2), output(2)],
  }),
  peaks(
    "negative-peaks",
    "one readout never rises above 0",
    "a running maximum that starts at minus infinity, or a jump of the adjoint at t = 0",
    {
      populations: [hidden(2), output(2, { v0: [-0.1, 0] })],
      projections: chain(
        [[4], [5.5]],
        [
          [-0.6, -0.4],
          [0.3, 0.5],
        ],
      ),
    },
  ),
  peaks(
    "tied-peaks",
    "a readout with two peaks of nearly equal height",
    "the first of two peaks kept where the second is higher",
    {
      duration: 80,
      input: channel0(1, 40),
      populations: [
        hidden(1, { tau_mem: 5, tau_syn: 2 }),
        output(2, { tau_mem: 3, tau_syn: 1, v0: [0, 0.05] }),
      ],
      projections: [
        { from: "input", to: "hidden", weight: [[9]] },
        { from: "input", to: "output", weight: [[0.5], [0.2]], delay: 3 },
        { from: "hidden", to: "output", weight: [[0.6], [-0.3]] },
      ],
    },
  ),
  adversarial("large-logits", "readouts of ten thousand", "exp of a logit that overflows", {
    projections: chain(
      [[4], [5.5]],
      [
        [2e5, -1e5],
        [-1e5, 2e5],
      ],
    ),
    loss: exponential(1),
  }),
  adversarial(
    "tied-classes",
    "two readouts that do the same",
    "ties broken in the loss as they are in a prediction",
    {
      projections: chain(
        [[4], [5.5]],
        [
          [0.6, -0.4],
          [0.6, -0.4],
        ],
      ),
    },
  ),
  {
    group: "adversarial",
    name: "label-above-255",
    catches: "labels kept in eight bits",
    json: () => ({
      ...header,
      name: "label-above-255",
      note: "300 readouts, the target is number 260",
      duration: 30,
      input: channel0(1, 4),
      populations: [hidden(1), output(300)],
      projections: [
        { from: "input", to: "hidden", weight: [[7]] },
        {
          from: "hidden",
          to: "output",
          weight: Array.from({ length: 300 }, (_, k) => [((k * 37) % 101) / 100 - 0.5]),
        },
      ],
      loss: exponential(260),
    }),
  },
];
