/** What is done to each trial by itself: it is faster or slower, moves along the channels, or loses spikes. */
import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import type { RandomGenerator } from "pure-rand/types/RandomGenerator";
import type { Samples } from "../dataset.ts";
import { type AugmentationContext, roomLike, withSpikes } from "./context.ts";

/**
 * Random dilation. Multiplies the times of each trial by a factor of its own, whose logarithm is uniform between those of `from` and `to`.
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

/**
 * Random shift, as to another voice. Moves each trial by a number of channels of its own, uniform in [−most, most) and cut towards zero: for a whole number
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

/** Each spike is missed with the same probability. */
export function dropout(samples: Samples, probability: number, { random }: AugmentationContext): Samples {
  return thin(samples, new Float64Array(samples.labels.length).fill(1 - probability), random);
}

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

/** Keeps each spike of trial i with probability `keep[i]`, independently. */
function thin(samples: Samples, keep: Float64Array, random: RandomGenerator): Samples {
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

/**
 * True with `probability`, to within 2⁻⁸⁵: only where 32 random bits leave it open, once in 2³² times, are more drawn.
 */
export function occurs(random: RandomGenerator, probability: number): boolean {
  const margin = probability * 2 ** 32 - (random.next() >>> 0);
  if (margin >= 1) return true;
  return margin > 0 && uniformFloat64(random) < margin;
}
