/** Leaving out spikes at random. */
import type { RandomGenerator } from "pure-rand/types/RandomGenerator";
import type { Samples } from "../dataset.ts";
import { roomLike, withSpikes } from "./context.ts";
import { occurs } from "./occurs.ts";

/** Keeps each spike of trial i with probability `keep[i]`, independently. */
export function thin(samples: Samples, keep: Float64Array, random: RandomGenerator): Samples {
  const { offsets, times, sources } = samples;
  const thinned = roomLike(samples);
  let at = 0;
  for (let i = 0; i < keep.length; i++) {
    const probability = keep[i]!;
    const to = offsets[i + 1]!;
    for (let k = offsets[i]!; k < to; k++) {
      if (!occurs(random, probability)) continue;
      thinned.times[at] = times[k]!;
      thinned.sources[at] = sources[k]!;
      at++;
    }
    thinned.offsets[i + 1] = at;
  }
  return withSpikes(samples, thinned);
}
