/** A batch of trials through the forward pass: inputs in, outcomes out. */
import type { BatchEngine } from "../batch/batchEngine.ts";
import type { RunConfig } from "../config/run.ts";
import type { Samples } from "../data/dataset.ts";
import { trialInput } from "../data/delayLine.ts";
import { KernelError } from "../errors.ts";
import { predictedClass } from "./prediction.ts";
import type { TrialOutcome } from "./records.ts";

export interface TrialPlace {
  readonly config: RunConfig;
  readonly samples: Samples;
  /** Of the samples, before the delay line. */
  readonly channels: number;
  /** Starts messages, e.g. `epoch 3, batch 12`. */
  readonly place: string;
}

/**
 * Runs the samples' trials with these indices, at most as many as the engine has slots, and tells each one's outcome in
 * their order.
 *
 * @throws KernelError naming the place, the recording and what went wrong in it
 */
export function runTrials(
  engine: BatchEngine,
  { config, samples, channels, place }: TrialPlace,
  trials: ArrayLike<number>,
  forGradients: boolean,
  tell: (slot: number, outcome: TrialOutcome) => void,
): void {
  const { input, duration, loss } = config;
  for (let slot = 0; slot < trials.length; slot++) {
    const index = trials[slot]!;
    const spikes = trialInput(samples, index, input, channels, duration, engine.input(slot));
    engine.setTrial(slot, spikes, samples.labels[index]!);
  }
  engine.evaluate(trials.length, forGradients);
  for (let slot = 0; slot < trials.length; slot++) {
    const label = samples.labels[trials[slot]!]!;
    const { loss: value, readout } = engine.outcome(slot);
    const failure = engine.failure(slot) ?? lossFailure(value, readout);
    if (failure) {
      const where = `${place}, recording ${trials[slot]} of ${samples.source} (label ${label})`;
      throw new KernelError(`${where}: ${failure.message}`);
    }
    tell(slot, { label, predicted: predictedClass(loss, readout, duration), loss: value });
  }
}

function lossFailure(loss: number, readout: Float64Array): KernelError | undefined {
  if (Number.isFinite(loss)) return undefined;
  const neuron = readout.findIndex((value) => !Number.isFinite(value));
  const blamed = neuron >= 0 ? `, the readout of output neuron ${neuron} is ${readout[neuron]}` : "";
  return new KernelError(`the loss is ${loss}${blamed}`);
}
