/** Intervals of means over runs, against the variances that they are made of. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { meanInterval, wilsonInterval } from "../../src/training/confidence.ts";

const share = fc.integer({ min: 1, max: 999 }).map((value) => value / 1000);
const trials = fc.integer({ min: 5, max: 20000 });

test("of one run, and of runs that agree, it is that of one run", () => {
  fc.assert(
    fc.property(share, trials, fc.integer({ min: 1, max: 9 }), (p, n, runs) => {
      expect(meanInterval(new Array<number>(runs).fill(0.5), n)).toEqual(wilsonInterval(0.5, n));
      expect(meanInterval([p], n)).toEqual(wilsonInterval(p, n));
    }),
  );
});

test("its ends are where the score of a mean with both variances is 1.96", () => {
  fc.assert(
    fc.property(fc.array(share, { minLength: 2, maxLength: 9 }), trials, (shares, n) => {
      const k = shares.length;
      const mean = shares.reduce((sum, value) => sum + value, 0) / k;
      const sample = shares.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (k - 1);
      const widened = 1 + sample / k / ((mean * (1 - mean)) / n);
      const { low, high } = meanInterval(shares, n);
      for (const end of [low, high]) {
        const variance = ((end * (1 - end)) / n) * widened;
        expect(Math.abs(mean - end) / Math.sqrt(variance)).toBeCloseTo(1.959963984540054, 6);
      }
    }),
  );
});

test("runs that are far apart lie within it", () => {
  const { low, high } = meanInterval([0.478, 0.539], 1778);
  expect(low).toBeLessThan(0.478);
  expect(high).toBeGreaterThan(0.539);
});
