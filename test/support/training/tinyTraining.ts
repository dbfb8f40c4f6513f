/** Trainings that take milliseconds: a few neurons on a few Yin-Yang points. */

import { workerThreads } from "../../../src/engine/batch/workerThreads.ts";
import { loadExperiment } from "../../../src/run/experiment.ts";
import { type ResolvedConfig, resolveRun } from "../../../src/training/config/resolve.ts";
import { runConfigSchema } from "../../../src/training/config/run.ts";
import { Trainer } from "../../../src/training/trainer.ts";

type Settings = Record<string, unknown>;

const layer = { size: 8, recurrent: false };
const weights = { input_hidden: { mean: 1.5, sd: 1.5 }, hidden_output: { mean: 0, sd: 1 } };

/** 3 batches an epoch. Settings are replaced whole, but for those of the network. */
export function tiny({ network, ...changes }: Settings = {}): Settings {
  return {
    dataset: { kind: "yinyang", train: 40, test: 12 },
    duration: 30,
    network: { hidden: [layer], weights, ...(network as Settings | undefined) },
    loss: { kind: "integral_cross_entropy", weighting: "uniform" },
    optimizer: { kind: "adam", learning_rate: 0.02, beta2: 0.99 },
    batch_size: 16,
    epochs: 3,
    precision: "f64",
    threads: 1,
    ...changes,
  };
}

/** Of one hidden layer with these settings. */
export function hidden(settings: Settings): Settings {
  return { hidden: [{ ...layer, ...settings }] };
}

export const withValidation = { split: { kind: "random", validation: 10 } };

/**
 * Every kind of state that a run carries from batch to batch or from epoch to epoch, in one run: a neuron that starts
 * silent, a learning rate that grows and drops, drawn augmentation and dropout, trained time constants.
 */
export const everyState: Settings = {
  ...withValidation,
  precision: "f32",
  augmentation: [
    { kind: "blend", total: 36 },
    { kind: "jitter", sd: 0.5 },
    { kind: "dropout", probability: 0.1 },
  ],
  network: {
    ...hidden({ recurrent: true, train: ["tau_mem", "tau_syn", "threshold"], threshold: 1.5 }),
    output: { train: ["tau_mem", "tau_syn"] },
    delays: { hidden_hidden: { min: 0.5, max: 4 } },
  },
  regularization: {
    spike_count: { target: 2, upper: 1e-3, lower: 1e-3 },
    silent: { policy: "redraw" },
    dropout: 0.2,
  },
  optimizer: {
    kind: "adam",
    learning_rate: 0.02,
    ease_in: { from: 0.1 },
    decay: 0.9,
    plateau: { patience: 1, fast: 0.1, slow: 0.9 },
  },
  epochs: 4,
};

export function resolved(changes: Settings = {}): ResolvedConfig {
  const config = runConfigSchema.parse(tiny(changes));
  return resolveRun(config, config.split.kind !== "official");
}

export async function trainerOf(changes: Settings = {}): Promise<Trainer> {
  const { config, dataset } = await loadExperiment(runConfigSchema.parse(tiny(changes)));
  return Trainer.create(config, dataset, workerThreads(config.threads));
}

/** Values of every parameter by name. */
export function parametersOf({ parameters }: Trainer): Record<string, number[]> {
  return Object.fromEntries(parameters.map(({ name, read }) => [name, [...read()]]));
}
