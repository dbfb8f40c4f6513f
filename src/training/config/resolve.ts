/** A configuration with everything spelt out that depends on the data set or on other settings. */
import { ConfigError } from "../../base/errors.ts";
import type { AccuracyOf } from "./optimizer.ts";
import { projectionEnds, projectionName, weightDistribution } from "./parts.ts";
import { type RunConfig, runConfigSchema } from "./run.ts";

/** A decision that says on which accuracy it rests. */
export interface Decided {
  readonly of: AccuracyOf;
}

/** Every decision says on which accuracy it rests, and every projection has its weights. */
export type ResolvedConfig = RunConfig & {
  readonly optimizer: { readonly plateau?: Decided | undefined };
  readonly stopping: Decided;
  readonly selection: Decided;
};

/**
 * Keys come in the schema's order, as they do where the result has been written down and is read again: the same run
 * always writes the same bytes.
 *
 * @param hasValidation whether the data set, split as configured, has a validation part
 * @throws ConfigError if a decision is to rest on a validation part and there is none
 */
export function resolveRun(config: RunConfig, hasValidation: boolean): ResolvedConfig {
  const { network } = config;
  const ends = projectionEnds(network);
  const weights = Object.fromEntries(
    ends.map((end) => [projectionName(end), weightDistribution(config, end)]),
  );
  const resolved = {
    ...config,
    network: { ...network, weights },
    ...decisions(config, hasValidation),
  };
  return runConfigSchema.parse(resolved) as ResolvedConfig;
}

/**
 * What rests on an accuracy, with the accuracy spelt out.
 *
 * @throws ConfigError as `resolveRun`
 */
export function decisions<Optimizer extends RunConfig["optimizer"]>(
  config: Pick<RunConfig, "stopping" | "selection"> & { readonly optimizer: Optimizer },
  hasValidation: boolean,
) {
  const decided = <Rule extends { readonly of?: AccuracyOf | undefined }>(rule: Rule, place: string) => {
    if (rule.of === "validation" && !hasValidation)
      throw new ConfigError(
        `${place}.of: expected "train", as the data set has no validation part, or another split, got "validation"`,
      );
    const of: AccuracyOf = rule.of ?? (hasValidation ? "validation" : "train");
    return { ...rule, of };
  };
  const { optimizer } = config;
  const { plateau } = optimizer;
  return {
    optimizer: { ...optimizer, plateau: plateau && decided(plateau, "optimizer.plateau") },
    stopping: decided(config.stopping, "stopping"),
    selection: decided(config.selection, "selection"),
  };
}
