/** Every parameter of a run by name. */
import type { Batch } from "../engine/batch/batch.ts";
import { type AdamOptions, momentBytes } from "../engine/batch/optimizer.ts";
import { populationIndex, type Shape } from "../engine/kernel/shape.ts";
import { parameters } from "../model/parameters.ts";
import { parameterName, synapsesName } from "../model/tensors.ts";
import type { TrainedLayer } from "./config/network.ts";
import { hiddenNames, outputName, projectionName } from "./config/projections.ts";
import type { RunConfig } from "./config/run.ts";
import { trainedParameters } from "./config/trained.ts";
import { delayTensor } from "./delayTensor.ts";
import { neuronParameters, neuronTensor } from "./neuronTensor.ts";
import type { About, ParameterTensor } from "./parameterTensor.ts";
import { weightTensor } from "./weightTensor.ts";

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
