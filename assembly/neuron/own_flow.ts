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
import { setU32 } from "../memory";
import { coefficientStride } from "./coefficients";
import { chunkBytes } from "./flow";
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

/** (1 − e^−p)/p */
// @ts-ignore: decorator
@inline
function approachPolynomial(p: v128, a0: v128, a1: v128, a2: v128, a3: v128, a4: v128): v128 {
  if (!isDouble) return madd(madd(a2, p, a1), p, a0);
  return madd(madd(madd(madd(a4, p, a3), p, a2), p, a1), p, a0);
}

/** φ₂(−y) */
// @ts-ignore: decorator
@inline
function lagPolynomial(y: v128, b0: v128, b1: v128, b2: v128, b3: v128, b4: v128, b5: v128): v128 {
  if (!isDouble) return madd(madd(b2, y, b1), y, b0);
  return madd(madd(madd(madd(madd(b5, y, b4), y, b3), y, b2), y, b1), y, b0);
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
  const stride = coefficientStride(population);
  let count: u32 = 0;
  let at: usize = 0;
  for (let chunk: u32 = 0; at < stride; chunk++) {
    let passing: u32 = 0;
    for (let lane: u32 = 0; lane < chunkLanes; lane += <u32>(vectorBytes / sizeof<real>())) {
      const alpha = v128.load(population.alphaReal + at);
      const p = mul(alpha, length);
      const y = mul(sub(v128.load(population.betaReal + at), alpha), length);
      let a = sub(one, mul(p, approachPolynomial(p, a0, a1, a2, a3, a4)));
      const t = mul(a, sub(one, mul(y, lagPolynomial(y, b0, b1, b2, b3, b4, b5))));
      let kappa = mul(p, t);
      let b = sub(a, mul(y, t));
      for (let n = halvings; n > 0; n--) {
        kappa = mul(kappa, add(a, b));
        a = mul(a, a);
        b = mul(b, b);
      }
      const current = v128.load(population.i + at);
      const u = madd(a, v128.load(population.u + at), mul(kappa, current));
      const i = madd(b, current, v128.load(row + at));
      v128.store(population.u + at, u);
      v128.store(population.i + at, i);
      const tangent = madd(mul(alpha, ahead), sub(i, u), u);
      passing |= laneBits(atLeast(tangent, v128.load(population.thresholdReal + at))) << lane;
      at += vectorBytes;
    }
    if (passing != 0) setU32(population.flagged, count++, (chunk << flagBits) | passing);
  }
  population.flaggedCount = count;
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
  for (let at: usize = 0; at < coefficientStride(population); at += vectorBytes) {
    const alpha = v128.load(population.alphaReal + at);
    const p = mul(alpha, length);
    const y = mul(sub(v128.load(population.betaReal + at), alpha), length);
    let a = sub(one, mul(p, approachPolynomial(p, a0, a1, a2, a3, a4)));
    const t = mul(a, sub(one, mul(y, lagPolynomial(y, b0, b1, b2, b3, b4, b5))));
    let kappa = mul(p, t);
    let b = sub(a, mul(y, t));
    for (let n = halvings; n > 0; n--) {
      kappa = mul(kappa, add(a, b));
      a = mul(a, a);
      b = mul(b, b);
    }
    const gu = v128.load(population.gu + at);
    v128.store(population.gi + at, madd(b, v128.load(population.gi + at), mul(kappa, gu)));
    v128.store(population.gu + at, mul(a, gu));
  }
}
