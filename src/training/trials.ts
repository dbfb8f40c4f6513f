/** Trials through the forward pass: inputs in, outcomes out; a batch of them, or a whole part of a data set. */
import { KernelError } from "../base/errors.ts";
import type { Samples } from "../data/dataset.ts";
import { trialInput } from "../data/delayLine.ts";
import type { Batch } from "../engine/batch/batch.ts";
import { populationIndex } from "../engine/kernel/shape.ts";
import type { TrainerConfig } from "./config/own.ts";
import { predictedClass } from "./losses.ts";
import { type Score, Tally, type TrialOutcome } from "./records.ts";

export interface TrialPlace {
  readonly config: TrainerConfig;
  readonly samples: Samples;
  /** Of the samples, before the delay line. */
  readonly channels: number;
  /** Starts messages, e.g. `epoch 3, batch 12`. */
  readonly place: string;
}

/** Trials whose spikes lie in the engine's slots, ready to run. */
export interface ReadyTrials {
  readonly trials: ArrayLike<number>;
  readonly spikes: readonly number[];
}

/** Writes the spikes of the trials with these indices, at most as many as the engine has slots. */
export function readyTrials(
  engine: Batch,
  { config, samples, channels }: TrialPlace,
  trials: ArrayLike<number>,
): ReadyTrials {
  const { input, duration } = config;
  const spikes = Array.from(trials, (index, slot) =>
    trialInput(samples, index, input, channels, duration, engine.input(slot)),
  );
  return { trials, spikes };
}

/**
 * Runs trials of the place's samples and tells each one's outcome in their order.
 *
 * @throws KernelError naming the place, the recording and what went wrong in it
 */
export function runTrials(
  engine: Batch,
  { config, samples, place }: TrialPlace,
  { trials, spikes }: ReadyTrials,
  forGradients: boolean,
  tell: (slot: number, outcome: TrialOutcome) => void,
): void {
  const { duration, loss } = config;
  for (let slot = 0; slot < trials.length; slot++)
    engine.setTrial(slot, spikes[slot]!, samples.labels[trials[slot]!]!);
  engine.evaluate(trials.length, forGradients);
  for (let slot = 0; slot < trials.length; slot++) {
    const label = samples.labels[trials[slot]!]!;
    const { loss: value, readout } = engine.outcome(slot);
    const failure = engine.failure(slot) ?? lossFailure(value, readout);
    if (failure) {
      const where = `${place}, recording ${trials[slot]} of ${samples.source} (label ${label})`;
      throw new KernelError(`${where}: ${failure.message}`);
    }
    tell(slot, { label, predicted: predictedClass(loss.kind, readout, duration), loss: value, readout });
  }
}

function lossFailure(loss: number, readout: Float64Array): KernelError | undefined {
  if (Number.isFinite(loss)) return undefined;
  const neuron = readout.findIndex((value) => !Number.isFinite(value));
  const blamed = neuron >= 0 ? `, the readout of output neuron ${neuron} is ${readout[neuron]}` : "";
  return new KernelError(`the loss is ${loss}${blamed}`);
}

/** How the trials of a part went. */
export interface PartResult {
  /** All of them together. */
  readonly score: Score;
  /** Of each, in the order of the trials. */
  readonly outcomes: readonly TrialOutcome[];
  /** Mean spikes per trial of each neuron of each hidden layer. */
  readonly meanCounts: readonly Float64Array[];
}

/**
 * The trials of a part of a data set with the parameters as they are.
 *
 * @param hidden populations whose spikes are counted
 * @param told is called after every batch; false ends it, and nothing comes out
 * @throws KernelError naming the recording that fails
 */
export async function evaluatePart(
  engine: Batch,
  place: TrialPlace,
  hidden: readonly string[],
  told: (score: Score) => Promise<boolean> = async () => true,
): Promise<PartResult | undefined> {
  const { populations } = engine.shape;
  const layers = hidden.map((name) => populationIndex(engine.shape, name));
  const tally = new Tally(layers.map((p) => populations[p]!.population.size));
  const outcomes: TrialOutcome[] = [];
  const trials = Array.from(place.samples.labels.keys());
  for (let from = 0; from < trials.length; from += place.config.batch_size) {
    const batch = trials.slice(from, from + place.config.batch_size);
    runTrials(engine, place, readyTrials(engine, place, batch), false, (slot, outcome) => {
      outcomes.push(outcome);
      tally.add(outcome.loss, outcome.predicted === outcome.label);
      for (const [layer, p] of layers.entries()) tally.addCounts(layer, engine.counts(slot, p));
    });
    if (!(await told(tally.score))) return undefined;
  }
  const meanCounts = tally.counts.map((counts) => counts.map((count) => count / trials.length));
  return { score: tally.score, outcomes, meanCounts };
}
