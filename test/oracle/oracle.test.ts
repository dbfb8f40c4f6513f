/** The oracle is right: against numbers from elsewhere, and against closed forms. */
import { Decimal } from "decimal.js";
import { describe, expect, test } from "vitest";
import { caseFromJson } from "../../src/oracle/certify/caseJson.ts";
import { arithmetic } from "../../src/oracle/simulate/fixed.ts";
import { entryOf, keyOf } from "../../src/oracle/simulate/keys.ts";
import { expectedCases, missing } from "../support/networks/expectedCases.ts";
import { consult } from "./consult.ts";
import { averageCrossEntropy, integral, li, lif, none, single } from "./recipes/samples.ts";

const exactly = Decimal.clone({ precision: 60 });

describe("fixed-point arithmetic", () => {
  test("agrees with decimal.js on exponentials and logarithms", () => {
    const m = arithmetic(50);
    const unit = exactly.pow(2, m.bits);
    // The doubles are converted exactly: decimal.js would take their shortest decimal form instead.
    const exact = (x: bigint) => exactly.div(x.toString(), unit);
    for (const x of [-300.25, -41.7, -1, -1e-9, 0, 1e-20, 0.3, Math.LN2, 7.75, 30].map(m.from)) {
      const error = exact(m.exp(x)).minus(exact(x).exp()).abs();
      expect(error.toNumber()).toBeLessThan(1e-56 * Math.max(1, Math.exp(m.toNumber(x))));
    }
    for (const x of [1e-12, 0.37, 1, 2.5, 1e9].map(m.from)) {
      const error = exact(m.ln(x)).minus(exact(x).ln()).abs();
      expect(error.toNumber()).toBeLessThan(1e-56 * Math.max(1, 1 / m.toNumber(x)));
    }
  });
});

describe("cases with expected values", () => {
  if (expectedCases.length === 0) test.skip(missing);

  test.each(expectedCases)("$name: spikes, loss, readout and every gradient to 1e−14", ({ json }) => {
    const { expected } = json;
    const oracle = consult(caseFromJson(json.case));
    for (const [population, { times, neurons }] of Object.entries(expected.spikes)) {
      expectClose(oracle.spikes[population]!.times, times);
      expect(Array.from(oracle.spikes[population]!.neurons)).toEqual(neurons);
    }
    expectClose([oracle.loss, ...oracle.readout], [expected.loss, ...expected.readout]);
    const keys = Object.keys(expected.gradients);
    expectClose(
      keys.map((key) => oracle.derivative(entryOf(key))),
      Object.values(expected.gradients),
    );
    expect(keys.map((key) => keyOf(entryOf(key)))).toEqual(keys);
    const slopes = Object.values(oracle.slopes).flatMap((values) => Array.from(values));
    expectClose([Math.min(...slopes)], [expected.min_slope]);
    expect(slopes.length).toBe(expected.spike_count);
  });
});

/** To 1e−14 of the value, or 1e−30 where the value is the noise of a difference that is 0. */
function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>): void {
  expect(actual.length).toBe(expected.length);
  for (let k = 0; k < expected.length; k++)
    expect(Math.abs(actual[k]! - expected[k]!)).toBeLessThanOrEqual(1e-14 * Math.abs(expected[k]!) + 1e-30);
}

describe("closed forms", () => {
  test("a lone postsynaptic potential peaks at 9.2420 ms with height 0.157490 w", () => {
    const { readout } = consult(single(li, 1, { kind: "max_cross_entropy", target: 0 }));
    expect(readout[0]).toBe(exactly.pow(0.25, exactly.div(4, 3)).toNumber());
    expect(readout[0]).toBeCloseTo(0.15749, 6);
    // The latest crossing there is comes at the peak.
    const [latest] = consult(single(lif, 6.3496042078728 * (1 + 1e-14), none)).spikes.cell!.times;
    expect(latest).toBeCloseTo(9.242, 4);
  });

  test("one spike fires a resting neuron from weight 6.34960 on", () => {
    const weight = exactly.pow(4, exactly.div(4, 3)).toNumber();
    expect(weight).toBeCloseTo(6.3496, 5);
    expect(consult(single(lif, weight * (1 - 1e-15), none)).spikes.cell!.times.length).toBe(0);
    expect(consult(single(lif, weight * (1 + 1e-15), none)).spikes.cell!.times.length).toBe(1);
  });

  test("a bias above threshold fires a neuron at τm ln((b − v)/(b − ϑ)), again and again", () => {
    const { times } = consult(single({ ...lif, bias: 1.5, reset: 0.25 }, 0, none)).spikes.cell!;
    const first = exactly.ln(3).times(20);
    const period = exactly.ln(2.5).times(20);
    expect(Array.from(times)).toEqual(
      [first, first.plus(period)].map((t) => t.toNumber()).filter((t) => t < 50),
    );
  });

  test("a voltage that falls first and then rises through the threshold is found", () => {
    const { times } = consult(single({ ...lif, bias: 2, v0: 0.5, i0: -9 }, 0, none)).spikes.cell!;
    const t = exactly.div(times[0]!, 1);
    const [em, es] = [t.div(-20).exp(), t.div(-5).exp()];
    const v = exactly.add(2, em.times(-1.5)).plus(em.minus(es).times(-3));
    expect(times[0]).toBeGreaterThan(13);
    expect(v.minus(1).abs().toNumber()).toBeLessThan(1e-15);
  });

  test("a voltage of slope 0 at first, which rises then, is followed to its crossing", () => {
    // V = 1.5 (1 − e^(−t/20)) − 0.5 (e^(−t/20) − e^(−t/5)).
    const { times } = consult(single({ ...lif, bias: 1.5, i0: -1.5 }, 0, none)).spikes.cell!;
    const [em, es] = [-20, -5].map((tau) => exactly.div(times[0]!, tau).exp()) as [Decimal, Decimal];
    const v = exactly.sub(1, em).times(1.5).minus(em.minus(es).times(0.5));
    expect(v.minus(1).abs().toNumber()).toBeLessThan(1e-15);
    // Falls then: a maximum at the start, of a neuron that stays below its threshold.
    expect(consult(single({ ...lif, bias: -0.5, i0: 0.5 }, 0, none)).spikes.cell!.times.length).toBe(0);
  });

  test("equal time constants: V = w (t/τ) e^(−t/τ), and the integral over it", () => {
    const equal = { ...li, tau_mem: 8, tau_syn: 8 };
    const peak = consult(single(equal, 3, { kind: "max_cross_entropy", target: 0 })).readout[0];
    expect(peak).toBe(exactly.exp(-1).times(3).toNumber());
    const ratio = exactly.div(50, 8);
    const area = exactly
      .sub(1, ratio.plus(1).times(ratio.neg().exp()))
      .times(3 * 8)
      .div(50);
    expect(consult(single(equal, 3, integral("uniform"))).readout[0]).toBe(area.toNumber());
  });

  test("a constant voltage has the average cross-entropy of that voltage", () => {
    const still = single({ ...li, size: 2, bias: [0.25, 1], v0: [0.25, 1] }, 0, averageCrossEntropy);
    expect(consult(still).loss).toBe(exactly.exp(-0.75).plus(1).ln().toNumber());
  });
});
