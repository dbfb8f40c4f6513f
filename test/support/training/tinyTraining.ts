/** Trainings that take milliseconds: a few neurons on a few Yin-Yang points. */

import { workerThreads } from "../../../src/engine/batch/workerThreads.ts";
import { loadExperiment } from "../../../src/run/experiment.ts";
import { type ResolvedConfig, resolveRun } from "../../../src/training/config/resolve.ts";
import { runConfigSchema } from "../../../src/training/config/run.ts";
import { Trainer } from "../../../src/training/trainer.ts";
import { everyState as carried } from "./everyState.mjs";

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

/** Every kind of state in one run, with recordings put aside for validation. */
export const everyState: Settings = { ...withValidation, ...carried, epochs: 4 };

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
