/**
 * The flow of neurons that each have time constants of their own, and its transpose, over a short interval. With p = αh,
 * y = (β − α)h, polynomials A of (1 − e^−p)/p and B of φ₂(−y) give
 *
 *   1 − a = p A(p),   a = e^−p,   t = a φ₁(−y) = a (1 − y B(y)),   κ = p t,   b = a − y t
 *
 * without a division or a range to reduce. An interval that is longer is halved until the polynomials hold, and the
 * coefficients of the whole come from those of its halves, by sums of positive terms:
 *
 *   κ ← κ (a + b),   a ← a²,   b ← b²
 *
 * Each halving doubles the errors: those of a, b, κ are below 2.5 ulp · 2^halvings.
 */
import { PopulationFlag } from "../kinds";
import { add, atLeast, laneBits, madd, mul, splat, sub, vectorBytes } from "../maths/lanes";
import { coefficientStride } from "./coefficients";
import { Population } from "./population";
import { chunkLanes, flagBits } from "./tangent_test";

/** Most halvings: beyond, `prepareEach` is as fast, and exact. */
const most: i32 = 3;
const isDouble: bool = sizeof<real>() == 8;
/** The polynomials hold for p up to the one and |y| up to the other. */
const pMost: f64 = isDouble ? 1.0 / 64.0 : 1.0 / 16.0;
const yMost: f64 = isDouble ? 1.0 / 28.0 : 1.0 / 16.0;

/** Constants of the polynomials, each a vector of `population.constants`. */
enum Constant {
  /** Of A: 5 in f64, 3 in f32. */
  approach = 0,
  /** Of B: 6, 3. */
  lag = 5,
  /** Of −φ₁′: 7, 4. */
  derivative = 11,
  one = 18,
  length = 19,
  horizon = 20,
}

function keep(population: Population, k: u32, value: f64): void {
  v128.store(population.constants + k * vectorBytes, splat(value));
}

// @ts-ignore: decorator
@inline
function kept(population: Population, k: u32): v128 {
  return v128.load(population.constants + k * vectorBytes);
}

/**
 * Writes what stays the same in a trial; compiled code would build constants anew in every round of a loop, but loads them
 * once. They are Chebyshev series of A on [0, 1/64], of B and of −φ₁′ on [−1/28, 1/28], cut off where they leave 0.35, 0.54 and
 * 0.48 units of 2^−53 of a, φ₁ and φ₁′; in f32 on [0, 1/16] and [−1/16, 1/16], 0.34, 0.54 and 0.91 units of 2^−24.
 */
export function keepConstants(population: Population): void {
  keep(population, Constant.one, 1);
  if (isDouble) keepDoubles(population);
  else keepSingles(population);
}

function keepDoubles(population: Population): void {
  keep(population, Constant.approach, 0.9999999999999974);
  keep(population, Constant.approach + 1, -0.4999999999919631);
  keep(population, Constant.approach + 2, 0.1666666625502488);
  keep(population, Constant.approach + 3, -0.04166592855147249);
  keep(population, Constant.approach + 4, 0.008279279141655044);
  keep(population, Constant.lag, 0.5000000000000016);
  keep(population, Constant.lag + 1, -0.1666666666666673);
  keep(population, Constant.lag + 2, 0.04166666664396909);
  keep(population, Constant.lag + 3, -0.008333333329410305);
  keep(population, Constant.lag + 4, 0.0013889363416900082);
  keep(population, Constant.lag + 5, -0.0001984188496917314);
  keep(population, Constant.derivative, 0.5);
  keep(population, Constant.derivative + 1, -0.3333333333333383);
  keep(population, Constant.derivative + 2, 0.12500000000000128);
  keep(population, Constant.derivative + 3, -0.033333333301948945);
  keep(population, Constant.derivative + 4, 0.006944444439400539);
  keep(population, Constant.derivative + 5, -0.0011905254008918685);
  keep(population, Constant.derivative + 6, 0.00017361743815172734);
}

function keepSingles(population: Population): void {
  keep(population, Constant.approach, 0.9999997019767761);
  keep(population, Constant.approach + 1, -0.4999102056026459);
  keep(population, Constant.approach + 2, 0.16281674802303314);
  keep(population, Constant.lag, 0.5);
  keep(population, Constant.lag + 1, -0.16669107973575592);
  keep(population, Constant.lag + 2, 0.04167209193110466);
  keep(population, Constant.derivative, 0.5);
  keep(population, Constant.derivative + 1, -0.3333333134651184);
  keep(population, Constant.derivative + 2, 0.125027135014534);
  keep(population, Constant.derivative + 3, -0.03333914652466774);
}

/** How often an interval of x ms is halved, or −1 if it is not short, or the neurons share their time constants. */
export function halvingsOf(population: Population, x: f64): i32 {
  if (population.flags & PopulationFlag.uniform) return -1;
  let h = x;
  for (let n = 0; n <= most; n++) {
    if (population.alphaMost * h <= pMost && population.gapMost * h <= yMost) return n;
    h *= 0.5;
  }
  return -1;
}

