/** Core cases whose loss integrates the readouts: delays, autapses, long silences, biases above threshold. */
import { header, type Recipe } from "./recipe.ts";

export const feedForward: Recipe = {
  seed: 1,
  draw: ({ input, matrix, list }) => ({
    ...header,
    name: "feed-forward-exponential",
    note: "feed-forward 3-4-2, homogeneous, biased readouts",
    duration: 60,
    input: input(3, 18, 0, 40),
    populations: [
      { name: "hidden", size: 4, model: "lif", tau_mem: 20, tau_syn: 5 },
      {
        name: "output",
        size: 2,
        model: "li",
        tau_mem: 20,
        tau_syn: 5,
        bias: list(2, -0.2, 0.2),
        v0: [0.1, 0],
      },
    ],
    projections: [
      { from: "input", to: "hidden", weight: matrix(4, 3, -0.2, 2.6) },
      { from: "hidden", to: "output", weight: matrix(2, 4, -0.7, 0.7) },
    ],
    loss: { kind: "integral_cross_entropy", weighting: "exponential", target: 1 },
  }),
};

export const recurrentLinear: Recipe = {
  seed: 2,
  draw: ({ input, matrix, list }) => ({
    ...header,
    name: "recurrent-linear",
    note: "recurrent with autapses and no delays, every neuron its own parameters",
    duration: 50,
    input: input(3, 18, 0, 40),
    populations: [
      {
        name: "hidden",
        size: 4,
        model: "lif",
        tau_mem: list(4, 14, 26),
        tau_syn: list(4, 4, 7),
        threshold: list(4, 0.8, 1.1),
        reset: list(4, -0.1, 0.1),
        bias: list(4, -0.1, 0.3),
        v0: list(4, -0.2, 0.5),
        i0: list(4, -0.3, 0.6),
      },
      {
        name: "output",
        size: 3,
        model: "li",
        tau_mem: list(3, 12, 20),
        tau_syn: list(3, 3, 8),
        i0: list(3, -0.5, 0.5),
      },
    ],
    projections: [
      { from: "input", to: "hidden", weight: matrix(4, 3, 0, 2.4) },
      { from: "hidden", to: "hidden", weight: matrix(4, 4, -0.8, 0.8) },
      { from: "hidden", to: "output", weight: matrix(3, 4, -0.6, 0.6) },
    ],
    loss: { kind: "integral_cross_entropy", weighting: "linear", target: 2 },
  }),
};

export const synapseDelays: Recipe = {
  seed: 3,
  draw: ({ input, matrix, list }) => ({
    ...header,
    name: "synapse-delays-uniform",
    note: "recurrent, every synapse its own delay",
    duration: 60,
    input: input(3, 16, 0, 36),
    populations: [
      {
        name: "hidden",
        size: 4,
        model: "lif",
        tau_mem: list(4, 14, 26),
        tau_syn: list(4, 4, 7),
        reset: -0.05,
      },
      { name: "output", size: 2, model: "li", tau_mem: 20, tau_syn: 5 },
    ],
    projections: [
      { from: "input", to: "hidden", weight: matrix(4, 3, 0.3, 2.6), delay: matrix(4, 3, 0.2, 5) },
      { from: "hidden", to: "hidden", weight: matrix(4, 4, -0.8, 1), delay: matrix(4, 4, 0.2, 5) },
      { from: "hidden", to: "output", weight: matrix(2, 4, -0.6, 0.6), delay: matrix(2, 4, 0.2, 5) },
    ],
    loss: { kind: "integral_cross_entropy", weighting: "uniform", target: 0 },
  }),
};

export const uniformDelay: Recipe = {
  seed: 4,
  draw: ({ input, matrix }) => ({
    ...header,
    name: "uniform-delay-sigmoid",
    note: "one delay for all synapses of a projection; tau_mem below tau_syn in the readouts",
    duration: 50,
    input: input(3, 16, 0, 36),
    populations: [
      { name: "hidden", size: 4, model: "lif", tau_mem: 20, tau_syn: 5, threshold: 0.9 },
      { name: "output", size: 2, model: "li", tau_mem: 6, tau_syn: 11 },
    ],
    projections: [
      { from: "input", to: "hidden", weight: matrix(4, 3, 0.2, 2.4), delay: 0.75 },
      { from: "hidden", to: "hidden", weight: matrix(4, 4, -0.7, 0.8), delay: 1.5 },
      { from: "hidden", to: "output", weight: matrix(2, 4, -0.6, 0.6), delay: 2 },
    ],
    loss: { kind: "integral_cross_entropy", weighting: "sigmoid", target: 1 },
  }),
};

export const longTrial: Recipe = {
  seed: 9,
  draw: ({ input, matrix }) => ({
    ...header,
    name: "long-trial",
    note: "duration of 2000 tau_syn, with silences of hundreds of time constants",
    duration: 2000,
    input: {
      channels: 2,
      times: [...input(2, 4, 1, 6).times, ...input(2, 4, 700, 706).times, ...input(2, 4, 1985, 1994).times],
      sources: [0, 1, 0, 1, 1, 0, 0, 1, 0, 1, 1, 0],
    },
    populations: [
      { name: "hidden", size: 3, model: "lif", tau_mem: 5, tau_syn: 1, bias: 0.1 },
      { name: "output", size: 2, model: "li", tau_mem: 5, tau_syn: 1 },
    ],
    projections: [
      { from: "input", to: "hidden", weight: matrix(3, 2, 2, 6) },
      { from: "hidden", to: "hidden", weight: matrix(3, 3, -1, 1.5), delay: 0.5 },
      { from: "hidden", to: "output", weight: matrix(2, 3, -9, 9) },
    ],
    loss: { kind: "integral_cross_entropy", weighting: "exponential", target: 0 },
  }),
};

export const aboveThreshold: Recipe = {
  seed: 12,
  draw: ({ input, matrix, list, between }) => ({
    ...header,
    name: "bias-above-threshold",
    note: "neurons 0 and 1 fire by bias alone; neuron 1 falls first and then rises through the threshold",
    duration: 50,
    input: input(2, 10, 2, 40),
    populations: [
      {
        name: "hidden",
        size: 3,
        model: "lif",
        tau_mem: list(3, 12, 20),
        tau_syn: 5,
        bias: [between(1.3, 1.6), between(1.4, 1.8), 0.4],
        v0: [0.2, 0.6, -0.3],
        i0: [0.1, between(-5, -3), 0.5],
      },
      {
        name: "output",
        size: 2,
        model: "li",
        tau_mem: 20,
        tau_syn: 5,
        bias: [0.3, -0.2],
        v0: [-0.1, 0.2],
        i0: [0.4, 0.3],
      },
    ],
    projections: [
      { from: "input", to: "hidden", weight: matrix(3, 2, -1.5, 2.5) },
      { from: "hidden", to: "hidden", weight: matrix(3, 3, -1.5, 0.8), delay: matrix(3, 3, 0.5, 4) },
      { from: "hidden", to: "output", weight: matrix(2, 3, -0.7, 0.7) },
    ],
    loss: { kind: "integral_cross_entropy", weighting: "sigmoid", target: 0 },
  }),
};
