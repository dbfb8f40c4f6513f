/** The oracle agrees with itself: in limits, at other precisions, and between derivatives. */
import { Decimal } from "decimal.js";
import { describe, expect, test } from "vitest";
import { allEntries } from "../../src/oracle/simulate/differences.ts";
import { arithmetic } from "../../src/oracle/simulate/fixed.ts";
import { flow } from "../../src/oracle/simulate/flow.ts";
import { longestPanel, weightedIntegral } from "../../src/oracle/simulate/integrals.ts";
import { keyOf } from "../../src/oracle/simulate/keys.ts";
import { evaluateLoss } from "../../src/oracle/simulate/loss.ts";
import { gaussLegendre, integrate } from "../../src/oracle/simulate/quadrature.ts";
import { traces } from "../../src/oracle/simulate/trace.ts";
import { consult } from "./consult.ts";
import { averageCrossEntropy, integral, lif, none, recurrent, single } from "./recipes/samples.ts";

const exactly = Decimal.clone({ precision: 60 });

describe("limits and events", () => {
  test("spike times and derivatives are continuous where the time constants meet", () => {
    const at = (ratio: number) =>
      consult(recurrent(integral("exponential"), 0.5, { tau_mem: 6, tau_syn: 6 * ratio }));
    const [equal, near] = [at(1), at(1 + 2 ** -40)];
    equal.spikes.hidden!.times.forEach((time, k) => {
      expect(near.spikes.hidden!.times[k]).toBeCloseTo(time, 9);
    });
    const slope = (0.5 * (at(1 + 2 ** -20).loss - at(1 - 2 ** -20).loss)) / (6 * 2 ** -20);
    const sum = [0, 1].reduce(
      (total, neuron) => total + equal.derivative({ of: "tauSyn", population: "hidden", neuron }),
      0,
    );
    expect(slope / sum).toBeCloseTo(1, 7);
  });

  test("neurons that cross at one instant all emit, whatever they send each other without delay", () => {
    const twins = { tau_mem: 20, tau_syn: 5, reset: 0 };
    const given = recurrent(none, 0, twins);
    given.network.projections[0]!.weight.set([3, 3, 3, 3]);
    given.network.projections[1]!.weight.set([0, -50, -50, 0]);
    const { times, neurons } = consult(given).spikes.hidden!;
    expect(times[0]).toBe(times[1]);
    expect(Array.from(neurons.slice(0, 2))).toEqual([0, 1]);
  });

  test("arrivals at T do nothing and repeated input spikes add up", () => {
    const once = consult(single(lif, 8, none, [1, 1]));
    const twice = consult(single(lif, 16, none, [1]));
    expect(once.spikes).toEqual(twice.spikes);
  });

  test("a difference that would remove a spike is refused", () => {
    const threshold = exactly.pow(0.25, exactly.div(4, 3)).toNumber();
    const m = arithmetic(10);
    const barely = single({ ...lif, threshold: threshold * (1 - 1e-16) }, 1, none);
    expect(() => consult(barely, m).derivative({ of: "bias", population: "cell", neuron: 0 })).toThrow(
      /the smallest change of it adds or removes a spike/,
    );
  });
});

describe("convergence", () => {
  test.each(["uniform", "exponential", "linear", "sigmoid"] as const)(
    "%s integrals are those of quadrature",
    (of) => {
      const { exact, trial } = consult(recurrent(integral(of), 0.5));
      const m = exact.math;
      const rule = gaussLegendre(m, 40);
      const trace = traces(exact, trial, 1)[0]!;
      const share = (t: bigint): bigint => m.div(t, exact.duration);
      const weight = {
        uniform: () => m.one,
        exponential: (t: bigint) => m.exp(-share(t)),
        linear: (t: bigint) => m.one - share(t),
        sigmoid: (t: bigint) => m.div(m.one, m.one + m.exp(5n * share(t) - (5n * m.one) / 2n)),
      }[of];
      let sum = 0n;
      for (const { start, end, state } of trace.segments)
        sum += integrate(m, rule, [start, end], longestPanel(exact, [trace]) / 2n, (t) =>
          m.mul(weight(t), flow(m, trace.dynamics, state, t - start).v),
        );
      const difference = sum - weightedIntegral(exact, trace, of, gaussLegendre(m, 20));
      expect(Math.abs(m.toNumber(difference))).toBeLessThan(1e-42);
    },
  );

  test("doubling the order of the average cross-entropy's quadrature changes it by less than 1e−36", () => {
    const { exact, trial } = consult(recurrent(averageCrossEntropy, 0.5));
    const change = evaluateLoss(exact, trial, 40).loss - evaluateLoss(exact, trial, 20).loss;
    expect(Math.abs(exact.math.toNumber(change))).toBeLessThan(1e-36);
  });

  test("more digits give the same doubles", () => {
    const given = recurrent(averageCrossEntropy, 0);
    const [usual, more] = [consult(given), consult(given, arithmetic(75))];
    expect(more.spikes).toEqual(usual.spikes);
    expect(more.loss).toBe(usual.loss);
    for (const entry of allEntries(usual.exact, usual.trial))
      expect(keyOf(entry) + more.derivative(entry)).toBe(keyOf(entry) + usual.derivative(entry));
  });
});

describe("identities between derivatives", () => {
  const oracle = consult(recurrent(integral("sigmoid"), 0));
  const neurons = Array.from(oracle.spikes.hidden!.neurons);

  test("dL/dϑ = Σ (dL/dt_k)/V̇_k over a neuron's spikes, dL/dt_k by moving them", () => {
    expect(neurons.length).toBeGreaterThan(4);
    for (const neuron of [0, 1]) {
      let sum = 0;
      neurons.forEach((source, index) => {
        if (source !== neuron) return;
        sum +=
          oracle.derivative({ of: "spikeTime", population: "hidden", index }) / oracle.slopes.hidden![index]!;
      });
      const direct = oracle.derivative({ of: "threshold", population: "hidden", neuron });
      expect(sum / direct).toBeCloseTo(1, 13);
    }
  });

  test("an input's time and its delays count alike, also from time 0 and delay 0 downwards", () => {
    const channel0 = [0, 2, 4].map((index) => oracle.derivative({ of: "inputTime", index }));
    const delays = [0, 1].map((post) => oracle.derivative({ of: "delay", projection: 0, post, pre: 0 }));
    const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);
    expect(sum(delays) / sum(channel0)).toBeCloseTo(1, 13);
  });
});
