/** φ-functions and divided differences of e^x: accurate however near or far apart the points are. */
import { describe, expect, test } from "vitest";
import { differenceAt } from "../support/kernel/dividedDifferences.ts";
import { scalarKernel } from "../support/kernel/kernels.ts";
import { Precise, ulpError } from "../support/kernel/precise.ts";
import { createSampler } from "../support/training/sampler.ts";

const { kernel, at } = scalarKernel("f64");
const { magnitude, near, uniform, integer } = createSampler(7);
const one = Precise.of(1);

/** y ≥ 0 of every size, and around the places where an algorithm may change its way. */
function distance(): number {
  const kinds = [
    () => magnitude(-70, 10, 1),
    () => uniform(0, 0.3),
    () => uniform(0.1, 2),
    () => near(0.125, 500),
    () => near(1, 500),
    () => uniform(0, 60),
  ];
  return kinds[integer(0, kinds.length - 1)]!();
}

/** Two points: equal, nearly equal, near, unrelated, one at 0. */
function points(): [number, number] {
  const p = distance();
  const kinds = [
    () => p,
    () => near(p, 100),
    () => p * (1 + magnitude(-40, -3)),
    () => distance(),
    () => 0,
    () => p + uniform(0.9, 1.1),
  ];
  const q = kinds[integer(0, kinds.length - 1)]!();
  return integer(0, 1) ? [p, q] : [q, p];
}

function worst(count: number, errorOf: () => { error: number; where: string }) {
  let found = { error: 0, where: "" };
  for (let k = 0; k < count; k++) {
    const next = errorOf();
    if (!(next.error <= found.error)) found = next;
  }
  return found;
}

/** (1 − e^−y)/y */
function phi1(y: number): Precise {
  return y === 0 ? one : Precise.of(-y).expm1().over(Precise.of(-y));
}

/** (y − 1 + e^−y)/y², by its series where that would cancel. */
function phi2(y: number): Precise {
  if (y < 2 ** -64) return Precise.of(0.5).minus(Precise.of(y).over(Precise.of(6)));
  return one.minus(phi1(y)).over(Precise.of(y));
}

function difference(zeros: number, p: number, copiesP: number, q: number, copiesQ: number): Precise {
  const all = [...Array(zeros).fill(0), ...Array(copiesP).fill(p), ...Array(copiesQ).fill(q)];
  return differenceAt(all.map(Precise.of));
}

describe("φ-functions of −y, y ≥ 0", () => {
  test("φ₁ is right to 3 ulp, φ₂ to 4", () => {
    for (const [name, exact, bound] of [
      ["phi1", phi1, 3],
      ["phi2", phi2, 4],
    ] as const) {
      const { error, where } = worst(12_000, () => {
        const y = distance();
        return { error: ulpError(kernel[name](y), exact(y)), where: `${name}(${y})` };
      });
      expect(error, where).toBeLessThan(bound);
    }
  });

  test("φ₁(0) = 1 and φ₂(0) = ½", () => {
    expect(kernel.phi1(0)).toBe(1);
    expect(kernel.phi2(0)).toBe(0.5);
  });

  test("they stay finite and tend to 1/y for any y", () => {
    for (const y of [1e4, 1e20, 1e300]) {
      expect(kernel.phi1(y)).toBe(1 / y);
      expect(kernel.phi2(y) * y).toBeCloseTo(1 - 1 / y, 14);
    }
  });
});

describe("divided differences of e^x", () => {
  test("at −p, −q: 4 ulp", () => {
    const { error, where } = worst(12_000, () => {
      const [p, q] = points();
      const gap = Math.abs(p - q) === 0 ? one : undefined;
      const [low, high] = p < q ? [p, q] : [q, p];
      const y = Precise.of(low).minus(Precise.of(high));
      const exact = Precise.of(-low)
        .exp()
        .times(gap ?? y.expm1().over(y));
      return { error: ulpError(kernel.difference2(p, q), exact), where: `${p} ${q}` };
    });
    expect(error, where).toBeLessThan(4);
  });

  test("at 0, −p, −q: 7 ulp", () => {
    const { error, where } = worst(1500, () => {
      const [p, q] = points();
      return { error: ulpError(kernel.difference3(p, q), difference(1, p, 1, q, 1)), where: `${p} ${q}` };
    });
    expect(error, where).toBeLessThan(7);
  });

  test("at 0 twice, −p, −q, of those at 0, −p, −q: 30 ulp", () => {
    const { error, where } = worst(1500, () => {
      const [p, q] = points();
      const found = kernel.difference4(p, q, kernel.difference3(p, q), at);
      return { error: ulpError(found, difference(2, p, 1, q, 1)), where: `${p} ${q}` };
    });
    expect(error, where).toBeLessThan(30);
  });

  // How many ulp may be lost where points are repeated, by the number of points.
  const bounds = { 2: 6, 3: 12, 4: 50, 5: 400 };
  const shapes = [
    [0, 1, 1],
    [1, 1, 1],
    [1, 2, 0],
    [2, 1, 1],
    [1, 2, 1],
    [1, 1, 2],
    [2, 2, 0],
    [2, 2, 1],
    [2, 1, 2],
    [3, 1, 1],
    [1, 2, 2],
  ] as const;
  test.each(shapes)("at 0 %i times, −p %i times, −q %i times", (zeros, copiesP, copiesQ) => {
    const bound = bounds[(zeros + copiesP + copiesQ) as keyof typeof bounds];
    const { error, where } = worst(250, () => {
      const [p, q] = points();
      const found = kernel.repeatedDifference(at, zeros, p, copiesP, q, copiesQ);
      return { error: ulpError(found, difference(zeros, p, copiesP, q, copiesQ)), where: `${p} ${q}` };
    });
    expect(error, where).toBeLessThan(bound);
  });

  test("they do not depend on the order of the points", () => {
    for (let k = 0; k < 2000; k++) {
      const [p, q] = points();
      expect(kernel.difference2(p, q)).toBe(kernel.difference2(q, p));
      expect(kernel.difference3(p, q)).toBe(kernel.difference3(q, p));
      expect(kernel.repeatedDifference(at, 1, p, 2, q, 1)).toBe(kernel.repeatedDifference(at, 1, q, 1, p, 2));
    }
  });

  test("they are positive and fall as a point moves away", () => {
    for (let k = 0; k < 2000; k++) {
      const [p, q] = points();
      const further = q * 1.5 + 0.01;
      expect(kernel.difference3(p, q)).toBeGreaterThan(0);
      expect(kernel.difference3(p, further)).toBeLessThan(kernel.difference3(p, q));
    }
  });
});
