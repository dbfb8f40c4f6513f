/** Weighted integrals of a readout solve the differential equations of its voltage. */
import { describe, test } from "vitest";
import type { ExactCase } from "../../src/oracle/simulate/exactCase.ts";
import { weightedIntegral } from "../../src/oracle/simulate/integrals.ts";
import { gaussLegendre } from "../../src/oracle/simulate/quadrature.ts";
import { traceOf } from "../../src/oracle/simulate/trace.ts";
import { createDraw, type Draw } from "./recipes/draw.ts";
import {
  about,
  bits,
  type Constants,
  constants,
  dynamicsOf,
  expectNear,
  fine,
  m,
  solve,
  times,
  unit,
} from "./taylor.ts";

/** A readout with random arrivals, some of them at one time. */
function readoutOf(own: Constants, { between, list }: Draw) {
  const duration = m.from(between(20, 60));
  const drawn = list(6, 0, 20).sort((x, y) => x - y);
  const arrivals = [...drawn, drawn.at(-1)!].map((time) => ({
    time: m.from(time),
    weight: m.from(between(-2, 2)),
  }));
  const [bias, v0, i0] = list(3, -1, 1).map(m.from) as [bigint, bigint, bigint];
  const population = {
    ...{ name: "output", size: 1, model: "li" as const, threshold: [m.one], reset: [0n] },
    ...{ tauMem: [m.from(own.tauMem)], tauSyn: [m.from(own.tauSyn)], bias: [bias], v0: [v0], i0: [i0] },
  };
  const exact = { math: m, duration, populations: [population] } as unknown as ExactCase;
  const trace = traceOf(exact, 0, 0, arrivals as never);
  const { a, c } = dynamicsOf(own);
  return { exact, trace, duration, arrivals, v0, i0, rates: { a: fine(a), c: fine(c), b: fine(bias) } };
}

type Readout = ReturnType<typeof readoutOf>;

/** From event to event. */
function* stretchesOf({ arrivals, duration }: Readout) {
  let from = 0n;
  for (const { time, weight } of arrivals) {
    yield { length: fine(time - from), at: fine(time), weight: fine(weight) };
    from = time;
  }
  yield { length: fine(duration - from), at: fine(duration), weight: 0n };
}

/** ∫ V and ∫ t V. */
function moments(readout: Readout) {
  const { a, c, b } = readout.rates;
  let x = {
    ...{ one: unit, t: 0n, v: fine(readout.v0), i: fine(readout.i0), tv: 0n, ti: 0n },
    ...{ sum: 0n, first: 0n },
  };
  const system = {
    one: {},
    t: { one: unit },
    v: { i: a, one: times(a, b), v: -a },
    i: { i: -c },
    tv: { v: unit, ti: a, t: times(a, b), tv: -a },
    ti: { i: unit, ti: -c },
    sum: { v: unit },
    first: { tv: unit },
  };
  for (const { length, at, weight } of stretchesOf(readout)) {
    x = solve(system, x, length);
    x = { ...x, i: x.i + weight, ti: x.ti + times(at, weight) };
  }
  return x;
}

/** ∫ e^{−gt} V. */
function falling(readout: Readout, g: bigint): bigint {
  const { a, c, b } = readout.rates;
  let x = { y: unit, yv: fine(readout.v0), yi: fine(readout.i0), sum: 0n };
  const system = {
    y: { y: -g },
    yv: { yi: a, y: times(a, b), yv: -a - g },
    yi: { yi: -c - g },
    sum: { yv: unit },
  };
  for (const { length, weight } of stretchesOf(readout)) {
    x = solve(system, x, length);
    x = { ...x, yi: x.yi + times(x.y, weight) };
  }
  return x.sum;
}

/** ∫ ω V with ω' = −(5/T) ω (1 − ω), ω(0) = 1/(1 + e^{−5/2}), by the series of ω, V, I and of products. */
function sigmoid(readout: Readout): bigint {
  const { a, c, b } = readout.rates;
  const rate = (5n * unit * unit) / fine(readout.duration);
  const { y } = solve({ y: { y: -unit } }, { y: unit }, (5n * unit) / 2n);
  let x = { w: (unit * unit) / (unit + y), v: fine(readout.v0), i: fine(readout.i0), sum: 0n };
  const longest = [fine(readout.duration) / 24n, (unit * unit) / a, (unit * unit) / c].reduce((least, its) =>
    its < least ? its : least,
  );
  for (const { length, weight } of stretchesOf(readout)) {
    const count = length / longest + 1n;
    for (let k = 0n; k < count; k += 1n) x = sigmoidStep(x, { a, c, b, rate }, length / count);
    x = { ...x, i: x.i + weight };
  }
  return x.sum;
}

type Four = Readonly<Record<"w" | "v" | "i" | "sum", bigint>>;

function sigmoidStep(
  { w, v, i, sum }: Four,
  { a, c, b, rate }: Readonly<Record<"a" | "c" | "b" | "rate", bigint>>,
  step: bigint,
) {
  const [ws, vs, is] = [[w], [v], [i]];
  const product = (x: readonly bigint[], y: readonly bigint[], n: number) =>
    x.slice(0, n + 1).reduce((total, its, k) => total + times(its, y[n - k]!), 0n);
  const x = { w, v, i, sum };
  let power = unit;
  for (let n = 0; n < 70; n++) {
    const next = BigInt(n + 1);
    power = times(power, step);
    x.sum += times(product(ws, vs, n), power) / next;
    ws.push(-times(rate, ws[n]! - product(ws, ws, n)) / next);
    vs.push(times(a, is[n]! + (n === 0 ? b : 0n) - vs[n]!) / next);
    is.push(-times(c, is[n]!) / next);
    x.w += times(ws[n + 1]!, power);
    x.v += times(vs[n + 1]!, power);
    x.i += times(is[n + 1]!, power);
  }
  return x;
}

describe("weighted integrals of a readout", () => {
  const rule = gaussLegendre(m, 20);
  // Stretches of a thousand time constants say nothing more, and take long.
  const usual = constants.filter(({ tauMem, tauSyn }) => Math.min(tauMem, tauSyn) >= 0.5);
  const random = createDraw(1504);
  const readouts = usual.map((own) => [about(own), readoutOf(own, random)] as const);
  const integral = ({ exact, trace }: Readout, weighting: Parameters<typeof weightedIntegral>[2]) => ({
    integral: weightedIntegral(exact, trace, weighting, rule),
  });

  test("uniform, and linear", () => {
    for (const [its, readout] of readouts) {
      const { sum, first } = moments(readout);
      expectNear(integral(readout, "uniform"), { integral: sum }, its);
      const linear = sum - (first << bits) / fine(readout.duration);
      expectNear(integral(readout, "linear"), { integral: linear }, its);
    }
  });

  test("exponential", () => {
    for (const [its, readout] of readouts) {
      const g = (unit * unit) / fine(readout.duration);
      expectNear(integral(readout, "exponential"), { integral: falling(readout, g) }, its);
    }
  });

  test("sigmoid", () => {
    for (const [its, readout] of readouts)
      expectNear(integral(readout, "sigmoid"), { integral: sigmoid(readout) }, its);
  });
});
