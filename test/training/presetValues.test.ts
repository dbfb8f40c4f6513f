/** The presets named after [NTK25] have its values, number by number. */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { loadRunConfig } from "../../src/training/config/load.ts";
import { resolveRun } from "../../src/training/config/resolve.ts";

const folder = fileURLToPath(new URL("../../configs", import.meta.url));

const adam = { kind: "adam", beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };
const kappa = (strength: number) => ({ target: 14, upper: strength, lower: strength, counts: "batch_mean" });
const paper = (timeStep: number) => ({ kind: "paper", time_step: timeStep });

/** Of inputs without a delay line. */
const spokenWeights = {
  input_hidden: { mean: 0.03, sd: 0.01 },
  hidden_hidden: { mean: 0, sd: 0.02 },
  hidden_output: { mean: 0, sd: 0.03 },
};

/** The comparison of losses on SHD: whole recordings, 256 recurrent neurons, no augmentation. */
function base(
  loss: object,
  { strength, tauMem, tauSyn, rate }: { strength: number; tauMem: number; tauSyn: number; rate: number },
  hiddenOutput: object = spokenWeights.hidden_output,
) {
  const taus = { tau_mem: tauMem, tau_syn: tauSyn };
  return {
    dataset: { kind: "shd", channels: 700 },
    input: { channel_scale: 1, time_scale: 1, time_step: 1 },
    augmentation: [],
    duration: 1400,
    network: {
      hidden: [{ size: 256, recurrent: true, ...taus, threshold: 1, train: [] }],
      output: { ...taus, train: [] },
      weights: { ...spokenWeights, hidden_output: hiddenOutput },
    },
    loss,
    regularization: {
      spike_count: kappa(strength),

      silent: { policy: "leave" },
      dropout: 0,
    },
    gradient_scale: paper(1),
    optimizer: { ...adam, learning_rate: rate, decay: 1 },
    batch_size: 32,
    epochs: 300,
    selection: { of: "train" },
  };
}

/** What the best runs on SHD and SSC have in common. */
function best(timeStep: number, strength: number) {
  return {
    input: {
      channel_scale: 1,
      time_scale: 1,
      time_step: timeStep,
      delay_line: { copies: 10, step: 30 },
    },
    duration: 1000,
    loss: { kind: "integral_cross_entropy", weighting: "exponential" },
    regularization: {
      spike_count: kappa(strength),

      silent: { policy: "lift_all", lift: 0.002 },
      dropout: 0,
    },
    gradient_scale: paper(timeStep),
    optimizer: {
      ...adam,
      learning_rate: 1e-3,
      decay: 1,
      ease_in: { from: 1e-3, factor: 1.05 },
      plateau: { of: "validation", fast: 0.8, slow: 0.85, patience: 50, factor: 0.5 },
    },
    batch_size: 32,
  };
}

const delayedWeights = { ...spokenWeights, input_hidden: { mean: 0.003, sd: 0.001 } };
const shift = { kind: "shift", channels: 40 };

interface Values {
  readonly input: object;
  readonly regularization: object;
  readonly network: { readonly weights: object; readonly [setting: string]: unknown };
  readonly [setting: string]: unknown;
}

