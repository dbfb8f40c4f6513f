/** Gamma variates follow the gamma distribution; and the same bits for the same seed. */
import { describe, expect, test } from "vitest";
import { randomStream, stream } from "../../src/base/random.ts";
import { elementary } from "../../src/engine/kernel/elementary.ts";
import { gamma } from "../../src/training/initialize.ts";

const kernel = await elementary();

function variates(shape: number, count: number): Float64Array {
  const random = randomStream(1, stream.timeConstants);
  return Float64Array.from({ length: count }, () => gamma(random, shape, kernel));
}

/** The regularised incomplete gamma function P(a, x) = x^a e^(−x) Σ xⁿ/Γ(a + n + 1). */
function distribution(a: number, x: number): number {
  let term = 1 / a;
  let sum = term;
  for (let n = 1; term > sum * 1e-17; n++) {
    term *= x / (a + n);
    sum += term;
  }
  return sum * Math.exp(a * Math.log(x) - x - logGamma(a));
}

/** Stirling's series, moved up to where five terms give 13 digits. */
function logGamma(a: number): number {
  if (a < 12) return logGamma(a + 1) - Math.log(a);
  const series = 1 / 12 - (1 / 360 - (1 / 1260 - (1 / 1680 - 1 / 1188 / a ** 2) / a ** 2) / a ** 2) / a ** 2;
  return (a - 0.5) * Math.log(a) - a + 0.5 * Math.log(2 * Math.PI) + series / a;
}

describe.each([0.3, 0.9, 1, 3, 20])("gamma variates of shape %s", (shape) => {
  const count = 100_000;
  const numbers = variates(shape, count).sort();

  test("have mean and variance `shape`, to within 4 standard errors", () => {
    const mean = numbers.reduce((sum, x) => sum + x, 0) / count;
    const variance = numbers.reduce((sum, x) => sum + (x - shape) ** 2, 0) / count;
    expect(Math.abs(mean - shape)).toBeLessThan(4 * Math.sqrt(shape / count));
    // The fourth central moment is 3 shape² + 6 shape.
    const error = Math.sqrt((2 * shape * shape + 6 * shape) / count);
    expect(Math.abs(variance - shape)).toBeLessThan(4 * error);
  });

  test("follow the distribution function: Kolmogorov and Smirnov's distance at the 0.1 % level", () => {
    let distance = 0;
    for (let k = 0; k < count; k += 10) {
      distance = Math.max(distance, Math.abs((k + 0.5) / count - distribution(shape, numbers[k]!)));
    }
    expect(distance).toBeLessThan(1.95 / Math.sqrt(count));
  });
});

test("the test's distribution function is right where it is elementary", () => {
  for (const x of [0.1, 1, 3, 12]) {
    expect(distribution(1, x)).toBeCloseTo(1 - Math.exp(-x), 12);
    expect(distribution(3, x)).toBeCloseTo(1 - Math.exp(-x) * (1 + x + (x * x) / 2), 12);
  }
});

test("gamma variates are the same bits on every engine", () => {
  expect([...variates(3, 2), ...variates(0.5, 1)]).toEqual([
    6.502215960056967, 1.7196846082749073, 0.12645794414620173,
  ]);
});