/** (1 − e^−p)/p, in pairs: a chain of additions is what would take the time. */
// @ts-ignore: decorator
@inline
function approachPolynomial(p: v128, a0: v128, a1: v128, a2: v128, a3: v128, a4: v128): v128 {
  const low = madd(a1, p, a0);
  const p2 = mul(p, p);
  if (!isDouble) return madd(a2, p2, low);
  return madd(madd(a4, p2, madd(a3, p, a2)), p2, low);
}

/** φ₂(−y) */
// @ts-ignore: decorator
@inline
function lagPolynomial(y: v128, b0: v128, b1: v128, b2: v128, b3: v128, b4: v128, b5: v128): v128 {
  const low = madd(b1, y, b0);
  const y2 = mul(y, y);
  if (!isDouble) return madd(b2, y2, low);
  return madd(madd(madd(b5, y, b4), y2, madd(b3, y, b2)), y2, low);
}

/**
 * Flow of x ms, halved `halvings` times, then the arrivals of `row`; lists who may cross a threshold above rest within the
 * next `horizon` ms.
 */
export function flowOwn(population: Population, x: f64, halvings: i32, row: usize, horizon: f64): void {
  const a0 = kept(population, Constant.approach);
  const a1 = kept(population, Constant.approach + 1);
  const a2 = kept(population, Constant.approach + 2);
  const a3 = kept(population, Constant.approach + 3);
  const a4 = kept(population, Constant.approach + 4);
  const b0 = kept(population, Constant.lag);
  const b1 = kept(population, Constant.lag + 1);
  const b2 = kept(population, Constant.lag + 2);
  const b3 = kept(population, Constant.lag + 3);
  const b4 = kept(population, Constant.lag + 4);
  const b5 = kept(population, Constant.lag + 5);
  keep(population, Constant.length, x / <f64>(1 << halvings));
  keep(population, Constant.horizon, horizon);
  const one = kept(population, Constant.one);
  const length = kept(population, Constant.length);
  const ahead = kept(population, Constant.horizon);
  let alphas = population.alphaReal;
  let betas = population.betaReal;
  let thresholds = population.thresholdReal;
  let us = population.u;
  let is = population.i;
  let rows = row;
  let flagged = population.flagged;
  let passing: u32 = 0;
  let lane: u32 = 0;
  let chunk: u32 = 0;
  for (const end = us + coefficientStride(population); us < end; ) {
    const alpha = v128.load(alphas);
    const p = mul(alpha, length);
    const y = mul(sub(v128.load(betas), alpha), length);
    let a = sub(one, mul(p, approachPolynomial(p, a0, a1, a2, a3, a4)));
    const t = mul(a, sub(one, mul(y, lagPolynomial(y, b0, b1, b2, b3, b4, b5))));
    let kappa = mul(p, t);
    let b = sub(a, mul(y, t));
    for (let n = halvings; n > 0; n--) {
      kappa = mul(kappa, add(a, b));
      a = mul(a, a);
      b = mul(b, b);
    }
    const current = v128.load(is);
    const u = madd(a, v128.load(us), mul(kappa, current));
    const i = madd(b, current, v128.load(rows));
    v128.store(us, u);
    v128.store(is, i);
    const tangent = madd(mul(alpha, ahead), sub(i, u), u);
    passing |= laneBits(atLeast(tangent, v128.load(thresholds))) << lane;
    alphas += vectorBytes;
    betas += vectorBytes;
    thresholds += vectorBytes;
    us += vectorBytes;
    is += vectorBytes;
    rows += vectorBytes;
    lane += <u32>(vectorBytes / sizeof<real>());
    if (lane < chunkLanes) continue;
    if (passing != 0) {
      store<u32>(flagged, (chunk << flagBits) | passing);
      flagged += 4;
    }
    chunk++;
    lane = 0;
    passing = 0;
  }
  population.flaggedCount = <u32>((flagged - population.flagged) >> 2);
}