const presets: Record<string, { validated: boolean; values: Values }> = {
  shd_base_sum: {
    validated: true,
    values: base(
      { kind: "integral_cross_entropy", weighting: "uniform" },
      { strength: 1e-12, tauMem: 20, tauSyn: 10, rate: 2e-3 },
    ),
  },
  shd_base_sum_exp: {
    validated: true,
    values: base(
      { kind: "integral_cross_entropy", weighting: "exponential" },
      { strength: 1e-9, tauMem: 40, tauSyn: 5, rate: 1e-3 },
    ),
  },
  shd_base_first_spike_exp: {
    validated: true,
    values: base(
      { kind: "first_spike", tau0: 1, tau1: 100, alpha: 5e-5, penalty: "exponential", phantom_spikes: true },
      { strength: 1e-7, tauMem: 40, tauSyn: 5, rate: 1e-3 },
      { mean: 1.2, sd: 0.6 },
    ),
  },
  shd_base_max: {
    validated: true,
    values: base({ kind: "max_cross_entropy" }, { strength: 5e-9, tauMem: 40, tauSyn: 10, rate: 2e-3 }),
  },
  shd_best: {
    validated: true,
    values: {
      ...best(2, 2.5e-10),
      dataset: { kind: "shd", channels: 700 },
      // The schedule saw the test part.
      split: { kind: "train_test" },
      augmentation: [shift],
      network: {
        hidden: [
          {
            size: 512,
            recurrent: true,
            tau_mem: 20,
            tau_syn: 5,
            threshold: 1,
            train: ["tau_mem", "tau_syn"],
            min_tau_mem: 3,
            min_tau_syn: 1,
          },
        ],
        output: { tau_mem: 20, tau_syn: 5, train: [] },
        weights: delayedWeights,
      },
      epochs: 100,
      selection: { of: "train" },
    },
  },
  ssc_best: {
    validated: true,
    values: {
      ...best(1, 5e-10),
      dataset: { kind: "shd", channels: 700 },
      split: { kind: "official" },
      augmentation: [shift, { kind: "blend", keep: [0.5, 0.5], total: 2 * 75466 }],
      network: {
        hidden: [
          {
            size: 1024,
            recurrent: true,
            tau_mem: { distribution: "gamma", shape: 3, mean: 20, min: 3, max: 60 },
            tau_syn: { distribution: "gamma", shape: 3, mean: 5, min: 1, max: 15 },
            threshold: 1,
            train: [],
          },
        ],
        output: { tau_mem: 20, tau_syn: 5, train: [] },
        weights: delayedWeights,
      },
      epochs: 50,
      selection: { of: "validation" },
    },
  },
  latency_mnist_paper: {
    validated: false,
    values: {
      dataset: { kind: "latency_mnist", train: 60000, test: 10000 },
      // Steps of 1 ms in the paper; here times are exact.
      input: { channel_scale: 1, time_scale: 1, time_step: 0 },
      augmentation: [{ kind: "dropout", probability: 0.2 }],
      duration: 20,
      network: {
        hidden: [{ size: 128, recurrent: false, tau_mem: 20, tau_syn: 5, threshold: 1, train: [] }],
        output: { tau_mem: 20, tau_syn: 5, train: [] },
        weights: { input_hidden: { mean: 0.078, sd: 0.045 }, hidden_output: { mean: 0.2, sd: 0.37 } },
      },
      loss: { kind: "integral_cross_entropy", weighting: "uniform" },
      regularization: { silent: { policy: "leave" }, dropout: 0 },
      gradient_scale: paper(1),
      optimizer: { ...adam, learning_rate: 1e-2, decay: 1 },
      batch_size: 32,
      epochs: 50,
    },
  },
  yinyang_paper: {
    validated: false,
    values: {
      dataset: { kind: "yinyang", train: 15360, test: 3072, train_seed: 123, test_seed: 456 },
      input: { channel_scale: 1, time_scale: 1, time_step: 0 },
      augmentation: [],
      duration: 30,
      network: {
        hidden: [{ size: 100, recurrent: false, tau_mem: 20, tau_syn: 5, threshold: 1, train: [] }],
        output: { tau_mem: 20, tau_syn: 5, train: [] },
        weights: { input_hidden: { mean: 1.5, sd: 0.78 }, hidden_output: { mean: 0.93, sd: 0.1 } },
      },
      loss: { kind: "first_spike", tau0: 0.5, alpha: 0.1, penalty: "hyperbolic", phantom_spikes: true },
      regularization: { silent: { policy: "leave" }, dropout: 0 },
      optimizer: { ...adam, learning_rate: 10 ** -2.5, beta2: 0.99, decay: 0.998 },
      batch_size: 512,
      epochs: 300,
    },
  },
};

describe.each(Object.entries(presets))("%s", (name, { validated, values }) => {
  test("has the published values", async () => {
    const config = resolveRun(await loadRunConfig(join(folder, `${name}.yaml`)), validated);
    expect(config).toMatchObject(values);
    // Nothing beside these: no other regulariser, no delay line, no delays.
    const { input, regularization, network } = config;
    expect({ input, regularization }).toEqual({ input: values.input, regularization: values.regularization });
    expect(network.weights).toEqual(values.network.weights);
    expect(network.delays).toEqual({});
  });
});
