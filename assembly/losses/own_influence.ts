/**
 * Influences on a readout whose neurons have time constants of their own: K and K′ of integral_influence.ts for a whole row
 * of synapses at once. With X = T − s, E = e^−α̂X, F = e^−β̂X, where a hat adds the weighting's rate, and γ = β − α,
 *
 *   K = scale (c₁ (1 − E) − c₂ (E − F)),   c₁ = α/(α̂β̂),   c₂ = α/(β̂γ),   scale αX exp[−α̂X, −β̂X] = scale (α/γ) (E − F)
 *
 * which serves wherever α̂X and β̂X are 1/4 and |γ|X is 3/4 or more for every neuron, so that subtractions cost four bits at
 * most and errors are below 20 ulp: but for the last milliseconds of a trial. There, and for weightings that are no exponentials, each neuron is asked for in turn.
 */

import { OwnArray, Weighting } from "../kinds";
import { exp } from "../maths/exp";
import { expMinus } from "../maths/exp_lanes";
import { add, madd, mul, splat, sub, sumLanes, vectorBytes } from "../maths/lanes";
import { f64Of, Reals, realOf, setReal } from "../memory";
import { Population } from "../neuron/population";
import { LossPlan } from "../trial/loss_plan";
import { influence, shift } from "./integral_influence";

/** Beyond this exponent e^−x is nothing beside 1. */
const negligible: f64 = sizeof<real>() == 8 ? 40.0 : 18.0;

function own(loss: LossPlan, population: Population, array: OwnArray): Reals {
  return loss.own + <usize>array * <usize>population.stride * sizeof<real>();
}

/** The constants of a trial, and no derivatives yet. */
export function startOwn(loss: LossPlan, population: Population, duration: f64): void {
  const added = shift(loss, duration);
  loss.rateLeast = Infinity;
  loss.gapLeast = Infinity;
  loss.isSlowMembrane = 1;
  memory.fill(loss.own, 0, <usize>OwnArray.count * <usize>population.stride * sizeof<real>());
  for (let j: u32 = 0; j < population.size; j++) {
    const alpha = f64Of(population.alpha, j);
    const beta = f64Of(population.beta, j);
    const slow = alpha + added;
    const fast = beta + added;
    const gap = beta - alpha;
    loss.rateLeast = min(loss.rateLeast, min(slow, fast));
    loss.gapLeast = min(loss.gapLeast, abs(gap));
    if (gap < 0) loss.isSlowMembrane = 0;
    const viaGap = alpha / (fast * gap);
    setReal(own(loss, population, OwnArray.alpha), j, slow);
    setReal(own(loss, population, OwnArray.beta), j, fast);
    setReal(own(loss, population, OwnArray.rise), j, alpha / (slow * fast));
    setReal(own(loss, population, OwnArray.fall), j, viaGap);
    setReal(own(loss, population, OwnArray.kappa), j, alpha / gap);
    setReal(own(loss, population, OwnArray.riseAlpha), j, added / (fast * slow * slow));
    setReal(own(loss, population, OwnArray.fallAlpha), j, beta / (fast * gap * gap));
    setReal(own(loss, population, OwnArray.riseBeta), j, alpha / (slow * fast * fast));
    setReal(own(loss, population, OwnArray.fallBeta), j, viaGap * (1.0 / fast + 1.0 / gap));
  }
}

/** Whether the closed forms serve at X ms before the end. */
function serves(loss: LossPlan, x: f64): bool {
  const isExponential = loss.weighting == Weighting.uniform || loss.weighting == Weighting.exponential;
  return isExponential && loss.rateLeast * x >= 0.25 && loss.gapLeast * x >= 0.75;
}

/** E and E − F of the vector at byte `at`, in turn. */
function decayed(loss: LossPlan, population: Population, at: usize, x: v128): v128 {
  return expMinus(mul(v128.load(own(loss, population, OwnArray.alpha) + at), x));
}

/** F, or nothing where it is nothing beside E. */
function decayedFast(loss: LossPlan, population: Population, at: usize, x: v128, vanishes: bool): v128 {
  if (vanishes) return splat(0);
  return expMinus(mul(v128.load(own(loss, population, OwnArray.beta) + at), x));
}

/** Adds K of an arrival at hi + lo to `sums`; with `weights`, its derivatives by α and β too, times the weights, to the trial's. */
export function addOwnInfluence(
  loss: LossPlan,
  population: Population,
  duration: f64,
  hi: f64,
  lo: f64,
  sums: Reals,
  weights: Reals,
): void {
  const x = duration - hi - lo;
  if (!serves(loss, x)) {
    addEach(loss, population, duration, hi, lo, sums, weights);
    return;
  }
  const vanishes = loss.gapLeast * x > negligible && loss.isSlowMembrane != 0;
  const time = splat(x);
  const scale = splat(scaleOf(loss, duration, hi + lo));
  const one = splat(1);
  for (let at: usize = 0; at < <usize>population.stride * sizeof<real>(); at += vectorBytes) {
    const slow = decayed(loss, population, at, time);
    const fast = decayedFast(loss, population, at, time, vanishes);
    const risen = sub(one, slow);
    const fallen = sub(slow, fast);
    const viaRise = mul(v128.load(own(loss, population, OwnArray.rise) + at), risen);
    const viaFall = mul(v128.load(own(loss, population, OwnArray.fall) + at), fallen);
    v128.store(sums + at, madd(scale, sub(viaRise, viaFall), v128.load(sums + at)));
    if (weights != 0) {
      addDerivatives(loss, population, at, mul(scale, v128.load(weights + at)), time, slow, fast);
    }
  }
}

