/** One decision with a given probability, from one 32-bit number in nearly every case. */
import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import type { RandomGenerator } from "pure-rand/types/RandomGenerator";

/**
 * True with `probability`, to within 2⁻⁸⁵: only where 32 random bits leave it open, once in 2³² times, are more drawn.
 */
export function occurs(random: RandomGenerator, probability: number): boolean {
  const margin = probability * 2 ** 32 - (random.next() >>> 0);
  if (margin >= 1) return true;
  return margin > 0 && uniformFloat64(random) < margin;
}
