/** Arguments on which exponentials and logarithms may be wrong: everywhere, and wherever an algorithm changes its way. */
import { createSampler } from "./training/sampler.ts";

/** `count` arguments of e^x whose results are normal numbers. */
export function exponents(count: number, seed: number): number[] {
  const { uniform, magnitude, near, integer } = createSampler(seed);
  const kinds = [
    () => uniform(-708.3, 709.7),
    () => uniform(-40, 2),
    () => magnitude(-60, 9),
    // Where the nearest multiple of ln 2 changes, and where the rest of the reduction is 0.
    () => near((integer(-1021, 1022) + 0.5) * Math.LN2, 40),
    () => near(integer(-1021, 1022) * Math.LN2, 40),
    () => near(0.35 * (integer(0, 1) * 2 - 1), 1000),
    () => uniform(-1, 1),
  ];
  return Array.from({ length: count }, (_, k) => kinds[k % kinds.length]!());
}

/** `count` positive arguments of log x, all normal. */
export function positives(count: number, seed: number): number[] {
  const { uniform, magnitude, near, integer } = createSampler(seed);
  const kinds = [
    () => magnitude(-1022, 1024, 1),
    () => magnitude(-4, 4, 1),
    () => 1 + magnitude(-52, -2),
    () => near(1, 100),
    () => near(2 ** integer(-1000, 1000) * Math.SQRT1_2, 1000),
    () => uniform(0.5, 2),
  ];
  return Array.from({ length: count }, (_, k) => kinds[k % kinds.length]!());
}

/** `count` arguments of log(1 + x). */
export function excesses(count: number, seed: number): number[] {
  const { uniform, magnitude, near, integer } = createSampler(seed);
  const kinds = [
    () => magnitude(-60, 1023, 1),
    () => uniform(-1, 1),
    () => -1 + magnitude(-53, -1, 1),
    () => magnitude(-1022, -1),
    () => near(integer(0, 1) ? 0.41 : -0.29, 1000),
    () => near(Math.SQRT2 * 2 ** integer(0, 50) - 1, 1000),
    () => uniform(-0.3, 4),
  ];
  return Array.from({ length: count }, (_, k) => kinds[k % kinds.length]!());
}
