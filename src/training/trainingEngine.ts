/** The engine that a configuration's training needs: its network before training, and room for its largest trial. */
import { mostAugmentedSpikes } from "../data/augment/augment.ts";
import type { Dataset } from "../data/dataset.ts";
import { delayLineChannels, mostTrialSpikes } from "../data/delayLine.ts";
import { Batch } from "../engine/batch/batch.ts";
import { workerThreads } from "../engine/batch/workerThreads.ts";
import type { Elementary } from "../engine/kernel/elementary.ts";
import type { RunConfig } from "./config/run.ts";
import { configuredLoss } from "./configuredLoss.ts";
import { initialNetwork } from "./initialize.ts";
import { parameterBytes } from "./parameters.ts";
import { requireRoom } from "./room.ts";

/** @throws ConfigError if network and batch need more than 4 GiB */
export async function trainingEngine(
  config: RunConfig,
  dataset: Dataset,
  elementary: Elementary,
): Promise<Batch> {
  const { input, duration, batch_size, lanes, threads, precision, max_events, network } = config;
  const channels = delayLineChannels(dataset.channels, input);
  const classes = dataset.classes.length;
  requireRoom(config, channels, classes);
  const layers = [...network.hidden, network.output];
  return Batch.create(initialNetwork(config, channels, classes, elementary), {
    precision,
    duration,
    batchSize: batch_size,
    maxInputSpikes: mostInputSpikes(config, dataset),
    maxEvents: max_events,
    loss: configuredLoss(config.loss),
    neuronGradients: layers.some((layer) => layer.train.length > 0),
    delayGradients: Object.values(network.delays).some((delay) => delay.train),
    silencing: config.regularization.dropout > 0,
    lanes,
    threads: workerThreads(threads),
    spareBytes: (shape, realBytes) => parameterBytes(config, shape, realBytes),
  });
}

/** Of any trial of any part, augmented ones included. */
function mostInputSpikes({ input, augmentation }: RunConfig, { train, validation, test }: Dataset): number {
  const evaluated = [validation ?? test, test].map((samples) => mostTrialSpikes(samples, input));
  return Math.max(...evaluated, mostAugmentedSpikes(mostTrialSpikes(train, input), augmentation));
}