/** ∂K/∂α and ∂K/∂β: what the constants and the exponentials have of each. */
function addDerivatives(
  loss: LossPlan,
  population: Population,
  at: usize,
  factor: v128,
  x: v128,
  slow: v128,
  fast: v128,
): void {
  const risen = sub(splat(1), slow);
  const fallen = sub(slow, fast);
  const rise = v128.load(own(loss, population, OwnArray.rise) + at);
  const fall = v128.load(own(loss, population, OwnArray.fall) + at);
  const viaExponential = mul(add(rise, fall), mul(x, slow));
  const viaConstants = sub(
    mul(v128.load(own(loss, population, OwnArray.riseAlpha) + at), risen),
    mul(v128.load(own(loss, population, OwnArray.fallAlpha) + at), fallen),
  );
  const dAlpha = own(loss, population, OwnArray.dAlpha) + at;
  v128.store(dAlpha, madd(factor, add(viaExponential, viaConstants), v128.load(dAlpha)));
  const byBeta = sub(
    mul(v128.load(own(loss, population, OwnArray.fallBeta) + at), fallen),
    add(mul(v128.load(own(loss, population, OwnArray.riseBeta) + at), risen), mul(fall, mul(x, fast))),
  );
  const dBeta = own(loss, population, OwnArray.dBeta) + at;
  v128.store(dBeta, madd(factor, byBeta, v128.load(dBeta)));
}

/** Σ_j ∂L/∂S_j w_j K′_j of an arrival at hi + lo. */
export function ownMove(
  loss: LossPlan,
  population: Population,
  duration: f64,
  hi: f64,
  lo: f64,
  weights: Reals,
): f64 {
  const x = duration - hi - lo;
  if (!serves(loss, x)) return moveEach(loss, population, duration, hi, lo, weights);
  const vanishes = loss.gapLeast * x > negligible && loss.isSlowMembrane != 0;
  const time = splat(x);
  const one = splat(1);
  const ofValue = splat(loss.weighting == Weighting.exponential ? 1.0 / duration : 0.0);
  let moved = splat(0);
  for (let at: usize = 0; at < <usize>population.stride * sizeof<real>(); at += vectorBytes) {
    const slow = decayed(loss, population, at, time);
    const fallen = sub(slow, decayedFast(loss, population, at, time, vanishes));
    const value = sub(
      mul(v128.load(own(loss, population, OwnArray.rise) + at), sub(one, slow)),
      mul(v128.load(own(loss, population, OwnArray.fall) + at), fallen),
    );
    const slope = madd(ofValue, value, mul(v128.load(own(loss, population, OwnArray.kappa) + at), fallen));
    const share = mul(v128.load(own(loss, population, OwnArray.dReadout) + at), v128.load(weights + at));
    moved = madd(share, slope, moved);
  }
  return -scaleOf(loss, duration, hi + lo) * sumLanes(moved);
}

function scaleOf(loss: LossPlan, duration: f64, s: f64): f64 {
  return loss.weighting == Weighting.exponential ? exp(-s / duration) / duration : 1.0 / duration;
}

function addEach(
  loss: LossPlan,
  population: Population,
  duration: f64,
  hi: f64,
  lo: f64,
  sums: Reals,
  weights: Reals,
): void {
  for (let j: u32 = 0; j < population.size; j++) {
    const alpha = f64Of(population.alpha, j);
    const beta = f64Of(population.beta, j);
    const found = influence(loss, duration, j, alpha, beta, hi, lo, weights != 0);
    setReal(sums, j, realOf(sums, j) + found.value);
    if (weights == 0) continue;
    const dAlpha = own(loss, population, OwnArray.dAlpha);
    const dBeta = own(loss, population, OwnArray.dBeta);
    setReal(dAlpha, j, realOf(dAlpha, j) + realOf(weights, j) * found.dAlpha);
    setReal(dBeta, j, realOf(dBeta, j) + realOf(weights, j) * found.dBeta);
  }
}

function moveEach(
  loss: LossPlan,
  population: Population,
  duration: f64,
  hi: f64,
  lo: f64,
  weights: Reals,
): f64 {
  let moved = 0.0;
  for (let j: u32 = 0; j < population.size; j++) {
    const alpha = f64Of(population.alpha, j);
    const found = influence(loss, duration, j, alpha, f64Of(population.beta, j), hi, lo, false);
    moved += f64Of(loss.dReadout, j) * realOf(weights, j) * found.slope;
  }
  return moved;
}

/** ∂L/∂S, as the second sweep reads it. */
export function keepReadoutGradient(loss: LossPlan, population: Population): void {
  for (let j: u32 = 0; j < population.size; j++) {
    setReal(own(loss, population, OwnArray.dReadout), j, f64Of(loss.dReadout, j));
  }
}

/** Σ w ∂K/∂α and Σ w ∂K/∂β over all arrivals at neuron j. */
export function ownAlpha(loss: LossPlan, population: Population, j: u32): f64 {
  return realOf(own(loss, population, OwnArray.dAlpha), j);
}

export function ownBeta(loss: LossPlan, population: Population, j: u32): f64 {
  return realOf(own(loss, population, OwnArray.dBeta), j);
}
