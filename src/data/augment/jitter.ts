/** Jitter of channels: each spike moves by a number of channels of its own. */
import type { Samples } from "../dataset.ts";
import { type AugmentationContext, roomLike, withSpikes } from "./context.ts";
import { drawRounded, roundedNormal } from "./roundedNormal.ts";

/** Moves each spike by a normal number of standard deviation `sd`, rounded; those that leave the channels are dropped. */
export function jitter(
  samples: Samples,
  sd: number,
  { channels, random, elementary }: AugmentationContext,
): Samples {
  if (sd === 0) return samples;
  const { labels, offsets, times, sources } = samples;
  const table = roundedNormal(sd, channels, elementary);
  const moved = roomLike(samples);
  let at = 0;
  for (let i = 0; i < labels.length; i++) {
    const to = offsets[i + 1]!;
    for (let k = offsets[i]!; k < to; k++) {
      const channel = sources[k]! + drawRounded(table, random);
      if (channel < 0 || channel >= channels) continue;
      moved.times[at] = times[k]!;
      moved.sources[at] = channel;
      at++;
    }
    moved.offsets[i + 1] = at;
  }
  return withSpikes(samples, moved);
}
