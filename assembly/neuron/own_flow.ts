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

/** Chebyshev series on [0, 1/64] and [−1/28, 1/28], cut off where they leave 0.35 and 0.54 units of 2^−53 of a and φ₁. */
const doubles = memory.data<f64>([
  0.9999999999999974, -0.4999999999919631, 0.1666666625502488, -0.04166592855147249, 0.008279279141655044,
  0.5000000000000016, -0.1666666666666673, 0.04166666664396909, -0.008333333329410305, 0.0013889363416900082,
  -0.0001984188496917314,
]);
/** On [0, 1/16] and [−1/16, 1/16]: 0.34 and 0.54 units of 2^−24. */
const singles = memory.data<f32>([
  0.9999997019767761, -0.4999102056026459, 0.16281674802303314, 0.5, -0.16669107973575592,
  0.04167209193110466,
]);

function coefficient(k: usize): v128 {
  return v128.load_splat<real>((isDouble ? doubles : singles) + k * sizeof<real>());
}

/** How often an interval of x ms is halved, or −1 if it is not short. */
export function halvingsOf(population: Population, x: f64): i32 {
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
  const a0 = coefficient(0);
  const a1 = coefficient(1);
  const a2 = coefficient(2);
  const a3 = coefficient(3);
  const a4 = coefficient(4);
  const from: usize = isDouble ? 5 : 3;
  const b0 = coefficient(from);
  const b1 = coefficient(from + 1);
  const b2 = coefficient(from + 2);
  const b3 = coefficient(from + 3);
  const b4 = coefficient(from + 4);
  const b5 = coefficient(from + 5);
  const scratch = population.flow;
  v128.store(scratch, splat(1));
  v128.store(scratch + 16, splat(x / <f64>(1 << halvings)));
  v128.store(scratch + 32, splat(horizon));
  const one = v128.load(scratch);
  const length = v128.load(scratch + 16);
  const ahead = v128.load(scratch + 32);
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
  const a0 = coefficient(0);
  const a1 = coefficient(1);
  const a2 = coefficient(2);
  const a3 = coefficient(3);
  const a4 = coefficient(4);
  const from: usize = isDouble ? 5 : 3;
  const b0 = coefficient(from);
  const b1 = coefficient(from + 1);
  const b2 = coefficient(from + 2);
  const b3 = coefficient(from + 3);
  const b4 = coefficient(from + 4);
  const b5 = coefficient(from + 5);
  const scratch = population.flow;
  v128.store(scratch, splat(1));
  v128.store(scratch + 16, splat(x / <f64>(1 << halvings)));
  const one = v128.load(scratch);
  const length = v128.load(scratch + 16);
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
