/** Training: epochs of mini-batches through the exact engine, and a test after each. */
import type { RandomGenerator } from "pure-rand/types/RandomGenerator";
import { type Dataset, inputOf, mostSpikes, type Samples } from "../data/dataset.ts";
import { Engine } from "../engine.ts";
import { KernelError } from "../errors.ts";
import { randomStream, stream } from "../random.ts";
import { Adam } from "./adam.ts";
import { batches } from "./batches.ts";
import type { RunConfig } from "./config.ts";
import { initialNetwork } from "./initialize.ts";
import { Tally } from "./tally.ts";

/** What an epoch did. Losses are means over trials, accuracies fractions of them. */
export interface EpochRecord {
  /** From 1. */
  readonly epoch: number;
  readonly learningRate: number;
  /** Of every trial with the weights of its batch. */
  readonly trainLoss: number;
  readonly trainAccuracy: number;
  /** With the weights at the end of the epoch. */
  readonly testLoss: number;
  readonly testAccuracy: number;
  /** Spikes of the hidden layer per trial of training. */
  readonly hiddenSpikes: number;
  readonly trainSeconds: number;
  readonly testSeconds: number;
}

/** How far an epoch has come; loss and accuracy are means over its `trials` so far. */
export interface Standing {
  readonly epoch: number;
  readonly part: "train" | "test";
  readonly trials: number;
  readonly loss: number;
  readonly accuracy: number;
}

/** Told of what happens, in the order in which it does. */
export interface Listener {
  /** After every batch of training, and as often in a test. */
  standing?(standing: Standing): void;
  epoch?(record: EpochRecord): void;
}

export interface Trained {
  readonly history: readonly EpochRecord[];
  /** With the weights after the last epoch. */
  readonly engine: Engine;
}

/**
 * Trains the network of `config` on a data set. The gradient of a batch is the mean over its trials; the answer to a
 * trial is the class with the largest readout. Every run gives the same bits, but for the seconds.
 *
 * @throws KernelError a loss that is no number, or a trial that fails; the message names epoch, batch and recording
 */
export async function train(config: RunConfig, dataset: Dataset, listener: Listener = {}): Promise<Trained> {
  const engine = await Engine.create(initialNetwork(config, dataset.channels, dataset.classes.length), {
    precision: config.precision,
    duration: config.duration,
    maxInputSpikes: Math.max(mostSpikes(dataset.train), mostSpikes(dataset.test)),
  });
  const adam = adamOf(config, engine);
  const order = randomStream(config.seed, stream.order);
  const history: EpochRecord[] = [];
  for (let epoch = 1; epoch <= config.epochs; epoch++) {
    const pass = { config, engine, listener, epoch };
    const start = performance.now();
    const trained = trainEpoch({ ...pass, samples: dataset.train }, adam, order);
    const between = performance.now();
    const tested = testEpoch({ ...pass, samples: dataset.test });
    const record: EpochRecord = {
      epoch,
      learningRate: adam.learningRate,
      trainLoss: trained.loss,
      trainAccuracy: trained.accuracy,
      testLoss: tested.loss,
      testAccuracy: tested.accuracy,
      hiddenSpikes: trained.spikes,
      trainSeconds: (between - start) / 1000,
      testSeconds: (performance.now() - between) / 1000,
    };
    history.push(record);
    listener.epoch?.(record);
    if (tested.accuracy >= (config.stop_at_accuracy ?? Infinity)) break;
    adam.learningRate *= config.optimizer.decay;
  }
  return { history, engine };
}

function adamOf({ optimizer }: RunConfig, engine: Engine): Adam {
  const parameters = engine.projections.map(({ weight, weightGradient }) => ({
    values: weight,
    gradients: weightGradient,
  }));
  const { learning_rate: learningRate, beta1, beta2, epsilon } = optimizer;
  return new Adam(parameters, { learningRate, beta1, beta2, epsilon });
}

/** One pass over the trials of a data set. */
interface Pass {
  readonly config: RunConfig;
  readonly samples: Samples;
  readonly engine: Engine;
  readonly listener: Listener;
  readonly epoch: number;
}

function trainEpoch(pass: Pass, adam: Adam, order: RandomGenerator): Tally {
  const tally = new Tally();
  const parts = batches(pass.samples.labels.length, pass.config.batch_size, order);
  for (const [k, batch] of parts.entries()) {
    pass.engine.clearGradients();
    for (const trial of batch) runTrial(pass, trial, `batch ${k + 1}`, "accumulateWeightGradient", tally);
    adam.step(1 / batch.length);
    tell(pass, "train", tally);
  }
  return tally;
}

function testEpoch(pass: Pass): Tally {
  const tally = new Tally();
  for (let trial = 0; trial < pass.samples.labels.length; trial++) {
    runTrial(pass, trial, "test", "evaluate", tally);
    if (tally.trials % pass.config.batch_size === 0) tell(pass, "test", tally);
  }
  return tally;
}

function tell({ listener, epoch }: Pass, part: Standing["part"], { trials, loss, accuracy }: Tally): void {
  listener.standing?.({ epoch, part, trials, loss, accuracy });
}

function runTrial(
  { config, samples, engine, epoch }: Pass,
  trial: number,
  place: string,
  how: "evaluate" | "accumulateWeightGradient",
  tally: Tally,
): void {
  const label = samples.labels[trial]!;
  try {
    const solved = engine[how](inputOf(samples, trial), { ...config.loss, target: label });
    const spikes = engine.spikeCounts("hidden").reduce((sum, count) => sum + count, 0);
    tally.add(solved, label, spikes);
  } catch (error) {
    if (!(error instanceof KernelError)) throw error;
    const where = `epoch ${epoch}, ${place}, recording ${trial} of ${samples.source} (label ${label})`;
    throw new KernelError(`${where}: ${error.message}`);
  }
}
