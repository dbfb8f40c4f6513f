/** Trials that all have the same number of spikes, in expectation: how many there are then tells nothing. */
import type { Samples } from "../dataset.ts";
import type { AugmentationContext } from "./context.ts";
import { thin } from "./thin.ts";

/**
 * Keeps each spike of a trial of n with probability m/n, m the fewest that a trial has. Silent trials do not count, or
 * one of them would silence all.
 */
export function normalizeSpikeNumber(samples: Samples, { random }: AugmentationContext): Samples {
  const counts = Uint32Array.from(samples.labels, (_, i) => samples.offsets[i + 1]! - samples.offsets[i]!);
  const fewest = counts.reduce((least, count) => (count > 0 && count < least ? count : least), 2 ** 32);
  const keep = Float64Array.from(counts, (count) => (count > 0 ? fewest / count : 1));
  return thin(samples, keep, random);
}
