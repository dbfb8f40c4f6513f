/** Jitter of channels: each spike moves by a number of channels of its own. */

import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import type { RandomGenerator } from "pure-rand/types/RandomGenerator";
import type { Elementary } from "../../engine/kernel/elementary.ts";
import type { Samples } from "../dataset.ts";
import { type AugmentationContext, roomLike, withSpikes } from "./context.ts";

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

/**
 * A table for drawing integers −reach … reach in constant time (A. J. Walker's alias method): column c is an equally
 * likely draw, and stands for the integer c − reach with probability `own[c]`, else for `other[c]` − reach.
 */
export interface AliasTable {
  readonly reach: number;
  readonly own: Float64Array;
  readonly other: Uint32Array;
}

/** Mass of the normal distribution beyond so many standard deviations: below 3e-19. */
const furthest = 9;

/** √(1/2π) */
const peak = 0.3989422804014327;

/**
 * Of a normal number of mean 0 and standard deviation `sd`, rounded, for one spike after another: two look-ups each, where
 * an exact normal number costs some 17 uniform ones. What lies beyond `most` either way is given to
 * ±`most` themselves. The table's probabilities are right to within 4e-15.
 */
export function roundedNormal(sd: number, most: number, elementary: Elementary): AliasTable {
  const reach = Math.min(Math.ceil(furthest * sd), most);
  const probabilities = new Float64Array(2 * reach + 1);
  let below = 0;
  for (let k = 0; k <= reach; k++) {
    const upTo = k < reach ? massFromZero((k + 0.5) / sd, elementary) : 0.5;
    probabilities[reach + k] = k === 0 ? 2 * upTo : upTo - below;
    probabilities[reach - k] = probabilities[reach + k]!;
    below = upTo;
  }
  return aliasTable(reach, probabilities);
}

export function drawRounded({ reach, own, other }: AliasTable, random: RandomGenerator): number {
  const place = uniformFloat64(random) * own.length;
  const column = Math.floor(place);
  return (place - column < own[column]! ? column : other[column]!) - reach;
}

/**
 * The standard normal distribution's mass between 0 and z ≥ 0, to within 1e-15:
 * e^(−z²/2)/√(2π) · (z + z³/3 + z⁵/(3·5) + …), all terms positive.
 */
export function massFromZero(z: number, { exp }: Elementary): number {
  if (z >= furthest) return 0.5;
  let term = z;
  let sum = z;
  for (let odd = 3; term > sum * 2 ** -54; odd += 2) {
    term *= (z * z) / odd;
    sum += term;
  }
  return peak * exp((-z * z) / 2) * sum;
}

/** Fills the columns of less than average probability up with the surplus of the others, one at a time (Vose). */
function aliasTable(reach: number, probabilities: Float64Array): AliasTable {
  const columns = probabilities.length;
  const own = probabilities.map((probability) => probability * columns);
  const other = Uint32Array.from(own, (_, c) => c);
  const columnsWhere = (fits: (share: number) => boolean) =>
    [...own.keys()].filter((column) => fits(own[column]!));
  const short = columnsWhere((share) => share < 1);
  const long = columnsWhere((share) => share >= 1);
  while (short.length > 0 && long.length > 0) {
    const column = short.pop()!;
    const giver = long.at(-1)!;
    other[column] = giver;
    own[giver]! -= 1 - own[column]!;
    if (own[giver]! < 1) short.push(long.pop()!);
  }
  for (const column of [...short, ...long]) own[column] = 1;
  return { reach, own, other };
}
