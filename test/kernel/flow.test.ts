/** The free flow in closed form: right for any pair of time constants and any length, and a flow. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { scalarKernel } from "../support/kernel/kernels.ts";
import { Precise, ulpError } from "../support/kernel/precise.ts";
import { createSampler } from "../support/training/sampler.ts";

const { kernel, at, slot } = scalarKernel("f64");
const one = Precise.of(1);
const smallestNormal = 2 ** -1022;

interface Flow {
  readonly alpha: number;
  readonly beta: number;
  readonly x: number;
}

/** a − 1, b, κ and a as the kernel has them. */
function found({ alpha, beta, x }: Flow): [number, number, number, number] {
  kernel.coefficients(alpha, beta, x, at);
  return [slot.get("change"), slot.get("current"), slot.get("gain"), slot.get("factor")];
}

/** κ = p e^−min φ₁(−|p−q|), in high precision, with p = αx and q = βx. */
function gain(p: Precise, q: Precise): Precise {
  const pIsLess = p.minus(q).n < 0n;
  const y = pIsLess ? p.minus(q) : q.minus(p);
  const ratio = y.n === 0n ? one : y.expm1().over(y);
  return p.times((pIsLess ? p : q).negated().exp()).times(ratio);
}

/** Flows of time constants equal, 1e-12 apart, near and up to a factor 1e6 apart; of 1e-12 to 1e4 of the longer one. */
function drawFlow({ magnitude, uniform, integer }: ReturnType<typeof createSampler>): Flow {
  const alpha = magnitude(-14, 8, 1);
  const ratios = [
    () => 1,
    () => 1 + magnitude(-42, -38),
    () => 1 + magnitude(-52, -2),
    () => magnitude(-20, 20, 1),
    () => uniform(0.2, 8),
  ];
  const beta = alpha * ratios[integer(0, ratios.length - 1)]!();
  const lengths = [
    () => magnitude(-40, 14, 1),
    () => uniform(0, 0.3),
    () => uniform(0, 12),
    () => uniform(0, 700),
  ];
  const length = lengths[integer(0, lengths.length - 1)]!();
  const x = length / (integer(0, 1) ? Math.min(alpha, beta) : Math.max(alpha, beta));
  return { alpha, beta, x: Math.min(x, 1e4 / Math.min(alpha, beta)) };
}

/** Largest of `share` of an error, over many flows. */
function worst(count: number, seed: number, share: (flow: Flow) => number): { most: number; flow: string } {
  const random = createSampler(seed);
  let result = { most: 0, flow: "" };
  for (let k = 0; k < count; k++) {
    const flow = drawFlow(random);
    const most = share(flow);
    if (!(most <= result.most)) result = { most, flow: JSON.stringify(flow) };
  }
  return result;
}

function scaled({ alpha, beta, x }: Flow): [p: Precise, q: Precise] {
  return [Precise.of(alpha).times(Precise.of(x)), Precise.of(beta).times(Precise.of(x))];
}

describe("coefficients, in ulp; rounding the exponents αx and βx costs as many ulp as they are large", () => {
  test("a − 1 is right to 6 ulp", () => {
    const { most, flow } = worst(8000, 1, (flow) =>
      ulpError(found(flow)[0], scaled(flow)[0].negated().expm1()),
    );
    expect(most, flow).toBeLessThan(2);
  });

  test("a and b are right to 2 ulp + αx or βx, also after many time constants", () => {
    const { most, flow } = worst(8000, 2, (flow) => {
      const [p, q] = scaled(flow);
      const [, b, , a] = found(flow);
      const errorOf = (value: number, x: Precise) => ulpError(value, x.negated().exp()) - x.toNumber();
      return Math.max(errorOf(a, p), errorOf(b, q));
    });
    expect(most, flow).toBeLessThan(2);
  });

  test("κ is right to 4 ulp + the smaller of αx and βx, also after many time constants", () => {
    const { most, flow } = worst(8000, 3, (flow) => {
      const [p, q] = scaled(flow);
      const exact = gain(p, q);
      if (exact.toNumber() < smallestNormal) return 0;
      return ulpError(found(flow)[2], exact) - Math.min(p.toNumber(), q.toNumber());
    });
    expect(most, flow).toBeLessThan(4);
  });

  test("all are within 2⁻⁵⁰ of the truth, in absolute terms, however long the flow", () => {
    const { most, flow } = worst(8000, 4, (flow) => {
      const [p, q] = scaled(flow);
      const exact = [p.negated().expm1(), q.negated().exp(), gain(p, q), p.negated().exp()];
      return Math.max(
        ...found(flow).map((value, k) => Math.abs(exact[k]!.minus(Precise.of(value)).toNumber())),
      );
    });
    expect(most, flow).toBeLessThan(2 ** -50);
  });
});

