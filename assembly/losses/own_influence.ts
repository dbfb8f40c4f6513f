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
import { addReal, f64Of, Reals, realOf, setReal } from "../memory";
import { Population } from "../neuron/population";
import { LossPlan } from "../trial/loss_plan";
import { influence, shift } from "./integral_influence";

/** Whether e^−x is nothing beside 1. */
function isNegligible(x: f64): bool {
  return x > (sizeof<real>() == 8 ? 40.0 : 18.0);
}

/** Bytes from one vector of neurons to the next: their arrays lie side by side. */
const step: usize = <usize>OwnArray.count * vectorBytes;

/** Where an array has neuron j. */
function ownAt(loss: LossPlan, array: OwnArray, j: u32): usize {
  const lanes: u32 = <u32>(vectorBytes / sizeof<real>());
  return (
    loss.own + <usize>(j / lanes) * step + <usize>array * vectorBytes + <usize>(j % lanes) * sizeof<real>()
  );
}

function setOwn(loss: LossPlan, array: OwnArray, j: u32, value: f64): void {
  setReal(ownAt(loss, array, j), 0, value);
}

/** Of `dAlpha` and `dBeta` it is Σ w ∂K/∂α and Σ w ∂K/∂β over all arrivals at neuron j. */
export function ownOf(loss: LossPlan, array: OwnArray, j: u32): f64 {
  return realOf(ownAt(loss, array, j), 0);
}

/** An array of the vector of neurons at `vector`. */
function lanesOf(vector: usize, array: OwnArray): v128 {
  return v128.load(vector + <usize>array * vectorBytes);
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
    setOwn(loss, OwnArray.alpha, j, slow);
    setOwn(loss, OwnArray.beta, j, fast);
    setOwn(loss, OwnArray.rise, j, alpha / (slow * fast));
    setOwn(loss, OwnArray.fall, j, viaGap);
    setOwn(loss, OwnArray.kappa, j, alpha / gap);
    setOwn(loss, OwnArray.riseAlpha, j, added / (fast * slow * slow));
    setOwn(loss, OwnArray.fallAlpha, j, beta / (fast * gap * gap));
    setOwn(loss, OwnArray.riseBeta, j, alpha / (slow * fast * fast));
    setOwn(loss, OwnArray.fallBeta, j, viaGap * (1.0 / fast + 1.0 / gap));
  }
}

/** Whether the closed forms serve at X ms before the end. */
function serves(loss: LossPlan, x: f64): bool {
  const isExponential = loss.weighting == Weighting.uniform || loss.weighting == Weighting.exponential;
  return isExponential && loss.rateLeast * x >= 0.25 && loss.gapLeast * x >= 0.75;
}

/** E */
function decayed(vector: usize, x: v128): v128 {
  return expMinus(mul(lanesOf(vector, OwnArray.alpha), x));
}

/** F, or nothing where it is nothing beside E. */
function decayedFast(vector: usize, x: v128, vanishes: bool): v128 {
  if (vanishes) return splat(0);
  return expMinus(mul(lanesOf(vector, OwnArray.beta), x));
}

/**
 * Adds K of an arrival at hi + lo to `sums`, and K′ to `slopes` (0: none); with `weights`, the derivatives of K by α and β too,
 * times the weights, to the trial's.
 */
