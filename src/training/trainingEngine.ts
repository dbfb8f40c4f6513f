/** The engine that a plan of training needs, with room for its largest trial. */
import { mostAugmentedSpikes } from "../data/augment/augment.ts";
import type { Dataset } from "../data/dataset.ts";
import { mostTrialSpikes } from "../data/delayLine.ts";
import { Batch } from "../engine/batch/batch.ts";
import type { StartThreads } from "../engine/batch/threads.ts";
import type { TrainerConfig } from "./config/own.ts";
import { configuredLoss } from "./losses.ts";
import { parameterBytes } from "./parameters.ts";
import type { TrainingPlan } from "./plan.ts";

/** @throws ConfigError if network and batch need more than 4 GiB */
export async function trainingEngine(
  config: TrainerConfig,
  dataset: Dataset,
  { network, output, tensors }: TrainingPlan,
  threads: StartThreads,
): Promise<Batch> {
  const { duration, batch_size, lanes, precision, max_events } = config;
  const trained = tensors.filter((tensor) => tensor.trained);
  return Batch.create(network, {
    precision,
    duration,
    batchSize: batch_size,
    maxInputSpikes: mostInputSpikes(config, dataset),
    maxEvents: max_events,
    loss: configuredLoss(config.loss, output),
    neuronGradients: trained.some(({ place }) => place.kind === "parameter"),
    delayGradients: trained.some(({ place }) => place.kind === "delay"),
    silencing: config.regularization.dropout > 0,
    lanes,
    threads,
    spareBytes: (shape, realBytes) => parameterBytes(trained, shape, realBytes),
  });
}

/** Of any trial of any part, augmented ones included. */
function mostInputSpikes(config: TrainerConfig, { train, validation, test }: Dataset): number {
  const { input, augmentation } = config;
  const evaluated = [validation ?? test, test].map((samples) => mostTrialSpikes(samples, input));
  const asked = "max_input_spikes" in config ? (config.max_input_spikes ?? 0) : 0;
  return Math.max(asked, ...evaluated, mostAugmentedSpikes(mostTrialSpikes(train, input), augmentation));
}
