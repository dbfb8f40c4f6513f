/** When things happen: at the edges of a trial, at one instant, off every grid, after delays. */
import type { Solvable } from "./recipe.ts";
import { adversarial, chain, channel0, exponential, readout, recurrent } from "./small.ts";

export const timing: readonly Solvable[] = [
  adversarial("input-at-zero", "input spikes at t = 0", "events at the very start lost", {
    input: channel0(0, 0, 3),
  }),
  adversarial(
    "same-synapse-twice",
    "one channel spikes twice at the same times",
    "coincident spikes of a synapse merged into one",
    {
      input: channel0(2, 2, 7, 7, 7),
      projections: chain([[2], [1.7]], readout),
    },
  ),
  adversarial(
    "coincident-crossings",
    "two equal neurons cross at one instant and inhibit each other a moment later",
    "of two spikes at one instant only one is kept",
    {
      projections: [
        { from: "input", to: "hidden", weight: [[5], [5]] },
        {
          from: "hidden",
          to: "hidden",
          weight: [
            [0, -1.5],
            [-1.5, 0],
          ],
          delay: 0.25,
        },
        { from: "hidden", to: "output", weight: readout },
      ],
    },
  ),
  adversarial(
    "last-moments",
    "spikes in the last millisecond of the trial",
    "the end of the trial cut off, or its spikes carried into the next",
    {
      input: channel0(1, 44, 46, 49.5, 49.75),
      projections: [...chain([[6], [7]], readout), { from: "input", to: "output", weight: [[0.4], [-0.2]] }],
      loss: exponential(1),
    },
  ),
  adversarial(
    "delay-past-the-end",
    "half of the deliveries come after T",
    "deliveries after the end that still count",
    {
      projections: [
        { from: "input", to: "hidden", weight: [[4], [5.5]] },
        {
          from: "hidden",
          to: "output",
          weight: readout,
          delay: [
            [30, 46],
            [44, 38],
          ],
        },
      ],
    },
  ),
  adversarial(
    "zero-delay-cycle",
    "two neurons excite each other without delay",
    "a delay of at least one step, or a spike's own effect on the spike that caused it",
    {
      projections: recurrent([
        [0, 1.2],
        [0.9, 0],
      ]),
    },
  ),
  adversarial("autapse", "neurons connected to themselves", "connections of a neuron to itself dropped", {
    projections: recurrent(
      [
        [0.9, 0],
        [0, -1.3],
      ],
      0.5,
    ),
  }),
  adversarial(
    "autapse-without-delay",
    "neurons connected to themselves without delay",
    "own spike delivered before the reset",
    {
      projections: recurrent([
        [1.1, 0],
        [0, -0.7],
      ]),
    },
  ),
  adversarial(
    "off-grid",
    "times and duration that no step divides",
    "times rounded to a grid, and a trial that ends at a whole step",
    {
      duration: 47.3137,
      input: channel0(0.7137, 3.1617, 6.2845, 9.8693),
      projections: recurrent(
        [
          [0.4, -0.3],
          [0.5, 0.2],
        ],
        1.4127,
      ),
    },
  ),
  adversarial(
    "fractional-delays",
    "delays of fractions of a step",
    "delays cut down to whole steps instead of kept or rounded",
    {
      projections: recurrent(
        [
          [0.8, -0.6],
          [0.5, 0.3],
        ],
        [
          [0.93, 1.87],
          [2.71, 0.49],
        ],
      ),
    },
  ),
  adversarial(
    "hundred-thousand-steps",
    "10 s, 100 000 steps of 0.1 ms",
    "time added up step by step in single precision, and exp(t/tau) that overflows",
    {
      duration: 10_000,
      input: channel0(3, 7, 5000.25, 5003.5, 9990, 9994),
      projections: chain(
        [[4.2], [5.5]],
        [
          [60, -40],
          [-30, 50],
        ],
      ),
    },
  ),
];
