/** Input dropout: each spike is missed with the same probability. */
import type { Samples } from "../dataset.ts";
import type { AugmentationContext } from "./context.ts";
import { thin } from "./thin.ts";

/** @param probability of being left out */
export function dropout(samples: Samples, probability: number, { random }: AugmentationContext): Samples {
  return thin(samples, new Float64Array(samples.labels.length).fill(1 - probability), random);
}
