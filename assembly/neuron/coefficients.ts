/**
 * Coefficients of the free flow over x ms (see flow.ts), with p = αx, q = βx:
 *
 *   a = e^−p,   b = e^−q,   κ = p exp[−p, −q] = p e^−min φ₁(−|q−p|)
 *
 * Divided differences serve any pair of time constants; nothing is ever divided by τ_m − τ_s, no exponent is positive.
 */

import { FlowArray, PopulationFlag } from "../kinds";
import { exp, expm1 } from "../maths/exp";
import { expMinus, phi2Half } from "../maths/exp_lanes";
import { mul, splat, sub, vectorBytes } from "../maths/lanes";
import { phi1, phi2, phi2Small } from "../maths/phi";
import { f64Of } from "../memory";
import { Population } from "./population";

/** Of one neuron's flow. */
@unmanaged
export class Coefficients {
  /** Whose they are: rates, 1/ms, and length, ms. */
  alpha: f64;
  beta: f64;
  length: f64;
  /** a − 1 */
  change: f64;
  /** a */
  factor: f64;
  /** b */
  current: f64;
  /** κ */
  gain: f64;
  /** ∂κ/∂α, ∂κ/∂β in ms; on demand. */
  gainAlpha: f64;
  gainBeta: f64;
  /** x² exp[−p, −p, −q] in ms²; on demand. */
  twice: f64;
}

/**
 * Writes a − 1, a, b and κ of a flow of x ms, for any α, β > 0 and x ≥ 0. Errors below 2, 2 + p, 2 + q and
 * 4 + min(p, q) ulp: rounding an exponent costs as many ulp as it is large. What `out` holds already is not computed again.
 */
export function coefficients(alpha: f64, beta: f64, x: f64, out: Coefficients): void {
  if (out.length == x && out.alpha == alpha && out.beta == beta) return;
  out.alpha = alpha;
  out.beta = beta;
  out.length = x;
  const p = alpha * x;
  const q = beta * x;
  const y = abs(q - p);
  let change: f64;
  let factor: f64;
  // 1 + (a − 1) would lose the digits of a small a.
  if (p <= 1.0) {
    change = p <= 0.125 ? -p * (1.0 - p * phi2Small(p)) : expm1(-p);
    factor = 1.0 + change;
  } else {
    factor = exp(-p);
    change = factor - 1.0;
  }
  const current = q <= 0.125 ? 1.0 - q * (1.0 - q * phi2Small(q)) : exp(-q);
  out.change = change;
  out.factor = factor;
  out.current = current;
  out.gain = p * (p <= q ? factor : current) * phi1(y);
}

/**
 * ∂κ/∂α and ∂κ/∂β at x ms: κ = αx exp[−p, −q] gives x exp[−p, −q] − αx² exp[−p, −p, −q], which is also
 * x e^−p − βx² exp[−p, −p, −q] (where the synapse is the slower one, the first form would cancel), and
 * −αx² exp[−p, −q, −q].
 */
export function gainDerivatives(alpha: f64, beta: f64, x: f64, out: Coefficients): void {
  const p = alpha * x;
  const q = beta * x;
  const y = abs(q - p);
  const slow = exp(-min(p, q));
  const f1 = phi1(y);
  const f2 = phi2(y);
  const nearTwice = slow * f2;
  const farTwice = y < 1.0 ? slow * (f1 - f2) : (slow * (f1 - exp(-y))) / y;
  const pTwice = p <= q ? nearTwice : farTwice;
  const qTwice = p <= q ? farTwice : nearTwice;
  out.gainAlpha = x * (p <= q ? slow * f1 - p * pTwice : exp(-p) - q * pTwice);
  out.gainBeta = -p * x * qTwice;
  out.twice = x * x * pTwice;
}

/** Bytes between the coefficient arrays of a population, which stand in the order of `FlowArray`. */
export function coefficientStride(population: Population): usize {
  return <usize>population.stride * sizeof<real>();
}

/** Bytes from one vector's coefficients to the next one's: 0 where all neurons share them. */
export function coefficientStep(population: Population): usize {
  return population.flags & PopulationFlag.uniform ? 0 : vectorBytes;
}

