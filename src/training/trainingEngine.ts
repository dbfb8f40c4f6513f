/** The engine that a configuration's training needs: its network before training, and room for its largest trial. */
import { ConfigError } from "../base/errors.ts";
import { mostAugmentedSpikes } from "../data/augment/augment.ts";
import type { Dataset } from "../data/dataset.ts";
import { delayLineChannels, mostTrialSpikes } from "../data/delayLine.ts";
import { Batch } from "../engine/batch/batch.ts";
import { workerThreads } from "../engine/batch/workerThreads.ts";
import type { Elementary } from "../engine/kernel/elementary.ts";
import { inputName } from "../model/network.ts";
import { type Ends, hiddenNames, outputName, projectionEnds, projectionName } from "./config/parts.ts";
import type { RunConfig } from "./config/run.ts";
import { initialNetwork } from "./initialize.ts";
import { configuredLoss } from "./losses.ts";
import { parameterBytes } from "./parameters.ts";

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
    loss: configuredLoss(config.loss, outputName),
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

const mostBytes = 2 ** 32;

/**
 * Whether a network can be trained in the 4 GiB that WebAssembly can address, before any weight is drawn. Counts what
 * grows with the square of the layers: weights, their gradients in each lane, their two moments.
 *
 * @param channels of the input, the copies of a delay line included
 * @param classes their number
 * @throws ConfigError naming the projection with the most synapses
 */
export function requireRoom(config: RunConfig, channels: number, classes: number): void {
  const { network, precision, batch_size, lanes } = config;
  const sizes = new Map(hiddenNames(network).map((name, k) => [name, network.hidden[k]!.size]));
  sizes.set(inputName, channels).set(outputName, classes);
  const synapses = ({ from, to }: Ends) => sizes.get(from)! * sizes.get(to)!;
  const ends = projectionEnds(network);
  const numberBytes = precision === "f32" ? 4 : 8;
  const arrays = 3 + Math.min(lanes, batch_size);
  const bytes = ends.reduce((sum, end) => sum + synapses(end), 0) * numberBytes * arrays;
  if (bytes <= mostBytes) return;
  const largest = ends.reduce((most, end) => (synapses(end) > synapses(most) ? end : most));
  throw new ConfigError(
    `network.hidden: expected weights that fit into 4 GiB with their moments and their gradients in ${arrays - 3} lanes, ` +
      `got ${synapses(largest)} synapses of ${projectionName(largest)} and ${(bytes / 2 ** 30).toFixed(1)} GiB; lower a size, or lanes`,
  );
}
