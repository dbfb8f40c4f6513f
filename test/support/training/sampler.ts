/** Seeded samples of numbers that are hard in different ways. */
import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";

export interface Sampler {
  /** Uniform in [low, high). */
  uniform(low: number, high: number): number;
  /** ±2^e, e uniform in [low, high); positive only if `sign` is 1. */
  magnitude(low: number, high: number, sign?: 1 | -1 | 0): number;
  /** x moved by up to `most` units of its last place. */
  near(x: number, most: number): number;
  integer(low: number, high: number): number;
}

export function createSampler(seed: number): Sampler {
  const generator = xoroshiro128plus(seed);
  const uniform = (low: number, high: number) => low + (high - low) * uniformFloat64(generator);
  const integer = (low: number, high: number) => Math.min(Math.floor(uniform(low, high + 1)), high);
  const magnitude = (low: number, high: number, sign: 1 | -1 | 0 = 0) => {
    // The mantissa is uniform, so no transcendental function decides what is tested.
    const size = uniform(1, 2) * 2 ** integer(Math.ceil(low), Math.floor(high) - 1);
    return (sign || (uniform(0, 1) < 0.5 ? -1 : 1)) * size;
  };
  const near = (x: number, most: number) => {
    const steps = integer(-most, most);
    if (x === 0) return steps * Number.MIN_VALUE;
    const bits = new BigInt64Array(Float64Array.of(x).buffer);
    bits[0]! += BigInt(steps);
    return new Float64Array(bits.buffer)[0]!;
  };
  return { uniform, magnitude, near, integer };
}

/** The number next to x > 0 upwards. */
export function next(x: number): number {
  const bits = new BigInt64Array(Float64Array.of(x).buffer);
  bits[0]! += 1n;
  return new Float64Array(bits.buffer)[0]!;
}
