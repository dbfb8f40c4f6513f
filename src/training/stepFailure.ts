/** Why a step has left the range of numbers, with the recording and the neuron to blame. */

import { KernelError } from "../base/errors.ts";
import type { Batch } from "../engine/batch/batch.ts";
import { notFiniteAdjoint } from "../engine/failures.ts";
import type { ParameterTensor } from "./parameterTensor.ts";
import type { TrialPlace } from "./trials.ts";

/**
 * @param name of a parameter that is no longer finite
 * @param trials of the batch, in the engine's slots
 */
export function stepFailure(
  { trials: slots }: Batch,
  parameters: readonly ParameterTensor[],
  name: string,
  { place, samples }: TrialPlace,
  trials: Uint32Array,
): KernelError {
  const { shape, read } = parameters.find((parameter) => parameter.name === name)!;
  const values = read();
  const at = values.findIndex((value) => !Number.isFinite(value));
  const neuron = Math.floor((at * shape[0]!) / values.length);
  const recording = (slot: number) =>
    `${trials[slot]} of ${samples.source} (label ${samples.labels[trials[slot]!]})`;
  for (const slot of trials.keys()) {
    const blamed = notFiniteAdjoint(slots[slot]!);
    if (blamed) {
      return new KernelError(
        `${place}, recording ${recording(slot)}: ${blamed}, and with it ${name} of neuron ${neuron}; lower the learning rate`,
      );
    }
  }
  const all = `recordings ${[...trials].join(", ")} of ${samples.source}`;
  return new KernelError(
    `${place}: ${name} of neuron ${neuron} is no longer finite after a step along finite gradients of ${all}; lower the learning rate`,
  );
}