export function addOwnInfluence(
  loss: LossPlan,
  population: Population,
  duration: f64,
  hi: f64,
  lo: f64,
  sums: Reals,
  slopes: Reals,
  weights: Reals,
): void {
  const x = duration - hi - lo;
  if (!serves(loss, x)) {
    addEach(loss, population, duration, hi, lo, sums, slopes, weights);
    return;
  }
  const vanishes = isNegligible(loss.gapLeast * x) && loss.isSlowMembrane != 0;
  const time = splat(x);
  const scale = splat(scaleOf(loss, duration, hi + lo));
  const ofValue = shareOfValue(loss, duration);
  const one = splat(1);
  const end = <usize>population.size * sizeof<real>();
  let vector = loss.own;
  for (let at: usize = 0; at < end; at += vectorBytes, vector += step) {
    const slow = decayed(vector, time);
    const fast = decayedFast(vector, time, vanishes);
    const risen = sub(one, slow);
    const fallen = sub(slow, fast);
    const viaRise = mul(lanesOf(vector, OwnArray.rise), risen);
    const viaFall = mul(lanesOf(vector, OwnArray.fall), fallen);
    const value = sub(viaRise, viaFall);
    v128.store(sums + at, madd(scale, value, v128.load(sums + at)));
    if (slopes != 0) {
      const slope = madd(ofValue, value, mul(lanesOf(vector, OwnArray.kappa), fallen));
      v128.store(slopes + at, sub(v128.load(slopes + at), mul(scale, slope)));
    }
    if (weights != 0) {
      addDerivatives(vector, mul(scale, v128.load(weights + at)), time, slow, fast);
    }
  }
}

/** ∂K/∂α and ∂K/∂β: what the constants and the exponentials have of each. */
function addDerivatives(vector: usize, factor: v128, x: v128, slow: v128, fast: v128): void {
  const risen = sub(splat(1), slow);
  const fallen = sub(slow, fast);
  const rise = lanesOf(vector, OwnArray.rise);
  const fall = lanesOf(vector, OwnArray.fall);
  const viaExponential = mul(add(rise, fall), mul(x, slow));
  const viaConstants = sub(
    mul(lanesOf(vector, OwnArray.riseAlpha), risen),
    mul(lanesOf(vector, OwnArray.fallAlpha), fallen),
  );
  const dAlpha = vector + <usize>OwnArray.dAlpha * vectorBytes;
  v128.store(dAlpha, madd(factor, add(viaExponential, viaConstants), v128.load(dAlpha)));
  const byBeta = sub(
    mul(lanesOf(vector, OwnArray.fallBeta), fallen),
    add(mul(lanesOf(vector, OwnArray.riseBeta), risen), mul(fall, mul(x, fast))),
  );
  const dBeta = vector + <usize>OwnArray.dBeta * vectorBytes;
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
  const vanishes = isNegligible(loss.gapLeast * x) && loss.isSlowMembrane != 0;
  const time = splat(x);
  const one = splat(1);
  const ofValue = shareOfValue(loss, duration);
  let moved = splat(0);
  const end = <usize>population.size * sizeof<real>();
  let vector = loss.own;
  for (let at: usize = 0; at < end; at += vectorBytes, vector += step) {
    const slow = decayed(vector, time);
    const fallen = sub(slow, decayedFast(vector, time, vanishes));
    const value = sub(
      mul(lanesOf(vector, OwnArray.rise), sub(one, slow)),
      mul(lanesOf(vector, OwnArray.fall), fallen),
    );
    const slope = madd(ofValue, value, mul(lanesOf(vector, OwnArray.kappa), fallen));
    const share = mul(lanesOf(vector, OwnArray.dReadout), v128.load(weights + at));
    moved = madd(share, slope, moved);
  }
  return -scaleOf(loss, duration, hi + lo) * sumLanes(moved);
}

/** What K itself adds to −K′: its share of the weighting's own decay. */
function shareOfValue(loss: LossPlan, duration: f64): v128 {
  return splat(loss.weighting == Weighting.exponential ? 1.0 / duration : 0.0);
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
  slopes: Reals,
  weights: Reals,
): void {
  for (let j: u32 = 0; j < population.size; j++) {
    const alpha = f64Of(population.alpha, j);
    const beta = f64Of(population.beta, j);
    const found = influence(loss, duration, j, alpha, beta, hi, lo, weights != 0);
    addReal(sums, j, found.value);
    if (slopes != 0) addReal(slopes, j, found.slope);
    if (weights == 0) continue;
    addReal(ownAt(loss, OwnArray.dAlpha, j), 0, realOf(weights, j) * found.dAlpha);
    addReal(ownAt(loss, OwnArray.dBeta, j), 0, realOf(weights, j) * found.dBeta);
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
    setOwn(loss, OwnArray.dReadout, j, f64Of(loss.dReadout, j));
  }
}
