/** What a trainer trains and how: a network before training, and each of its parameters by name. */
import type { Dataset } from "../data/dataset.ts";
import { delayLineChannels } from "../data/delayLine.ts";
import type { AdamOptions } from "../engine/batch/optimizer.ts";
import type { Elementary } from "../engine/kernel/elementary.ts";
import type { Network } from "../model/network.ts";
import { type Parameter, parameterNames, parameters } from "../model/parameters.ts";
import { parameterName, synapsesName, type TensorPlace } from "../model/tensors.ts";
import { requireRoom } from "./config/check.ts";
import { type Trainable, type TrainedLayer, usualFloors } from "./config/network.ts";
import type { OptimizerConfig } from "./config/optimizer.ts";
import {
  type Ends,
  hiddenNames,
  type Normal,
  outputName,
  projectionName,
  trainedParameters,
  weightDistribution,
} from "./config/parts.ts";
import type { RunConfig } from "./config/run.ts";
import { initialNetwork } from "./initialize.ts";
import { gradientScale } from "./losses.ts";

export interface TrainingPlan {
  /** Before training; the trainer's own copy. */
  readonly network: Network;
  /** Populations that spike and are no output: their activity is counted, regularised and silenced. */
  readonly hidden: readonly string[];
  /** The population that tells the class. */
  readonly output: string;
  /** Every parameter that a checkpoint holds, in its order. */
  readonly tensors: readonly PlannedTensor[];
  /** Factor of every gradient. */
  readonly scale: number;
  /** What weights that fell silent are drawn from again. */
  readonly distribution: (ends: Ends) => Normal;
}

/** A parameter, and how it is trained if it is. */
export interface PlannedTensor {
  readonly name: string;
  readonly place: TensorPlace;
  readonly trained: boolean;
  readonly adam: AdamOptions;
  /** Trained values never leave these, but for their rounding to the kernel's precision. */
  readonly min: number;
  readonly max: number;
  /** Of this tensor's gradient, beside the plan's scale. */
  readonly gradientFactor: number;
}

/** Whether training may change a parameter of neurons. */
export function isTrainable(parameter: Parameter): parameter is Trainable {
  return usualFloors[parameter] !== undefined;
}

const trainable = parameterNames.filter(isTrainable);

/** Of a trained tensor; parameters of neurons have no synapses whose gradients could be compared. */
export function adamOptions(
  optimizer: OptimizerConfig,
  name: string,
  kind: TensorPlace["kind"],
): AdamOptions {
  const group = optimizer.groups[name];
  return {
    rateFactor: group?.rate_factor ?? 1,
    beta1: group?.beta1 ?? optimizer.beta1,
    beta2: group?.beta2 ?? optimizer.beta2,
    epsilon: group?.epsilon ?? optimizer.epsilon,
    normalized: optimizer.normalize === "neuron" && kind !== "parameter",
  };
}

/**
 * Of a configuration: weights, then delays where there are any, of the projections in their order; then the populations'
 * parameters in theirs.
 *
 * @throws ConfigError if its weights do not fit into 4 GiB
 */
export function configuredPlan(config: RunConfig, dataset: Dataset, elementary: Elementary): TrainingPlan {
  const channels = delayLineChannels(dataset.channels, config.input);
  const classes = dataset.classes.length;
  requireRoom(config, channels, classes);
  const network = initialNetwork(config, channels, classes, elementary);
  const trained = new Set(trainedParameters(config));
  const about = (name: string, place: TensorPlace) => ({
    name,
    place,
    trained: trained.has(name),
    adam: adamOptions(config.optimizer, name, place.kind),
    gradientFactor: 1,
  });
  const free = { min: -Infinity, max: Infinity };
  const ofProjections = network.projections.flatMap((ends, projection): PlannedTensor[] => {
    const limits = config.network.delays[projectionName(ends)];
    const weight = synapsesName(projection, "weight");
    const delay = synapsesName(projection, "delay");
    return [
      { ...about(weight, { kind: "weight", projection }), ...free },
      ...(limits
        ? [
            {
              ...about(delay, { kind: "delay", projection }),
              min: limits.min,
              max: limits.max,
            },
          ]
        : []),
    ];
  });
  const layers: TrainedLayer[] = [...config.network.hidden, config.network.output];
  const ofPopulations = network.populations.flatMap(({ name }, population) =>
    trainable.map((parameter): PlannedTensor => {
      const isTau = parameters[parameter].legal === "time";
      const { gradient_scale: scale } = config;
      return {
        ...about(parameterName(name, parameter), { kind: "parameter", population, parameter }),
        min: layers[population]![`min_${parameters[parameter].file}`] ?? 0,
        max: Infinity,
        gradientFactor: isTau && scale.kind === "paper" ? 1 / scale.time_step : 1,
      };
    }),
  );
  return {
    network,
    hidden: hiddenNames(config.network),
    output: outputName,
    tensors: [...ofProjections, ...ofPopulations],
    scale: gradientScale(config),
    distribution: (ends) => weightDistribution(config, ends),
  };
}
