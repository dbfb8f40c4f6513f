/** Random dilation: a whole trial is faster or slower. */
import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import type { Samples } from "../dataset.ts";
import { type AugmentationContext, roomLike, withSpikes } from "./context.ts";

/**
 * Multiplies the times of each trial by a factor of its own, whose logarithm is uniform between those of `from` and `to`.
 * Spikes that reach the end of the trial are dropped.
 */
export function dilate(
  samples: Samples,
  [from, to]: readonly [number, number],
  { duration, random, elementary: { exp, log } }: AugmentationContext,
): Samples {
  const { labels, offsets, times, sources } = samples;
  const dilated = { ...roomLike(samples), times: new Float64Array(times.length) };
  let at = 0;
  for (let i = 0; i < labels.length; i++) {
    const factor = exp(log(from) + (log(to) - log(from)) * uniformFloat64(random));
    const end = offsets[i + 1]!;
    for (let k = offsets[i]!; k < end; k++) {
      const time = times[k]! * factor;
      if (time >= duration) break;
      dilated.times[at] = time;
      dilated.sources[at] = sources[k]!;
      at++;
    }
    dilated.offsets[i + 1] = at;
  }
  return withSpikes(samples, dilated);
}
