/**
 * The sigmoid weighting ω(t) = 1/(1 + e^((t/T − ½)/0.2)), which has no closed form: K, K′ and their derivatives are
 * carried backwards from T, from arrival to arrival, by the transposed flow plus what ω adds on the way. That is an
 * eight-point Gauss–Legendre sum on pieces of at most T/16, and τ/2 while e^−t/τ lasts; ω has its poles 0.63 T off the real axis and the
 * exponentials are entire, so the rule's error is below 1e-16 of K.
 */
import { exp } from "../exp";
import { coefficients, gainDerivatives, loadCurrent, loadFactor, loadGain } from "../coefficients";
import { Plan, Population } from "../plan";
import { gaussNode, gaussWeight } from "./quadrature";

/** State per neuron, f64 each: sensitivities to u and I of the integral, of its rate of change, and by α and β. */
export enum SigmoidAt {
  gu = 0,
  gi = 8,
  hu = 16,
  hi = 24,
  guAlpha = 32,
  giAlpha = 40,
  giBeta = 48,
}

const width: f64 = 0.2;

export function sigmoidState(plan: Plan, j: u32): usize {
  return plan.lossScratch + (<usize>j << 6);
}

/** ω(t). */
function weighting(plan: Plan, t: f64): f64 {
  return 1.0 / (1.0 + exp((t / plan.duration - 0.5) / width));
}

/** State at T: moving an arrival moves its response through the end of the trial, hence the −ω(T)/T. */
export function startSigmoid(plan: Plan, count: u32): void {
  for (let j: u32 = 0; j < count; j++) {
    const state = sigmoidState(plan, j);
    memory.fill(state, 0, 64);
    store<f64>(state, -weighting(plan, plan.duration) / plan.duration, SigmoidAt.hu);
  }
}

/** After this many time constants an exponential is below 1e-17 of its start. */
const settled: f64 = 40;

/** Start of the piece that ends `end` ms into an interval. What has decayed by then needs no fine pieces. */
function pieceStart(plan: Plan, alpha: f64, beta: f64, end: f64): f64 {
  const slow = min(alpha, beta);
  const fast = max(alpha, beta);
  let length = plan.duration / 16.0;
  let from = 0.0;
  if (end * slow > settled) {
    from = settled / slow;
  } else if (end * fast > settled) {
    from = settled / fast;
    length = min(length, 0.5 / slow);
  } else {
    length = min(length, 0.5 / fast);
  }
  return max(end - length, from);
}

/** Carries the states of the first `count` neurons from `time` + x back to `time`. */
export function carrySigmoid(plan: Plan, population: Population, count: u32, time: f64, x: f64): void {
  for (let j: u32 = 0; j < count; j++) {
    const alpha = load<f64>(population.alpha + (<usize>j << 3));
    const beta = load<f64>(population.beta + (<usize>j << 3));
    for (let end = x; end > 0; ) {
      const start = pieceStart(plan, alpha, beta, end);
      carryPiece(plan, sigmoidState(plan, j), alpha, beta, time + start, end - start);
      end = start;
    }
  }
}

function increase(state: usize, at: usize, x: f64): void {
  store<f64>(state + at, load<f64>(state + at) + x);
}

/** Flow* of one piece [time, time + x], then the weighting's own contribution inside it. */
function carryPiece(plan: Plan, state: usize, alpha: f64, beta: f64, time: f64, x: f64): void {
  coefficients(alpha, beta, x, plan.scratch);
  const a = loadFactor(plan.scratch);
  const current = loadCurrent(plan.scratch);
  const gain = loadGain(plan.scratch);
  gainDerivatives(alpha, beta, x, plan.scratch);
  const gainAlpha = load<f64>(plan.scratch, 0);
  const gainBeta = load<f64>(plan.scratch, 8);
  const gu = load<f64>(state, SigmoidAt.gu);
  const gi = load<f64>(state, SigmoidAt.gi);
  const hu = load<f64>(state, SigmoidAt.hu);
  const guAlpha = load<f64>(state, SigmoidAt.guAlpha);
  store<f64>(state, current * load<f64>(state, SigmoidAt.giAlpha) + gain * guAlpha + gainAlpha * gu, SigmoidAt.giAlpha);
  store<f64>(state, current * (load<f64>(state, SigmoidAt.giBeta) - x * gi) + gainBeta * gu, SigmoidAt.giBeta);
  store<f64>(state, a * (guAlpha - x * gu), SigmoidAt.guAlpha);
  store<f64>(state, current * gi + gain * gu, SigmoidAt.gi);
  store<f64>(state, a * gu, SigmoidAt.gu);
  store<f64>(state, current * load<f64>(state, SigmoidAt.hi) + gain * hu, SigmoidAt.hi);
  store<f64>(state, a * hu, SigmoidAt.hu);
  for (let n: u32 = 0; n < 8; n++) addNode(plan, state, alpha, beta, time, gaussNode(n) * x, (gaussWeight(n) * x) / plan.duration);
}

function addNode(plan: Plan, state: usize, alpha: f64, beta: f64, time: f64, x: f64, weight: f64): void {
  const omega = weighting(plan, time + x);
  const value = weight * omega;
  // ω′ = −ω (1 − ω)/(0.2 T)
  const slope = (-value * (1.0 - omega)) / (width * plan.duration);
  coefficients(alpha, beta, x, plan.scratch);
  const a = loadFactor(plan.scratch);
  const gain = loadGain(plan.scratch);
  increase(state, SigmoidAt.gu, value * a);
  increase(state, SigmoidAt.gi, value * gain);
  increase(state, SigmoidAt.hu, slope * a);
  increase(state, SigmoidAt.hi, slope * gain);
  gainDerivatives(alpha, beta, x, plan.scratch);
  increase(state, SigmoidAt.guAlpha, -value * x * a);
  increase(state, SigmoidAt.giAlpha, value * load<f64>(plan.scratch, 0));
  increase(state, SigmoidAt.giBeta, value * load<f64>(plan.scratch, 8));
}
