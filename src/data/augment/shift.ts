/** Random shift: a whole trial moves up or down the channels, as another voice would. */
import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import type { Samples } from "../dataset.ts";
import { type AugmentationContext, roomLike, withSpikes } from "./context.ts";

/**
 * Moves each trial by a number of channels of its own, uniform in [−most, most) and cut towards zero: for a whole number
 * `most` every shift from 1 − most to most − 1 is equally likely but 0, which is twice as likely. Spikes that leave the
 * channels are dropped.
 */
export function shift(samples: Samples, most: number, { channels, random }: AugmentationContext): Samples {
  const { labels, offsets, times, sources } = samples;
  const moved = roomLike(samples);
  let at = 0;
  for (let i = 0; i < labels.length; i++) {
    const by = Math.trunc((2 * uniformFloat64(random) - 1) * most) | 0;
    const to = offsets[i + 1]!;
    for (let k = offsets[i]!; k < to; k++) {
      const channel = sources[k]! + by;
      if (channel < 0 || channel >= channels) continue;
      moved.times[at] = times[k]!;
      moved.sources[at] = channel;
      at++;
    }
    moved.offsets[i + 1] = at;
  }
  return withSpikes(samples, moved);
}