/** Prepares a population's coefficients for a flow of x ms; those of gradients of neurons on demand. */
export function prepareFlow(population: Population, x: f64, derivatives: bool, slot: Coefficients): void {
  assert(x >= 0);
  if (population.flags & PopulationFlag.uniform) prepareShared(population, x, derivatives, slot);
  else prepareEach(population, x, derivatives);
}

/** Whether a flow needs 1 − a. */
function needsApproach(population: Population, derivatives: bool): bool {
  return derivatives || (population.flags & PopulationFlag.hasRest) != 0;
}

/** One vector of each coefficient, from the first neuron's time constants. */
function prepareShared(population: Population, x: f64, derivatives: bool, slot: Coefficients): void {
  const stride = coefficientStride(population);
  const out = population.flow;
  const alpha = f64Of(population.alpha, 0);
  const beta = f64Of(population.beta, 0);
  coefficients(alpha, beta, x, slot);
  v128.store(out + stride * FlowArray.factor, splat(slot.factor));
  v128.store(out + stride * FlowArray.current, splat(slot.current));
  v128.store(out + stride * FlowArray.gain, splat(slot.gain));
  if (needsApproach(population, derivatives))
    v128.store(out + stride * FlowArray.approach, splat(-slot.change));
  if (!derivatives) return;
  gainDerivatives(alpha, beta, x, slot);
  v128.store(out + stride * FlowArray.gainAlpha, splat(slot.gainAlpha));
  v128.store(out + stride * FlowArray.gainBeta, splat(slot.gainBeta));
}

/** Each neuron's own coefficients: the formulas of `coefficients` and `gainDerivatives` in vectors. */
function prepareEach(population: Population, x: f64, derivatives: bool): void {
  const stride = coefficientStride(population);
  const time = splat(x);
  const one = splat(1);
  const approaches = needsApproach(population, derivatives);
  for (let j: usize = 0; j < stride; j += vectorBytes) {
    const out = population.flow + j;
    const p = mul(v128.load(population.alphaReal + j), time);
    const q = mul(v128.load(population.betaReal + j), time);
    const y = v128.abs<real>(sub(q, p));
    const slow = expMinus(v128.pmin<real>(p, q));
    const ratio = expMinus(y);
    const small = v128.le<real>(y, splat(0.5));
    const series = phi2Half(y);
    const f1 = v128.bitselect(sub(one, mul(y, series)), v128.div<real>(sub(one, ratio), y), small);
    const decaysSlower = v128.le<real>(p, q);
    const fast = mul(slow, ratio);
    const factor = v128.bitselect(slow, fast, decaysSlower);
    v128.store(out + stride * FlowArray.factor, factor);
    v128.store(out + stride * FlowArray.current, v128.bitselect(fast, slow, decaysSlower));
    v128.store(out + stride * FlowArray.gain, mul(p, mul(slow, f1)));
    if (approaches) v128.store(out + stride * FlowArray.approach, approachOf(p, factor));
    if (!derivatives) continue;
    const f2 = v128.bitselect(series, v128.div<real>(sub(one, f1), y), small);
    const nearTwice = mul(slow, f2);
    const farTwice = mul(
      slow,
      v128.bitselect(sub(f1, f2), v128.div<real>(sub(f1, ratio), y), v128.lt<real>(y, one)),
    );
    const pTwice = v128.bitselect(nearTwice, farTwice, decaysSlower);
    const qTwice = v128.bitselect(farTwice, nearTwice, decaysSlower);
    const byMembrane = sub(mul(slow, f1), mul(p, pTwice));
    const bySynapse = sub(factor, mul(q, pTwice));
    const gainAlpha = mul(time, v128.bitselect(byMembrane, bySynapse, decaysSlower));
    v128.store(out + stride * FlowArray.gainAlpha, gainAlpha);
    v128.store(out + stride * FlowArray.gainBeta, v128.neg<real>(mul(mul(p, time), qTwice)));
  }
}

/** 1 − a = p φ₁(−p), given a. */
function approachOf(p: v128, a: v128): v128 {
  const one = splat(1);
  const near = mul(p, sub(one, mul(p, phi2Half(p))));
  return v128.bitselect(near, sub(one, a), v128.le<real>(p, splat(0.5)));
}
