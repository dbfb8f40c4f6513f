/** The kernel's exponentials and logarithms: errors in units of the last place, against 70 digits. */
import { describe, expect, test } from "vitest";
import { excesses, exponents, positives } from "../support/arguments.ts";
import { scalarKernel } from "../support/kernel/kernels.ts";
import { Precise, ulpError } from "../support/kernel/precise.ts";
import { createSampler, next } from "../support/training/sampler.ts";

const { kernel } = scalarKernel("f64");
const exact = {
  exp: (x: Precise) => x.exp(),
  expm1: (x: Precise) => x.expm1(),
  log: (x: Precise) => x.log(),
  log1p: (x: Precise) => x.log1p(),
};
type Name = keyof typeof exact;

/** Largest error over some arguments, with the argument at which it occurs. */
function worst(name: Name, xs: readonly number[]): { error: number; at: number } {
  let found = { error: 0, at: Number.NaN };
  for (const x of xs) {
    const error = ulpError(kernel[name](x), exact[name](Precise.of(x)));
    if (!(error <= found.error)) found = { error, at: x };
  }
  return found;
}

/** `count` numbers of a distribution. */
function sample(count: number, seed: number, draw: (random: ReturnType<typeof createSampler>) => number) {
  const random = createSampler(seed);
  return Array.from({ length: count }, () => draw(random));
}

describe("errors stay below the stated number of ulp", () => {
  // As the doc comments of assembly/exp.ts and assembly/log.ts state them.
  const claims: [Name, number, string, number[]][] = [
    ["exp", 0.93, "wherever the result is normal", exponents(14_000, 1)],
    [
      "exp",
      0.93,
      "where a result is just above a half-integral power of two",
      sample(6000, 5, (random) => random.integer(-1020, 1022) * Math.LN2 - random.uniform(0.3, 0.3466)),
    ],
    ["expm1", 1.9, "everywhere", exponents(12_000, 2)],
    ["expm1", 1.9, "on both sides of ½ ln 2", sample(5000, 6, (random) => random.uniform(0.3, 0.42))],
    ["expm1", 1.9, "of tiny arguments", sample(3000, 7, (random) => random.magnitude(-1074, -20))],
    ["log", 0.9, "of normal arguments", positives(5000, 3)],
    ["log", 0.9, "of subnormal arguments", sample(300, 8, (random) => random.magnitude(-1074, -1022, 1))],
    ["log1p", 1.5, "of arguments above −1", excesses(5000, 4)],
  ];
  test.each(claims)("%s: %d ulp, %s", (name, bound, _where, xs) => {
    const { error, at } = worst(name, xs);
    expect(error, `at ${at}`).toBeLessThan(bound);
  });
});

describe("where results leave the normal numbers", () => {
  test("e^x of a subnormal result is within 1 of the last place there is", () => {
    const xs = sample(3000, 9, (random) => random.uniform(-745.14, -708.39));
    expect(worst("exp", xs).error).toBeLessThan(1);
  });

  test("e^x is 0 below half of the smallest number and infinite above the largest", () => {
    expect(kernel.exp(-745.13)).toBe(Number.MIN_VALUE);
    expect(kernel.exp(-745.14)).toBe(0);
    // log of the largest double; its successor's exponential is beyond it.
    const largest = 709.782712893384;
    expect(kernel.exp(largest)).toBeGreaterThan(1.797e308);
    expect(Number.isFinite(kernel.exp(largest))).toBe(true);
    expect(kernel.exp(next(largest))).toBe(Number.POSITIVE_INFINITY);
    expect(kernel.expm1(largest)).toBe(kernel.exp(largest));
    expect(kernel.expm1(next(largest))).toBe(Number.POSITIVE_INFINITY);
  });

  test("e^x − 1 tends to −1 and never passes it", () => {
    for (const x of sample(2000, 10, (random) => random.uniform(-60, -30))) {
      expect(kernel.expm1(x)).toBeGreaterThanOrEqual(-1);
      expect(kernel.expm1(x)).toBeLessThan(-1 + 1e-12);
    }
  });
});

describe("exact and special values", () => {
  const { POSITIVE_INFINITY: infinity, NaN: nan } = Number;
  const values: [Name, number, number][] = [
    ["exp", 0, 1],
    ["exp", -0, 1],
    ["exp", infinity, infinity],
    ["exp", -infinity, 0],
    ["exp", nan, nan],
    ["expm1", 0, 0],
    ["expm1", infinity, infinity],
    ["expm1", -infinity, -1],
    ["expm1", nan, nan],
    ["expm1", Number.MIN_VALUE, Number.MIN_VALUE],
    ["expm1", -Number.MIN_VALUE, -Number.MIN_VALUE],
    ["log", 1, 0],
    ["log", 0, -infinity],
    ["log", -0, -infinity],
    ["log", -Number.MIN_VALUE, nan],
    ["log", infinity, infinity],
    ["log", -infinity, nan],
    ["log", nan, nan],
    ["log1p", 0, 0],
    ["log1p", -1, -infinity],
    ["log1p", -1.5, nan],
    ["log1p", infinity, infinity],
    ["log1p", -infinity, nan],
    ["log1p", nan, nan],
    ["log1p", Number.MIN_VALUE, Number.MIN_VALUE],
  ];
  test.each(values)("%s(%d) is %d", (name, x, value) => {
    expect(kernel[name](x)).toBe(value);
  });

  test("e^x − 1 of −0 is zero", () => {
    expect(Math.abs(kernel.expm1(-0))).toBe(0);
  });
});

test("every build gives the same bits", () => {
  const others = [scalarKernel("f32").kernel, scalarKernel("debug").kernel];
  for (const [names, xs] of [
    [["exp", "expm1"], exponents(4000, 11)],
    [["log", "log1p"], positives(4000, 12)],
  ] as const) {
    for (const name of names) {
      const expected = xs.map(kernel[name]);
      for (const other of others) expect(xs.map(other[name])).toEqual(expected);
    }
  }
});
