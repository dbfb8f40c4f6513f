/** Gradients keep their digits through silences of many time constants, in which everything decays. */
import { describe, expect, test } from "vitest";
import { Engine, solveCase } from "../../src/index.ts";
import { caseFromJson, type PopulationJson } from "../../src/oracle/certify/caseJson.ts";
import { consult } from "../oracle/consult.ts";
import { differenceAt } from "../support/kernel/dividedDifferences.ts";
import { Precise } from "../support/kernel/precise.ts";
import { sketch } from "../support/networks/build.ts";

/** A spike or two long after time 0, asked to come half a millisecond later. */
function late(silence: number, population: Partial<PopulationJson>) {
  const cell = {
    name: "cell",
    size: 1,
    model: "lif",
    tau_mem: 20,
    tau_syn: 5,
    v0: 0.5,
    i0: 0.5,
    ...population,
  };
  const json = {
    format: "goldspike/case@1",
    name: "late",
    time_unit: "ms",
    duration: silence + 60,
    input: { channels: 1, times: [silence], sources: [0] },
    populations: [cell as PopulationJson],
    projections: [{ from: "input", to: "cell", weight: [[9]] }],
  };
  const quiet = caseFromJson({ ...json, loss: { kind: "none" } });
  const targets = [Array.from(consult(quiet).spikes.cell!.times, (time) => time + 0.5)];
  const loss = { kind: "spike_time_mse", population: "cell", targets } as const;
  return caseFromJson({ ...json, loss });
}

const populations: [string, Partial<PopulationJson>][] = [
  ["tau_mem > tau_syn", {}],
  ["tau_mem < tau_syn", { tau_mem: 10, tau_syn: 20 }],
  ["tau_mem = tau_syn", { tau_mem: 20, tau_syn: 20 }],
];

describe.each(populations)("%s", (_name, population) => {
  test.each([100, 240, 400])("dL/dV(0) and dL/dI(0) to 1e-12 of themselves after %i ms", async (silence) => {
    const given = late(silence, population);
    const { gradients } = await solveCase(given);
    const oracle = consult(given);
    for (const of of ["v0", "i0"] as const) {
      const exact = oracle.derivative({ of, population: "cell", neuron: 0 });
      expect(Math.abs(gradients.populations[0]![of][0]! - exact), of).toBeLessThan(1e-12 * Math.abs(exact));
    }
  });
});

/** ∂K/∂α of an arrival X ms before the end of T, from its definition in losses/integral_influence.ts. */
const influenceByRate = {
  uniform: (a: Precise, b: Precise, x: Precise, t: Precise) =>
    x
      .times(x)
      .over(t)
      .times(differenceAt([a, a, b].map((rate) => rate.times(x)))),
  exponential: (a: Precise, b: Precise, x: Precise, t: Precise) => {
    const [p, q] = [a, b].map((rate) => rate.plus(Precise.of(1).over(t)).times(x));
    const sum = differenceAt([p!, p!, q!]).plus(x.over(t).times(differenceAt([Precise.of(0), p!, p!, q!])));
    return t.minus(x).over(t).negated().exp().times(x).times(x).over(t).times(sum);
  },
  linear: (a: Precise, b: Precise, x: Precise, t: Precise) =>
    x
      .times(x)
      .times(x)
      .over(t.times(t))
      .times(differenceAt([Precise.of(0), ...[a, a, b].map((rate) => rate.times(x))])),
};

describe.each(Object.keys(influenceByRate) as (keyof typeof influenceByRate)[])(
  "weighting %s",
  (weighting) => {
    test.each([
      [20, 200],
      [20, 300],
      [20, 400],
      [20, 8000],
      [1, 700],
      [0.01, 6],
      [0.001, 100],
    ])(
      "dL/dtau_mem of a readout of %d ms to 1e-12 of itself when %d ms follow an arrival",
      async (tau, silence) => {
        for (const ratio of [0.25, 1, 1 + 1e-9, 3]) {
          const output = {
            name: "output",
            size: 2,
            model: "li",
            tau_mem: tau,
            tau_syn: tau * ratio,
          } as const;
          const problem = sketch({
            duration: silence + 1,
            input: [[1, 0]],
            populations: [output],
            projections: [{ from: "input", to: "output", weight: [[silence / tau], [0]] }],
            loss: { kind: "integral_cross_entropy", weighting, target: 0 },
          });
          const { readout, gradients } = await solveCase(problem);
          const [a, b] = [tau, output.tau_syn].map((one) => Precise.of(1).over(Precise.of(one)));
          const byRate = influenceByRate[weighting](
            a!,
            b!,
            Precise.of(silence),
            Precise.of(silence + 1),
          ).toNumber();
          const exact = (1 / (1 + Math.exp(readout[0]!))) * (silence / tau) * (byRate / tau / tau);
          const found = gradients.populations[0]!.tauMem[0]!;
          // Rounding the exponent silence/τ costs as many ulp as it is large.
          expect(Math.abs(found - exact)).toBeLessThanOrEqual(1e-12 * Math.abs(exact) + 1e-300);
        }
      },
    );
  },
);

test("in f32 the adjoint of a neuron that is silent for seconds ends at 0, not in subnormal numbers, which are slow", async () => {
  const clock = Array.from({ length: 400 }, (_, k) => [5 * k + 1, 1] as const);
  const problem = sketch({
    duration: 2060,
    channels: 2,
    input: [...clock, [2000, 0]],
    populations: [{ name: "cell" }],
    projections: [{ from: "input", to: "cell", weight: [[9, 0]] }],
    loss: { kind: "spike_time_mse", population: "cell", targets: [[2001]], extraCost: 1 },
  });
  const { network, duration, input, loss } = problem;
  const engine = await Engine.create(network, {
    precision: "f32",
    duration,
    maxInputSpikes: 500,
    maxReadings: 400,
  });
  const times = Float64Array.from({ length: 200 }, (_, k) => 10 * k + 2);
  const { cell } = engine.trace(input, loss, times, { cell: "all" }).populations;
  const smallest = 2 ** -126;
  const sensitivities = Array.from(cell!.lambdaV, (lambda) => Math.abs(lambda) * 20);
  expect(sensitivities.at(-1)).toBeGreaterThan(1e-3);
  expect(sensitivities[0]).toBe(0);
  expect(sensitivities.filter((value) => value > 0 && value < smallest)).toEqual([]);
});
