/** Neurons with time constants of their own: short flows by polynomials, and readouts a row at a time. */
import { describe, expect, test } from "vitest";
import { Engine } from "../../src/engine/engine.ts";
import { buildNetwork } from "../../src/model/buildNetwork.ts";
import type { Precision } from "../../src/model/solution.ts";
import { Precise } from "../support/kernel/precise.ts";
import { createSampler } from "../support/training/sampler.ts";

const one = Precise.of(1);
const nothing = { times: new Float64Array(0), sources: new Int32Array(0) };

/** a, b and κ after x ms. */
function exactly(tauMem: number, tauSyn: number, x: number): [Precise, Precise, Precise] {
  const p = Precise.of(x).over(Precise.of(tauMem));
  const q = Precise.of(x).over(Precise.of(tauSyn));
  const lag = q.minus(p);
  const a = p.negated().exp();
  const share = lag.n === 0n ? one : lag.negated().expm1().negated().over(lag);
  return [a, q.negated().exp(), p.times(a).times(share)];
}

/** Time constants within a factor of 1.5 … 30 of each other, equal ones among them. */
function drawTaus({ uniform, integer }: ReturnType<typeof createSampler>): { mem: number[]; syn: number[] } {
  const spread = uniform(1.5, 30);
  const mem = Array.from({ length: 9 }, () => 20 * spread ** uniform(-0.5, 0.5));
  const syn = mem.map((tau) => (integer(0, 3) ? 5 * spread ** uniform(-0.5, 0.5) : tau));
  return { mem, syn };
}

/** Network of leaky integrators that nothing reaches, from V(0) and I(0). */
async function decaying(
  taus: { mem: number[]; syn: number[] },
  start: { v0: number; i0: number },
  precision: Precision,
) {
  const size = taus.mem.length;
  const network = buildNetwork({
    inputChannels: 1,
    populations: [{ name: "li", model: "li", size, tauMem: taus.mem, tauSyn: taus.syn, ...start }],
    projections: [],
  });
  return Engine.create(network, { precision, duration: 64, maxInputSpikes: 1, maxReadings: 64 });
}

const epsilon = { f64: 2 ** -53, f32: 2 ** -24 } as const;

describe.each(["f64", "f32"] as const)("short flows in %s", (precision) => {
  test("a, b and κ are right to 2.5 ulp times the halvings, to 8 times that", async () => {
    const random = createSampler(17);
    let most = 0;
    for (let n = 0; n < 60; n++) {
      const taus = drawTaus(random);
      // From a hundredth to twice the longest interval that is short for all.
      const x = random.uniform(0.01, 1) * Math.min(...taus.mem, ...taus.syn) * 0.3;
      const times = Float64Array.from([x]);
      for (const [v0, i0] of [
        [1, 0],
        [0, 1],
      ] as const) {
        const engine = await decaying(taus, { v0, i0 }, precision);
        const { li } = engine.trace(nothing, { kind: "none" }, times, { li: "all" }).populations;
        taus.mem.forEach((tau, j) => {
          const round = precision === "f32" ? Math.fround : (value: number) => value;
          const [a, b, kappa] = exactly(1 / round(1 / tau), 1 / round(1 / taus.syn[j]!), x);
          const v = (v0 ? a : kappa).toNumber();
          const errors = [Math.abs(li!.v[j]! - v) / v];
          if (i0) errors.push(Math.abs(li!.i[j]! - b.toNumber()) / b.toNumber());
          most = Math.max(most, ...errors);
        });
      }
    }
    expect(most / epsilon[precision]).toBeLessThan(8 * 2.5);
    expect(most).toBeGreaterThan(0);
  });
});

/** A readout of three neurons behind forty spikes of the input, with its loss. */
function readout(mem: number[] | number, syn: number[] | number) {
  const random = createSampler(3);
  const weight = Float64Array.from({ length: 3 * 5 }, () => random.uniform(-1, 1));
  const network = buildNetwork({
    inputChannels: 5,
    populations: [{ name: "out", model: "li", size: 3, tauMem: mem, tauSyn: syn }],
    projections: [{ from: "input", to: "out", weight }],
  });
  const times = Float64Array.from({ length: 40 }, () => random.uniform(0, 200)).sort();
  return { network, input: { times, sources: Int32Array.from(times, () => random.integer(0, 4)) } };
}

async function solved(mem: number[] | number, syn: number[] | number, weighting: "uniform" | "exponential") {
  const { network, input } = readout(mem, syn);
  const engine = await Engine.create(network, { precision: "f64", duration: 200, maxInputSpikes: 40 });
  return engine.solve(input, { kind: "integral_cross_entropy", weighting, target: 1 });
}

describe.each(["uniform", "exponential"] as const)(
  "a readout behind an integral weighted %s",
  (weighting) => {
    test.each([
      ["slow membranes", [20, 17, 23], [5, 4, 6]],
      ["slow synapses", [5, 4, 6], [20, 17, 23]],
      ["nearly equal ones", [10, 10.1, 12], [10.001, 10, 11]],
    ])("with %s is that of neurons in populations of their own", async (_, mem, syn) => {
      const own = await solved(mem, syn, weighting);
      for (const [j, tau] of mem.entries()) {
        const shared = await solved(tau, syn[j]!, weighting);
        expect(Math.abs(own.readout[j]! / shared.readout[j]! - 1)).toBeLessThan(1e-13);
      }
    });

    test("has the gradients of its time constants, by differences of its loss", async () => {
      const [mem, syn] = [
        [20, 17, 23],
        [5, 4, 6],
      ];
      const { gradients } = await solved(mem!, syn!, weighting);
      const moved = (taus: number[], j: number, by: number) =>
        taus.map((tau, k) => (k === j ? tau + by : tau));
      for (const j of [0, 1, 2]) {
        const h = 1e-4;
        const byMem =
          ((await solved(moved(mem!, j, h), syn!, weighting)).loss -
            (await solved(moved(mem!, j, -h), syn!, weighting)).loss) /
          (2 * h);
        const bySyn =
          ((await solved(mem!, moved(syn!, j, h), weighting)).loss -
            (await solved(mem!, moved(syn!, j, -h), weighting)).loss) /
          (2 * h);
        expect(Math.abs(gradients.populations[0]!.tauMem[j]! - byMem)).toBeLessThan(
          1e-8 * Math.abs(byMem) + 1e-11,
        );
        expect(Math.abs(gradients.populations[0]!.tauSyn[j]! - bySyn)).toBeLessThan(
          1e-8 * Math.abs(bySyn) + 1e-11,
        );
      }
    });
  },
);
