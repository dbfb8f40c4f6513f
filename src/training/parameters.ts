/** Every parameter of a run by name, and which of them a step has taken out of the range of numbers. */
import { KernelError } from "../base/errors.ts";
import type { Batch } from "../engine/batch/batch.ts";
import { type AdamOptions, momentBytes } from "../engine/batch/optimizer.ts";
import { notFiniteAdjoint } from "../engine/failures.ts";
import { populationIndex, type Shape } from "../engine/kernel/shape.ts";
import { parameters } from "../model/parameters.ts";
import { parameterName, synapsesName } from "../model/tensors.ts";
import type { TrainedLayer } from "./config/network.ts";
import { hiddenNames, outputName, projectionName, trainedParameters } from "./config/parts.ts";
import type { RunConfig } from "./config/run.ts";
import { neuronParameters, neuronTensor } from "./neuronTensor.ts";
import type { About, ParameterTensor } from "./parameterTensor.ts";
import { delayTensor, weightTensor } from "./synapseTensors.ts";
import type { TrialPlace } from "./trials.ts";

/** Weights, then delays, of the projections in their order; then the populations' parameters in theirs. */
export function parameterTensors(config: RunConfig, engine: Batch): ParameterTensor[] {
  const trained = new Set(trainedParameters(config));
  const about = (name: string): About => ({
    name,
    trained: trained.has(name),
    adam: adamOptions(config, name),
  });
  const { projections } = engine.shape;
  const byProjection = [...projections.entries()]
    .sort(([, a], [, b]) => a.index - b.index)
    .flatMap(([p, { index, projection }]) => {
      const limits = config.network.delays[projectionName(projection)];
      const weight = weightTensor(engine, p, about(synapsesName(index, "weight")));
      return limits
        ? [weight, delayTensor(engine, p, limits, about(synapsesName(index, "delay")))]
        : [weight];
    });
  const layers: TrainedLayer[] = [...config.network.hidden, config.network.output];
  const byPopulation = [...hiddenNames(config.network), outputName].flatMap((name, k) => {
    const p = populationIndex(engine.shape, name);
    return neuronParameters.map((key) =>
      neuronTensor(engine, p, key, {
        ...about(parameterName(name, key)),
        floor: layers[k]![`min_${parameters[key].file}`] ?? 0,
        gradientFactor:
          key !== "threshold" && config.gradient_scale.kind === "paper"
            ? 1 / config.gradient_scale.time_step
            : 1,
      }),
    );
  });
  return [...byProjection, ...byPopulation];
}

function adamOptions({ optimizer }: RunConfig, name: string): AdamOptions {
  const group = optimizer.groups[name];
  return {
    rateFactor: group?.rate_factor ?? 1,
    beta1: group?.beta1 ?? optimizer.beta1,
    beta2: group?.beta2 ?? optimizer.beta2,
    epsilon: group?.epsilon ?? optimizer.epsilon,
  };
}

/** Bytes of the kernel's memory that the tensors and their moments will take. */
export function parameterBytes(config: RunConfig, shape: Shape, realBytes: number): number {
  const trained = new Set(trainedParameters(config));
  let bytes = 0;
  for (const { index, pre, stride } of shape.projections) {
    const own = pre * stride * realBytes;
    bytes += momentBytes(own);
    if (trained.has(synapsesName(index, "delay"))) bytes += momentBytes(own) + own + 64;
  }
  for (const { stride } of shape.populations) {
    const own = stride * realBytes;
    bytes += neuronParameters.length * (momentBytes(own) + 2 * own + 128);
  }
  return bytes;
}

/**
 * Why a step has left the range of numbers, with the recording and the neuron to blame.
 *
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
