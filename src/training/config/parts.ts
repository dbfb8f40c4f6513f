/** The parts of a run's network by name, which configurations, checkpoints and reports share. */
import { ConfigError } from "../../base/errors.ts";
import { losses } from "../../model/losses.ts";
import { inputName } from "../../model/network.ts";
import { parameterNames, parameters } from "../../model/parameters.ts";
import { parameterName, synapsesName } from "../../model/tensors.ts";
import type { NetworkConfig } from "./network.ts";
import type { RunConfig } from "./run.ts";

export const outputName = "output";

/** `hidden` of a network with one hidden layer, else `hidden1`, `hidden2`, … */
export function hiddenNames({ hidden }: NetworkConfig): string[] {
  return hidden.length === 1 ? ["hidden"] : hidden.map((_, k) => `hidden${k + 1}`);
}

export interface Ends {
  readonly from: string;
  readonly to: string;
}

/** Input → hidden (→ itself) → … → output, in this order. */
export function projectionEnds(network: NetworkConfig): Ends[] {
  const ends: Ends[] = [];
  let from = inputName;
  hiddenNames(network).forEach((name, k) => {
    ends.push({ from, to: name });
    if (network.hidden[k]!.recurrent) ends.push({ from: name, to: name });
    from = name;
  });
  return [...ends, { from, to: outputName }];
}

/** `input_hidden`, `hidden_hidden`, `hidden1_hidden2`, … */
export function projectionName({ from, to }: Ends): string {
  return `${from}_${to}`;
}

/**
 * The names of what a run trains, as in result files: weights and delays of projections in their order, then what is
 * trained of populations in theirs.
 */
export function trainedParameters({ network }: RunConfig): string[] {
  const ofProjections = projectionEnds(network).flatMap((ends, k) => {
    const delays = network.delays[projectionName(ends)]?.train === true ? [synapsesName(k, "delay")] : [];
    return [synapsesName(k, "weight"), ...delays];
  });
  const layers = [...network.hidden, network.output];
  const ofPopulations = [...hiddenNames(network), outputName].flatMap((name, k) => {
    const trained: readonly string[] = layers[k]!.train;
    return parameterNames
      .filter((key) => trained.includes(parameters[key].file))
      .map((key) => parameterName(name, key));
  });
  return [...ofProjections, ...ofPopulations];
}

/** A normal distribution. */
export interface Normal {
  /** Mean. */
  readonly mean: number;
  /** Standard deviation, ≥ 0. */
  readonly sd: number;
}

/** How the weights of a projection are distributed before training: as configured, else as in [NTK25] for spoken words. */
export function weightDistribution(config: RunConfig, ends: Ends): Normal {
  const name = projectionName(ends);
  const own = config.network.weights[name];
  if (own && "drive" in own)
    throw new ConfigError(`network.weights.${name}.drive: expected data to find the weights by`);
  return own ?? defaultDistribution(config, ends);
}

/** A delay line repeats every spike some ten times, so that its weights start ten times smaller. */
function defaultDistribution({ input, loss }: RunConfig, { from, to }: Ends): Normal {
  if (from === inputName)
    return input.delay_line === undefined ? { mean: 0.03, sd: 0.01 } : { mean: 0.003, sd: 0.001 };
  if (to === outputName)
    return losses[loss.kind].reads === "lif" ? { mean: 1.2, sd: 0.6 } : { mean: 0, sd: 0.03 };
  return from === to ? { mean: 0, sd: 0.02 } : { mean: 0.02, sd: 0.01 };
}
