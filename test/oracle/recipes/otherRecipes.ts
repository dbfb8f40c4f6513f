/** Core cases of the other losses: first spikes, peaks, averages, spike times; equal time constants, several layers. */
import { header, type Recipe } from "./recipe.ts";

export const firstSpikeExponential: Recipe = {
  seed: 5,
  draw: ({ input, matrix, list }) => ({
    ...header,
    name: "first-spike-exponential",
    note: "time to first spike; output 2 stays silent and counts as T + 1",
    duration: 40,
    input: input(3, 14, 0, 24),
    populations: [
      { name: "hidden", size: 4, model: "lif", tau_mem: 20, tau_syn: 5 },
      { name: "output", size: 3, model: "lif", tau_mem: 20, tau_syn: 5 },
    ],
    projections: [
      { from: "input", to: "hidden", weight: matrix(4, 3, 0.3, 2.8) },
      { from: "hidden", to: "output", weight: [...matrix(2, 4, 0.6, 2.6), list(4, -1, 0.4)] },
    ],
    loss: {
      kind: "first_spike",
      population: "output",
      tau0: 1.5,
      tau1: 20,
      alpha: 0.003,
      penalty: "exponential",
      target: 1,
    },
  }),
};

export const firstSpikeHyperbolic: Recipe = {
  seed: 6,
  draw: ({ input, matrix, list }) => ({
    ...header,
    name: "first-spike-hyperbolic",
    note: "time to first spike, tau_mem below tau_syn, outputs inhibit each other",
    duration: 40,
    input: input(3, 12, 0, 24),
    populations: [
      {
        name: "hidden",
        size: 4,
        model: "lif",
        tau_mem: list(4, 3, 6),
        tau_syn: list(4, 8, 14),
        bias: list(4, -0.1, 0.2),
      },
      {
        name: "output",
        size: 3,
        model: "lif",
        tau_mem: 7,
        tau_syn: 12,
        v0: list(3, -0.1, 0.3),
        i0: list(3, -0.1, 0.3),
      },
    ],
    projections: [
      { from: "input", to: "hidden", weight: matrix(4, 3, 0, 0.9) },
      { from: "hidden", to: "output", weight: matrix(3, 4, 0, 0.5), delay: matrix(3, 4, 0.5, 3) },
      { from: "output", to: "output", weight: matrix(3, 3, -0.9, 0), delay: 1 },
    ],
    loss: {
      kind: "first_spike",
      population: "output",
      tau0: 2,
      tau1: 20,
      alpha: 0.5,
      penalty: "hyperbolic",
      target: 0,
    },
  }),
};

export const equalTaus: Recipe = {
  seed: 7,
  draw: ({ between, matrix, list }) => {
    const t = list(7, 0, 30).sort((x, y) => x - y);
    return {
      ...header,
      name: "equal-taus-max",
      note: "tau_mem = tau_syn everywhere; input spikes coincide, repeated pairs among them; output 2 stays below 0",
      duration: 50,
      input: {
        channels: 3,
        times: [0, 0, ...t.flatMap((time) => [time, time])],
        sources: [0, 2, 1, 1, 0, 2, 2, 2, 1, 0, 0, 1, 2, 1, 0, 0],
      },
      populations: [
        { name: "hidden", size: 4, model: "lif", tau_mem: [8, 9.5, 8, 7.25], tau_syn: [8, 9.5, 8, 7.25] },
        {
          name: "output",
          size: 3,
          model: "li",
          tau_mem: 10,
          tau_syn: 10,
          bias: [0, 0.1, -0.6],
          v0: [0, 0.2, -0.1],
        },
      ],
      projections: [
        { from: "input", to: "hidden", weight: matrix(4, 3, 0, 1.6) },
        { from: "hidden", to: "hidden", weight: matrix(4, 4, -0.5, 0.6), delay: between(0.5, 2) },
        { from: "hidden", to: "output", weight: [...matrix(2, 4, -0.2, 0.7), list(4, -0.4, -0.1)] },
      ],
      loss: { kind: "max_cross_entropy", target: 1 },
    };
  },
};

export const nearlyEqualTaus: Recipe = {
  seed: 8,
  draw: ({ input, matrix }) => ({
    ...header,
    name: "nearly-equal-taus-average",
    note: "tau_mem and tau_syn differ by 1e-9 of their value, either way",
    duration: 40,
    input: input(3, 14, 0, 30),
    populations: [
      { name: "hidden", size: 3, model: "lif", tau_mem: 10, tau_syn: [10 * (1 + 1e-9), 10 * (1 - 1e-9), 5] },
      { name: "output", size: 3, model: "li", tau_mem: 10, tau_syn: [10 * (1 + 1e-9), 10 * (1 - 1e-9), 10] },
    ],
    projections: [
      { from: "input", to: "hidden", weight: matrix(3, 3, 0.2, 1.8) },
      { from: "hidden", to: "hidden", weight: matrix(3, 3, -0.6, 0.6) },
      { from: "hidden", to: "output", weight: matrix(3, 3, -0.9, 0.9) },
    ],
    loss: { kind: "average_cross_entropy", target: 0 },
  }),
};

export const twoLayers: Recipe = {
  seed: 10,
  draw: ({ input, matrix }) => ({
    ...header,
    name: "two-layers-skip",
    note: "two hidden layers, connections that skip either, feedback, two projections between one pair",
    duration: 50,
    input: input(2, 14, 0, 30),
    populations: [
      { name: "first", size: 3, model: "lif", tau_mem: 15, tau_syn: 5 },
      { name: "second", size: 3, model: "lif", tau_mem: 20, tau_syn: 4, threshold: 0.8 },
      { name: "output", size: 2, model: "li", tau_mem: 20, tau_syn: 5 },
    ],
    projections: [
      { from: "input", to: "first", weight: matrix(3, 2, 0.6, 3.2) },
      { from: "first", to: "second", weight: matrix(3, 3, 0, 2.2) },
      { from: "first", to: "second", weight: matrix(3, 3, -0.4, 1), delay: 3 },
      { from: "input", to: "second", weight: matrix(3, 2, -0.3, 0.8), delay: 1 },
      { from: "second", to: "first", weight: matrix(3, 3, -0.8, 0.4), delay: 2 },
      { from: "first", to: "output", weight: matrix(2, 3, -0.5, 0.5), delay: 0.5 },
      { from: "second", to: "output", weight: matrix(2, 3, -0.7, 0.7) },
    ],
    loss: { kind: "average_cross_entropy", target: 1, population: "output" },
  }),
};

export const spikeTimes: Recipe = {
  seed: 11,
  draw: ({ input, matrix, list }) => ({
    ...header,
    name: "spike-time-mse",
    note: "spikes of a recurrent population drawn to target times",
    duration: 40,
    input: input(3, 14, 0, 30),
    populations: [
      { name: "cells", size: 3, model: "lif", tau_mem: list(3, 14, 22), tau_syn: 5, reset: list(3, -0.2, 0) },
    ],
    projections: [
      { from: "input", to: "cells", weight: matrix(3, 3, 0.5, 2.6) },
      { from: "cells", to: "cells", weight: matrix(3, 3, -0.8, 0.6), delay: matrix(3, 3, 0, 2) },
    ],
    // One target a spike is put in once the spikes are known: see drawCase.ts.
    loss: { kind: "spike_time_mse", population: "cells", targets: [] },
  }),
};
