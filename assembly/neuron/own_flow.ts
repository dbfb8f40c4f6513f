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
import { add, atLeast, laneBits, madd, mul, sub, vectorBytes } from "../maths/lanes";
import { coefficientStride } from "./coefficients";
import { Population } from "./population";
import { approachPolynomial, Constant, keep, kept, lagDerivative, lagPolynomial } from "./short_flow";
import { chunkLanes, flagBits } from "./tangent_test";

/**
 * Flow of x ms, halved `halvings` times, then the arrivals of `row`; lists who may cross a threshold above rest within the
 * next `horizon` ms.
 */
export function flowOwn(population: Population, x: f64, halvings: i32, row: usize, horizon: f64): void {
  const constants = population.constants;
  keep(population, Constant.scratch, x / <f64>(1 << halvings));
  keep(population, Constant.scratch + 1, horizon);
  const one = kept(constants, Constant.one);
  const length = kept(constants, Constant.scratch);
  const ahead = kept(constants, Constant.scratch + 1);
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
    let a = sub(one, mul(p, approachPolynomial(constants, p)));
    const t = mul(a, sub(one, mul(y, lagPolynomial(constants, y))));
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
  const constants = population.constants;
  keep(population, Constant.scratch, x / <f64>(1 << halvings));
  const one = kept(constants, Constant.one);
  const length = kept(constants, Constant.scratch);
  let alphas = population.alphaReal;
  let betas = population.betaReal;
  let gus = population.gu;
  let gis = population.gi;
  for (const end = gus + coefficientStride(population); gus < end; ) {
    const alpha = v128.load(alphas);
    const p = mul(alpha, length);
    const y = mul(sub(v128.load(betas), alpha), length);
    let a = sub(one, mul(p, approachPolynomial(constants, p)));
    const t = mul(a, sub(one, mul(y, lagPolynomial(constants, y))));
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

/**
 * `flowOwnAdjoint`, and before it what the flow contributes to the gradients of α, β and bias, from (u, I) at its start; see
 * `flowGradient`. Of a half, ∂κ/∂α = h (t (1 − p) + p a φ₁′) and ∂κ/∂β = −h p a φ₁′ with φ₁′ < 0; of the whole they follow as κ
 * does, with ∂a/∂α = −h a and ∂b/∂β = −h b.
 */
export function flowOwnGradient(population: Population, u: usize, i: usize, x: f64, halvings: i32): void {
  const constants = population.constants;
  keep(population, Constant.scratch, x / <f64>(1 << halvings));
  keep(population, Constant.scratch + 1, -x);
  const half = kept(constants, Constant.scratch);
  const minusX = kept(constants, Constant.scratch + 1);
  const one = kept(constants, Constant.one);
  let alphas = population.alphaReal;
  let betas = population.betaReal;
  let gus = population.gu;
  let gis = population.gi;
  let dAlpha = population.dAlpha;
  let dBeta = population.dBeta;
  let dBias = population.dBias;
  for (const end = gus + coefficientStride(population); gus < end; ) {
    let h = half;
    const alpha = v128.load(alphas);
    const p = mul(alpha, h);
    const y = mul(sub(v128.load(betas), alpha), h);
    let approach = mul(p, approachPolynomial(constants, p));
    let a = sub(one, approach);
    const t = mul(a, sub(one, mul(y, lagPolynomial(constants, y))));
    const steep = mul(p, mul(a, lagDerivative(constants, y)));
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
    const gu = v128.load(gus);
    const gi = v128.load(gis);
    const current = v128.load(i);
    const viaU = madd(byAlpha, current, mul(mul(minusX, a), v128.load(u)));
    const viaI = madd(byBeta, gu, mul(mul(minusX, b), gi));
    v128.store(dAlpha, madd(gu, viaU, v128.load(dAlpha)));
    v128.store(dBeta, madd(current, viaI, v128.load(dBeta)));
    v128.store(dBias, madd(gu, approach, v128.load(dBias)));
    v128.store(gis, madd(b, gi, mul(kappa, gu)));
    v128.store(gus, mul(a, gu));
    alphas += vectorBytes;
    betas += vectorBytes;
    u += vectorBytes;
    i += vectorBytes;
    gus += vectorBytes;
    gis += vectorBytes;
    dAlpha += vectorBytes;
    dBeta += vectorBytes;
    dBias += vectorBytes;
  }
}
