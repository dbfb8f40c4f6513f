/** The transcendental functions of the inner ear: errors stay below the stated ones, against 100 digits. */
import { describe, expect, test } from "vitest";
import { angle, cosSin, fromNumber, hankel, pi, toNumber } from "../oracle/special.ts";
import { cochlea } from "../support/cochlea.ts";
import { createSampler } from "../support/training/sampler.ts";

const { functions, heap } = cochlea();
const out = heap.take(16);

describe("sine and cosine: 2e-16", () => {
  test("of angles up to 1e5", () => {
    const random = createSampler(1);
    for (let n = 0; n < 2000; n++) {
      const x = random.magnitude(-30, 17) % 1e5;
      const { re, im } = cosSin(fromNumber(x));
      expect(Math.abs(functions.cos(x) - toNumber(re)), `cos ${x}`).toBeLessThan(2e-16);
      expect(Math.abs(functions.sin(x) - toNumber(im)), `sin ${x}`).toBeLessThan(2e-16);
    }
  });

  test("of parts of a turn", () => {
    const random = createSampler(2);
    for (let n = 0; n < 2000; n++) {
      const whole = random.integer(1, 2 ** 31);
      const part = random.integer(0, whole - 1);
      const { re, im } = cosSin((2n * pi * BigInt(part)) / BigInt(whole));
      const place = `${part}/${whole}`;
      const [k, of] = [BigInt(part), BigInt(whole)];
      expect(Math.abs(functions.cosTurn(k, of) - toNumber(re)), place).toBeLessThan(2e-16);
      expect(Math.abs(functions.sinTurn(k, of) - toNumber(im)), place).toBeLessThan(2e-16);
    }
  });
});

test("arc tangent: 5e-16, in all quadrants", () => {
  const random = createSampler(3);
  for (let n = 0; n < 1000; n++) {
    const [x, y] = [Math.abs(random.magnitude(-20, 20)), Math.abs(random.magnitude(-20, 20))];
    const exact = toNumber(angle(fromNumber(y), fromNumber(x)));
    expect(Math.abs(functions.atan2(y, x) - exact), `${y}, ${x}`).toBeLessThan(5e-16);
    expect(functions.atan2(-y, x)).toBe(-functions.atan2(y, x));
    expect(Math.abs(functions.atan2(y, -x) - (Math.PI - exact))).toBeLessThan(5e-16);
  }
});

describe("Hankel functions without their exponential: 2e-14 of their size", () => {
  test.each([0, 1] as const)("H%i in the first quadrant, from 1e-4 to 80", (order) => {
    const random = createSampler(4 + order);
    for (let n = 0; n < 150; n++) {
      const size = Math.exp(random.uniform(Math.log(1e-4), Math.log(80)));
      const direction = random.uniform(0, 0.499 * Math.PI);
      const [x, y] = [size * Math.cos(direction), size * Math.sin(direction)];
      functions.hankel(order, x, y, out);
      const [re, im] = heap.doubles(out, 2);
      const exact = hankel(order, x, y);
      const error = Math.hypot(re! - exact.re, im! - exact.im) / Math.hypot(exact.re, exact.im);
      expect(error, `${x} + ${y} i`).toBeLessThan(2e-14);
    }
  });
});
