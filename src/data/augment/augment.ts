/** One epoch's training trials, made anew from the pristine ones. */

import { ConfigError } from "../../base/errors.ts";
import type { Samples } from "../dataset.ts";
import type { AugmentationConfig } from "../settings.ts";
import { balanceClasses, balancedTrials } from "./balanceClasses.ts";
import { blend } from "./blend.ts";
import type { AugmentationContext } from "./context.ts";
import { jitter } from "./jitter.ts";
import { dilate, dropout, normalizeSpikeNumber, shift } from "./oneTrial.ts";

export type { AugmentationContext } from "./context.ts";

/**
 * Applies the steps one after another, all drawing from the same generator; `samples` are not changed. Times within a
 * trial stay ascending and within the trial, coincident spikes stay in their order; several spikes of a channel may
 * coincide afterwards.
 */
export function augment(
  samples: Samples,
  steps: readonly AugmentationConfig[],
  context: AugmentationContext,
): Samples {
  return steps.reduce((current, step) => augmentOnce(current, step, context), samples);
}

/** The most spikes that a trial can have after the steps if one has `most` before. */
export function mostAugmentedSpikes(most: number, steps: readonly AugmentationConfig[]): number {
  return steps.reduce((bound, step) => (step.kind === "blend" ? bound * step.keep.length : bound), most);
}

/**
 * @param labels of the pristine trials
 * @throws ConfigError for a blend that would add no trial
 */
export function requireBlends(labels: Uint16Array, steps: readonly AugmentationConfig[]): void {
  let trials = labels.length;
  for (const [k, step] of steps.entries()) {
    if (step.kind === "balance_classes") trials = Math.min(trials, balancedTrials(labels));
    if (step.kind !== "blend") continue;
    if (step.total <= trials)
      throw new ConfigError(
        `augmentation[${k}].total: expected more than the ${trials} training trials, got ${step.total}`,
      );
    trials = step.total;
  }
}

function augmentOnce(samples: Samples, step: AugmentationConfig, context: AugmentationContext): Samples {
  switch (step.kind) {
    case "shift":
      return shift(samples, step.channels, context);
    case "blend":
      return blend(samples, step.keep, step.total, context);
    case "dilate":
      return dilate(samples, step.factors, context);
    case "jitter":
      return jitter(samples, step.sd, context);
    case "dropout":
      return dropout(samples, step.probability, context);
    case "normalize_spike_number":
      return normalizeSpikeNumber(samples, context);
    case "balance_classes":
      return balanceClasses(samples, context);
  }
}