/** Transpose of `flowOwn` without its arrivals. */
export function flowOwnAdjoint(population: Population, x: f64, halvings: i32): void {
  const a0 = kept(population, Constant.approach);
  const a1 = kept(population, Constant.approach + 1);
  const a2 = kept(population, Constant.approach + 2);
  const a3 = kept(population, Constant.approach + 3);
  const a4 = kept(population, Constant.approach + 4);
  const b0 = kept(population, Constant.lag);
  const b1 = kept(population, Constant.lag + 1);
  const b2 = kept(population, Constant.lag + 2);
  const b3 = kept(population, Constant.lag + 3);
  const b4 = kept(population, Constant.lag + 4);
  const b5 = kept(population, Constant.lag + 5);
  keep(population, Constant.length, x / <f64>(1 << halvings));
  const one = kept(population, Constant.one);
  const length = kept(population, Constant.length);
  let alphas = population.alphaReal;
  let betas = population.betaReal;
  let gus = population.gu;
  let gis = population.gi;
  for (const end = gus + coefficientStride(population); gus < end; ) {
    const alpha = v128.load(alphas);
    const p = mul(alpha, length);
    const y = mul(sub(v128.load(betas), alpha), length);
    let a = sub(one, mul(p, approachPolynomial(p, a0, a1, a2, a3, a4)));
    const t = mul(a, sub(one, mul(y, lagPolynomial(y, b0, b1, b2, b3, b4, b5))));
    let kappa = mul(p, t);
    let b = sub(a, mul(y, t));
    for (let n = halvings; n > 0; n--) {
      kappa = mul(kappa, add(a, b));
      a = mul(a, a);
      b = mul(b, b);
    }
    const gu = v128.load(gus);
    v128.store(gis, madd(b, v128.load(gis), mul(kappa, gu)));
    v128.store(gus, mul(a, gu));
    alphas += vectorBytes;
    betas += vectorBytes;
    gus += vectorBytes;
    gis += vectorBytes;
  }
}

/** −dφ₁(−y)/dy */
function lagDerivative(population: Population, y: v128): v128 {
  const y2 = mul(y, y);
  const low = madd(kept(population, Constant.derivative + 1), y, kept(population, Constant.derivative));
  const middle = madd(
    kept(population, Constant.derivative + 3),
    y,
    kept(population, Constant.derivative + 2),
  );
  if (!isDouble) return madd(middle, y2, low);
  const fourth = madd(
    kept(population, Constant.derivative + 5),
    y,
    kept(population, Constant.derivative + 4),
  );
  const high = madd(kept(population, Constant.derivative + 6), y2, fourth);
  return madd(madd(high, y2, middle), y2, low);
}

/**
 * `flowOwnAdjoint`, and before it what the flow contributes to the gradients of α, β and bias, from (u, I) at its start; see
 * `flowGradient`. Of a half, ∂κ/∂α = h (t (1 − p) + p a φ₁′) and ∂κ/∂β = −h p a φ₁′ with φ₁′ < 0; of the whole they follow as κ
 * does, with ∂a/∂α = −h a and ∂b/∂β = −h b.
 */
export function flowOwnGradient(population: Population, u: usize, i: usize, x: f64, halvings: i32): void {
  keep(population, Constant.length, x / <f64>(1 << halvings));
  keep(population, Constant.horizon, -x);
  const half = kept(population, Constant.length);
  const minusX = kept(population, Constant.horizon);
  const one = kept(population, Constant.one);
  for (let at: usize = 0; at < coefficientStride(population); at += vectorBytes) {
    let h = half;
    const alpha = v128.load(population.alphaReal + at);
    const p = mul(alpha, h);
    const y = mul(sub(v128.load(population.betaReal + at), alpha), h);
    const ofA = approachPolynomial(
      p,
      kept(population, Constant.approach),
      kept(population, Constant.approach + 1),
      kept(population, Constant.approach + 2),
      kept(population, Constant.approach + 3),
      kept(population, Constant.approach + 4),
    );
    const ofB = lagPolynomial(
      y,
      kept(population, Constant.lag),
      kept(population, Constant.lag + 1),
      kept(population, Constant.lag + 2),
      kept(population, Constant.lag + 3),
      kept(population, Constant.lag + 4),
      kept(population, Constant.lag + 5),
    );
    let approach = mul(p, ofA);
    let a = sub(one, approach);
    const t = mul(a, sub(one, mul(y, ofB)));
    const steep = mul(p, mul(a, lagDerivative(population, y)));
    let kappa = mul(p, t);
    let b = sub(a, mul(y, t));
    let byAlpha = mul(h, add(mul(t, sub(one, p)), steep));
    let byBeta = v128.neg<real>(mul(h, steep));
    for (let n = halvings; n > 0; n--) {
      const both = add(a, b);
      const lost = mul(h, kappa);
      byAlpha = sub(mul(byAlpha, both), mul(lost, a));
      byBeta = sub(mul(byBeta, both), mul(lost, b));
      kappa = mul(kappa, both);
      approach = mul(approach, add(one, a));
      a = mul(a, a);
      b = mul(b, b);
      h = add(h, h);
    }
    const gu = v128.load(population.gu + at);
    const gi = v128.load(population.gi + at);
    const current = v128.load(i + at);
    const viaU = madd(byAlpha, current, mul(mul(minusX, a), v128.load(u + at)));
    const viaI = madd(byBeta, gu, mul(mul(minusX, b), gi));
    v128.store(population.dAlpha + at, madd(gu, viaU, v128.load(population.dAlpha + at)));
    v128.store(population.dBeta + at, madd(current, viaI, v128.load(population.dBeta + at)));
    v128.store(population.dBias + at, madd(gu, approach, v128.load(population.dBias + at)));
    v128.store(population.gi + at, madd(b, gi, mul(kappa, gu)));
    v128.store(population.gu + at, mul(a, gu));
  }
}
