/** What an epoch trains with: the augmented trials, and their order in batches; both follow from seed and epoch. */

import { batches, randomStream, stream } from "../base/random.ts";
import { type AugmentationContext, augment } from "../data/augment/augment.ts";
import type { Samples } from "../data/dataset.ts";
import type { RunConfig } from "./config/run.ts";

export interface EpochPlan {
  readonly samples: Samples;
  /** Indices of `samples`. */
  readonly batches: readonly Uint32Array[];
}

export function epochPlan(
  { seed, augmentation, batch_size }: RunConfig,
  pristine: Samples,
  context: Omit<AugmentationContext, "random">,
  epoch: number,
): EpochPlan {
  const random = randomStream(seed, stream.augmentation, epoch);
  const samples = augment(pristine, augmentation, { ...context, random });
  const order = randomStream(seed, stream.order, epoch);
  return { samples, batches: batches(samples.labels.length, batch_size, order) };
}
