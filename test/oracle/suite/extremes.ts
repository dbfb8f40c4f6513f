/** Inputs, constants and losses at the edges of what is legal. */
import type { CaseJson } from "../caseJson.ts";
import { header } from "../recipe.ts";
import type { Solvable } from "./recipe.ts";
import { channel0, exponential, hidden, output, small } from "./small.ts";

const adversarial = (name: string, note: string, catches: string, changes: Partial<CaseJson>): Solvable => ({
  group: "adversarial",
  name,
  catches,
  json: () => small(name, note, changes),
});

const chain = (weights: number[][], readout: number[][]): CaseJson["projections"] => [
  { from: "input", to: "hidden", weight: weights },
  { from: "hidden", to: "output", weight: readout },
];
const readout = [
  [0.6, -0.4],
  [-0.3, 0.5],
];
const recurrent = (weight: number[][], delay: number | number[][] = 0): CaseJson["projections"] => [
  { from: "input", to: "hidden", weight: [[4], [5.5]] },
  { from: "hidden", to: "hidden", weight, delay },
  { from: "hidden", to: "output", weight: readout },
];

const activity: readonly Solvable[] = [
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
    "currents a hundred times the threshold: hundreds of spikes in a few milliseconds",
    "one spike per step and neuron",
    {
      duration: 20,
      input: channel0(1),
      populations: [hidden(1), output(2)],
      projections: chain([[200]], [[0.02], [-0.01]]),
    },
  ),
  adversarial(
    "many-spikes",
    "1500 spikes of one neuron in one trial",
    "a spike buffer that is full drops the rest without a word",
    {
      duration: 1000,
      input: channel0(1),
      populations: [hidden(1, { bias: 16 }), output(2)],
      projections: chain([[0.5]], [[0.002], [-0.001]]),
    },
  ),
];

const timing: readonly Solvable[] = [
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

const constants: readonly Solvable[] = [
  adversarial("equal-taus", "tau_mem = tau_syn", "0/0 in tau_syn/(tau_mem - tau_syn)", {
    populations: [hidden(2, { tau_mem: 10, tau_syn: 10 }), output(2, { tau_mem: 7, tau_syn: 7 })],
  }),
  adversarial(
    "nearly-equal-taus",
    "tau_mem and tau_syn differ by 1e-12 of their value",
    "cancellation in exp(-t/tau_mem) - exp(-t/tau_syn)",
    {
      populations: [
        hidden(2, { tau_mem: 10, tau_syn: [10 * (1 + 1e-12), 10 * (1 - 1e-12)] }),
        output(2, { tau_mem: 10, tau_syn: 10 * (1 + 1e-12) }),
      ],
    },
  ),
  adversarial(
    "tau-ratio-1000",
    "tau_mem a thousand times tau_syn, and the other way round",
    "stiffness: a step as long as the shorter time constant",
    {
      populations: [hidden(2, { tau_mem: [100, 1], tau_syn: [0.1, 1000] }), output(2)],
      projections: chain([[900], [0.4]], readout),
    },
  ),
  adversarial("slow-synapses", "tau_syn above tau_mem", "tau_mem and tau_syn taken for each other", {
    populations: [hidden(2, { tau_mem: 4, tau_syn: 11 }), output(2, { tau_mem: 5, tau_syn: 9 })],
    projections: chain([[1.1], [1.4]], readout),
  }),
  adversarial(
    "thresholds-per-neuron",
    "every neuron has its own threshold and reset",
    "one threshold for a whole population, and theta where theta - reset belongs",
    {
      populations: [hidden(2, { threshold: [0.8, 1.3], reset: [-0.2, 0.3] }), output(2)],
      projections: recurrent(
        [
          [0.4, -0.3],
          [0.5, 0.2],
        ],
        1,
      ),
    },
  ),
  adversarial("reset-above-rest", "reset half-way to the threshold", "reset to 0 whatever the case says", {
    populations: [hidden(2, { reset: 0.5 }), output(2)],
  }),
  adversarial("reset-below-rest", "reset well below rest", "reset to 0 whatever the case says", {
    populations: [hidden(2, { reset: -0.6 }), output(2)],
    projections: chain([[6], [8]], readout),
  }),
  adversarial(
    "initial-state",
    "neurons start with voltage and current",
    "a trial that starts from rest whatever the case says",
    {
      populations: [
        hidden(2, { v0: [0.4, -0.3], i0: [1.5, 2.5] }),
        output(2, { v0: [0.2, -0.1], i0: [-0.2, 0.4] }),
      ],
    },
  ),
];

/** A feed-forward case of the peak voltage: one hidden spike, readouts that have their peaks where the case wants them. */
const peaks = (name: string, note: string, catches: string, changes: Partial<CaseJson>): Solvable =>
  adversarial(name, note, catches, { loss: { kind: "max_cross_entropy", target: 0 }, ...changes });

const readouts: readonly Solvable[] = [
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

export const extremes: readonly Solvable[] = [...activity, ...timing, ...constants, ...readouts];
