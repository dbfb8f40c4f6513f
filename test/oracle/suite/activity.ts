/** How much goes on: no input, silence, one spike, bursts, a thousand spikes. */
import type { Solvable } from "./recipe.ts";
import { adversarial, chain, channel0, hidden, output, readout } from "./small.ts";

export const activity: readonly Solvable[] = [
  adversarial("empty-input", "no input spike at all", "a crash or NaN without events", {
    input: channel0(),
    populations: [hidden(2), output(2, { bias: [0.2, -0.1], v0: [0.1, 0.3] })],
  }),
  adversarial(
    "silent-hidden",
    "hidden neurons stay below threshold",
    "gradients made up for silent neurons",
    {
      projections: chain([[0.5], [0.7]], readout),
      populations: [hidden(2), output(2, { bias: [0.2, -0.1] })],
    },
  ),
  adversarial(
    "silent-output",
    "no output neuron spikes",
    "first-spike times of silent neurons other than T + 1",
    {
      populations: [hidden(2), { ...output(3), model: "lif" }],
      projections: chain(
        [[4], [5.5]],
        [
          [0.1, 0.1],
          [0.2, 0.1],
          [0.1, -0.2],
        ],
      ),
      loss: {
        kind: "first_spike",
        population: "output",
        tau0: 2,
        tau1: 20,
        alpha: 0.01,
        penalty: "exponential",
        target: 1,
      },
    },
  ),
  adversarial("one-spike", "a single spike in the network", "the jump of the adjoint missing or scaled", {
    input: channel0(2),
    populations: [hidden(1), output(2)],
    projections: chain([[8]], [[0.6], [-0.3]]),
  }),
  adversarial("inhibition-only", "all weights negative", "sign lost by a square or an absolute value", {
    populations: [hidden(2, { bias: [1.5, 1.3] }), output(2)],
    projections: [
      { from: "input", to: "hidden", weight: [[-2], [-1]] },
      {
        from: "hidden",
        to: "hidden",
        weight: [
          [-0.5, -1],
          [-0.8, -0.2],
        ],
        delay: 1.5,
      },
      {
        from: "hidden",
        to: "output",
        weight: [
          [-0.6, -0.4],
          [-0.3, -0.5],
        ],
      },
    ],
  }),
  adversarial(
    "burst",
    "currents a hundred times the threshold: 48 spikes in 17 ms",
    "a limit to the spikes of a neuron per millisecond",
    {
      duration: 20,
      input: channel0(1),
      populations: [hidden(1), output(2)],
      projections: chain([[200]], [[0.02], [-0.01]]),
    },
  ),
  adversarial(
    "many-spikes",
    "774 spikes of one neuron in one trial",
    "a spike buffer that is full drops the rest without a word",
    {
      duration: 1000,
      input: channel0(1),
      populations: [hidden(1, { bias: 16 }), output(2)],
      projections: chain([[0.5]], [[0.002], [-0.001]]),
    },
  ),
  adversarial(
    "refractory-time",
    "spikes of one neuron down to 0.03 ms apart",
    "a refractory time, of one step of 0.1 ms too",
    {
      duration: 20,
      input: channel0(1, 2),
      populations: [hidden(2), output(2)],
      projections: chain(
        [[400], [25]],
        [
          [0.006, -0.04],
          [-0.003, 0.05],
        ],
      ),
    },
  ),
  adversarial(
    "regularizer-at-target",
    "every hidden neuron spikes twice: with its target at two spikes a spike count regulariser changes nothing",
    "a regulariser that acts where the count is its target (set that to 2), or is no longer off",
    { duration: 30, input: channel0(1, 4, 6), projections: chain([[4.4], [4.8]], readout) },
  ),
  adversarial(
    "regularizer-at-zero",
    "one neuron never spikes: a regulariser of its spikes has no spike to act on",
    "a regulariser, or a lift of silent neurons, that puts into a gradient what belongs to no spike",
    { duration: 30, input: channel0(1, 4, 6), projections: chain([[4.4], [1.2]], readout) },
  ),
];
