/** Randomness from one seed: independent streams of uniform numbers, exact normal ones, and random orders. */
import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import type { RandomGenerator } from "pure-rand/types/RandomGenerator";

/** What a seed is used for; each use has its own stream, so that one does not shift the numbers of another. */
export const stream = {
  weights: 1,
  order: 2,
  points: 3,
  augmentation: 4,
  split: 5,
  timeConstants: 6,
  delays: 7,
  dropout: 8,
  redraw: 9,
  drive: 10,
  study: 11,
  recordings: 12,
} as const;

/** What is wrong with a seed; undefined if nothing is. */
export function seedComplaint(seed: unknown): string | undefined {
  const isSeed = Number.isInteger(seed) && (seed as number) >= 0 && (seed as number) < 2 ** 32;
  return isSeed ? undefined : "expected an integer from 0 to 4294967295";
}

/** More than the number of uses. */
const streamsPerEpoch = 16;

/**
 * A generator of 32-bit numbers: xoroshiro128+ of `seed`, moved on 2⁶⁴ numbers for each unit of `number` and 2⁶⁸ for each
 * epoch. So the seed and the epoch's number are all the state there is to keep of a run's generators. The first jump also
 * takes the generator away from its seeded state, which is nearly all zeros.
 *
 * @param seed an integer in [0, 2³²)
 * @param epoch from 1; 0 for what happens once in a run
 */
export function randomStream(
  seed: number,
  number: (typeof stream)[keyof typeof stream],
  epoch = 0,
): RandomGenerator {
  const generator = xoroshiro128plus(seed);
  for (let jump = 0; jump < number + streamsPerEpoch * epoch; jump++) generator.jump();
  return generator;
}

/**
 * A number from the standard normal distribution, made of comparisons, additions and correctly rounded products and
 * quotients of uniform numbers only: no logarithm, no exponential, the same bits on every engine.
 *
 * C. F. F. Karney, "Sampling exactly from the normal distribution", ACM TOMS 42 (2016), algorithm N: magnitude k + x
 * with an integer k of probability ∝ e^(−k²/2) and x in [0, 1) of density ∝ e^(−x(2k + x)/2). It is a rejection method,
 * exact in exact arithmetic, tails included; here uniform numbers are multiples of 2⁻⁵³, so probabilities are off by
 * some 2⁻⁵² and magnitudes are multiples of 2⁻⁵³. Costs about 17 uniform numbers.
 */
export function normal(random: RandomGenerator): number {
  for (;;) {
    const k = wholePart(random);
    if (!allHappen(random, k * (k - 1), 0.5, 1)) continue;
    const x = uniformFloat64(random);
    if (!allHappen(random, k + 1, x, (2 * k + x) / (2 * k + 2))) continue;
    return uniformFloat64(random) < 0.5 ? -(k + x) : k + x;
  }
}

/** k with probability e^(−k/2) (1 − e^(−1/2)). */
function wholePart(random: RandomGenerator): number {
  let k = 0;
  while (happens(random, 0.5, 1)) k++;
  return k;
}

/** Whether `count` independent events of probability e^(−xq) all happen. */
function allHappen(random: RandomGenerator, count: number, x: number, q: number): boolean {
  for (let n = 0; n < count; n++) {
    if (!happens(random, x, q)) return false;
  }
  return true;
}

/**
 * True with probability e^(−xq), 0 ≤ x, q ≤ 1 (von Neumann): a falling run of uniform numbers that starts below x, each
 * kept with probability q, is at least n long with probability (xq)ⁿ/n!, and hence of even length with Σ (−xq)ⁿ/n!.
 */
function happens(random: RandomGenerator, x: number, q: number): boolean {
  let even = true;
  let last = x;
  for (;;) {
    const next = uniformFloat64(random);
    if (next >= last) return even;
    if (q < 1 && uniformFloat64(random) >= q) return even;
    last = next;
    even = !even;
  }
}

/** The indices 0 … count − 1 in an order drawn from `random`, in parts of `size`; the last one may be shorter. */
export function batches(count: number, size: number, random: RandomGenerator): Uint32Array[] {
  const order = shuffled(count, random);
  const parts = [];
  for (let from = 0; from < count; from += size) parts.push(order.subarray(from, from + size));
  return parts;
}

/** Fisher and Yates: every order is equally likely. */
function shuffled(count: number, random: RandomGenerator): Uint32Array {
  const order = Uint32Array.from({ length: count }, (_, k) => k);
  for (let last = count - 1; last > 0; last--) {
    const chosen = uniformInt(random, 0, last);
    const moved = order[last]!;
    order[last] = order[chosen]!;
    order[chosen] = moved;
  }
  return order;
}
