/** Every parameter of a run by name, as the optimiser moves it in the kernel's memory and as checkpoints hold it. */

import type { BatchEngine } from "../engine/batch/batchEngine.ts";
import { type AdamOptions, momentBytes, type OptimizedTensor } from "../engine/batch/optimizer.ts";
import { populationIndex, type Shape } from "../engine/kernel/shape.ts";
import type { TrainedLayer } from "./config/network.ts";
import { hiddenNames, outputName, projectionName } from "./config/projections.ts";
import type { RunConfig } from "./config/run.ts";
import { trainedParameters } from "./config/trained.ts";
import { delayTensor } from "./delayTensor.ts";
import { type NeuronParameter, neuronTensor } from "./neuronTensor.ts";
import { weightTensor } from "./weightTensor.ts";

/** A parameter of one shape: neurons [size], synapses [post][pre]. */
export interface ParameterTensor {
  readonly name: string;
  readonly shape: readonly number[];
  /** What the optimiser moves; absent if the parameter is not trained. */
  readonly optimized: OptimizedTensor | undefined;
  /** An array in the kernel's arrangement, e.g. of the values or of a moment, as one of `shape`; and back. */
  arranged(values: ArrayLike<number>): Float64Array<ArrayBuffer>;
  spread(values: ArrayLike<number>, into: Float64Array | Float32Array): void;
  /** The values, exactly. */
  read(): Float64Array<ArrayBuffer>;
  write(values: ArrayLike<number>): void;
  /** Makes the gradient from what the passes have left, where they do not give it as it is. */
  prepareGradient?(): void;
  /** Keeps the moved values in their range, and tells the kernel what depends on them. */
  publish?(): void;
}

const populationParameters: readonly NeuronParameter[] = ["tau_mem", "tau_syn", "threshold"];

/** Weights, then delays, of the projections in their order; then the populations' parameters in theirs. */
export function parameterTensors(config: RunConfig, engine: BatchEngine): ParameterTensor[] {
  const trained = new Set(trainedParameters(config));
  const about = (name: string) => ({ name, trained: trained.has(name), adam: adamOptions(config, name) });
  const { projections } = engine.shape;
  const byProjection = [...projections.entries()]
    .sort(([, a], [, b]) => a.index - b.index)
    .flatMap(([p, { projection }]) => {
      const name = projectionName(projection);
      const limits = config.network.delays[name];
      const weight = weightTensor(engine, p, about(`${name}.weight`));
      return limits ? [weight, delayTensor(engine, p, limits, about(`${name}.delay`))] : [weight];
    });
  const layers: TrainedLayer[] = [...config.network.hidden, config.network.output];
  const byPopulation = [...hiddenNames(config.network), outputName].flatMap((name, k) => {
    const p = populationIndex(engine.shape, name);
    return populationParameters.map((key) =>
      neuronTensor(engine, p, key, {
        ...about(`${name}.${key}`),
        floor: layers[k]![`min_${key}`] ?? 0,
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
  for (const { projection, pre, stride } of shape.projections) {
    const own = pre * stride * realBytes;
    bytes += momentBytes(own);
    if (trained.has(`${projectionName(projection)}.delay`)) bytes += momentBytes(own) + own + 64;
  }
  for (const { stride } of shape.populations) {
    const own = stride * realBytes;
    bytes += populationParameters.length * (momentBytes(own) + 2 * own + 128);
  }
  return bytes;
}