describe("derivatives of κ", () => {
  const step = new Precise(1n, -70);
  /** Central differences of κ in high precision; their own error is below 1e-38. */
  const slope = (of: (factor: Precise) => Precise, rate: number) =>
    of(one.plus(step))
      .minus(of(one.minus(step)))
      .over(step.times(Precise.of(2 * rate)));

  test("∂κ/∂α is right to a few ε of κ/α (1 + min(αx, βx))²", () => {
    const { most, flow } = worst(2500, 5, (flow) => {
      const [p, q] = scaled(flow);
      const size = gain(p, q).toNumber() / flow.alpha;
      if (size * flow.alpha < 1e-290) return 0;
      kernel.gainDerivatives(flow.alpha, flow.beta, flow.x, at);
      const error = slope((factor) => gain(p.times(factor), q), flow.alpha).minus(
        Precise.of(slot.get("gainAlpha")),
      );
      const least = 1 + Math.min(p.toNumber(), q.toNumber());
      return Math.abs(error.toNumber()) / (Number.EPSILON * size * least * least);
    });
    expect(most, flow).toBeLessThan(4);
  });

  test("∂κ/∂β is right to 5 ulp (1 + min(αx, βx))", () => {
    const { most, flow } = worst(2500, 6, (flow) => {
      const [p, q] = scaled(flow);
      if (gain(p, q).toNumber() < 1e-290) return 0;
      kernel.gainDerivatives(flow.alpha, flow.beta, flow.x, at);
      const exact = slope((factor) => gain(p, q.times(factor)), flow.beta);
      return ulpError(slot.get("gainBeta"), exact) / (1 + Math.min(p.toNumber(), q.toNumber()));
    });
    expect(most, flow).toBeLessThan(5);
  });
});

const rate = fc.double({ min: 1e-3, max: 1e3, noNaN: true });
/** Dyadic, so that sums of two are exact. */
const length = fc.integer({ min: 0, max: 2 ** 30 }).map((n) => n * 2 ** -20);

describe("what makes it a flow", () => {
  test("flow(s + t) = flow(t) ∘ flow(s)", () => {
    fc.assert(
      fc.property(rate, rate, length, length, (alpha, beta, s, t) => {
        const [decayS, currentS, gainS] = found({ alpha, beta, x: s });
        const [decayT, currentT, gainT] = found({ alpha, beta, x: t });
        const [decay, current, gain] = found({ alpha, beta, x: s + t });
        const bound = 2 ** -49;
        expect(Math.abs(decay - (decayS + (1 + decayS) * decayT))).toBeLessThan(bound);
        expect(Math.abs(current - currentT * currentS)).toBeLessThan(bound);
        expect(Math.abs(gain - ((1 + decayT) * gainS + gainT * currentS))).toBeLessThan(bound);
      }),
      { seed: 1, numRuns: 2000 },
    );
  });

  test("nothing happens in no time", () => {
    fc.assert(
      fc.property(rate, rate, (alpha, beta) => {
        expect(found({ alpha, beta, x: 0 }).map(Math.abs)).toEqual([0, 1, 0, 1]);
      }),
      { seed: 2, numRuns: 100 },
    );
  });

  test("κ is continuous where the time constants meet", () => {
    fc.assert(
      fc.property(rate, length, fc.integer({ min: -50, max: -10 }), (alpha, x, exponent) => {
        const equal = found({ alpha, beta: alpha, x });
        const near = found({ alpha, beta: alpha * (1 + 2 ** exponent), x });
        // κ falls by half of αx times the relative difference, to first order.
        const expected = equal[2] * alpha * x * 2 ** exponent;
        expect(Math.abs(near[2] - equal[2])).toBeLessThanOrEqual(expected + 2 ** -49);
      }),
      { seed: 3, numRuns: 1000 },
    );
  });

  test("no exponent is positive: coefficients are in [0, 1] and finite after any time", () => {
    fc.assert(
      fc.property(rate, rate, fc.constantFrom(10, 5000, 1e8, 1e60), (alpha, beta, times) => {
        const [decay, current, gain] = found({ alpha, beta, x: times / Math.min(alpha, beta) });
        expect(decay).toBeGreaterThanOrEqual(-1);
        expect(decay).toBeLessThanOrEqual(0);
        for (const value of [current, gain]) {
          expect(value).toBeGreaterThanOrEqual(0);
          expect(value).toBeLessThanOrEqual(1);
        }
        kernel.gainDerivatives(alpha, beta, times / Math.min(alpha, beta), at);
        expect(Math.abs(slot.get("gainAlpha")) + Math.abs(slot.get("gainBeta"))).toBeLessThan(1e4);
      }),
      { seed: 4, numRuns: 500 },
    );
  });
});
