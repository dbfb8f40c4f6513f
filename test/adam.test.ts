/** Adam follows the formulas of its paper, step by step, in both precisions. */
import { Decimal } from "decimal.js";
import { describe, expect, test } from "vitest";
import { Adam } from "../src/training/adam.ts";

const options = { learningRate: 0.003, beta1: 0.9, beta2: 0.99, epsilon: 1e-8 };

/** The value after steps with these gradients, by the paper's formulas in 50 digits, sums written out. */
function oracle(start: number, gradients: readonly number[]): number {
  const D = Decimal.clone({ precision: 50 });
  const [rate, beta1, beta2, epsilon] = Object.values(options).map((value) => new D(value)) as [
    Decimal,
    Decimal,
    Decimal,
    Decimal,
  ];
  let value = new D(start);
  for (let t = 1; t <= gradients.length; t++) {
    let [mean, square] = [new D(0), new D(0)];
    for (let s = 1; s <= t; s++) {
      const g = new D(gradients[s - 1]!);
      mean = mean.plus(g.times(beta1.pow(t - s)));
      square = square.plus(g.times(g).times(beta2.pow(t - s)));
    }
    const corrected = mean.times(new D(1).minus(beta1)).div(new D(1).minus(beta1.pow(t)));
    const spread = square.times(new D(1).minus(beta2)).div(new D(1).minus(beta2.pow(t)));
    value = value.minus(rate.times(corrected).div(spread.sqrt().plus(epsilon)));
  }
  return value.toNumber();
}

describe.each([
  ["f64", Float64Array, 1e-14],
  ["f32", Float32Array, 1e-6],
] as const)("in %s", (_, Numbers, tolerance) => {
  test("the value after 40 steps is the formulas', gradients from 1e-12 to 1", () => {
    for (const size of [1, 1e-4, 1e-8, 1e-12]) {
      const values = Numbers.of(0.25);
      const gradients = Numbers.of(0);
      const adam = new Adam([{ values, gradients }], options);
      const history = [];
      for (let t = 0; t < 40; t++) {
        gradients[0] = size * (((t * 7) % 11) - 4);
        history.push(gradients[0]);
        adam.step(1);
      }
      expect(Math.abs(values[0]! - oracle(0.25, history))).toBeLessThan(tolerance);
    }
  });

  test("a sum of gradients and the scale 1/n is their mean", () => {
    const sums = { values: Numbers.of(1, 2), gradients: Numbers.of(3, -5) };
    const means = { values: Numbers.of(1, 2), gradients: Numbers.of(0.375, -0.625) };
    new Adam([sums], options).step(1 / 8);
    new Adam([means], options).step(1);
    expect(sums.values).toEqual(means.values);
  });

  test("padding stays zero", () => {
    const values = Numbers.of(0.5, 0);
    const adam = new Adam([{ values, gradients: Numbers.of(1, 0) }], options);
    for (let t = 0; t < 10; t++) adam.step(1);
    expect(values[1]).toBe(0);
  });
});

test("the first step is η g / (|g| + ε): ε is outside of the root", () => {
  const values = Float64Array.of(0, 0);
  new Adam([{ values, gradients: Float64Array.of(1e-8, -2) }], options).step(1);
  expect(values[0]).toBeCloseTo(-0.0015, 15);
  expect(values[1]).toBeCloseTo(0.003, 10);
});

test("a change of the learning rate holds from the next step", () => {
  const values = Float64Array.of(0);
  const adam = new Adam([{ values, gradients: Float64Array.of(1) }], { ...options, epsilon: 1e-30 });
  adam.step(1);
  adam.learningRate = 0.001;
  adam.step(1);
  expect(values[0]).toBeCloseTo(-0.004, 15);
});
