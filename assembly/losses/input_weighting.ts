/**
 * The weighting `input`: ω = a(t), the input's activity behind a low pass, τ da/dt = −a + 0.01 ms Σ δ(t − t_k) over the
 * input's spikes t_k [NTK25, where it is a sum over time steps of 1 ms]. Between two instants a = a₀ e^−ρy with ρ = 1/τ,
 * so what an interval of x ms adds to the sensitivities of (1/T) ∫ a V dt is in closed form, with p = (α + ρ)x,
 * q = (β + ρ)x:
 *
 *   to u:  (a₀/T) x φ₁(p)        to I:  (a₀/T) αx² exp[0, −p, −q]
 *
 * ω is taken as given: derivatives with respect to the input's times leave out that ω moves with them.
 */
import { coefficients, gainDerivatives, loadCurrent, loadFactor, loadGain } from "../coefficients";
import { difference3, repeatedDifference } from "../divided_difference";
import { exp } from "../exp";
import { EventKind } from "../kinds";
import { phi1 } from "../phi";
import { Plan, Population, eventAt, eventsEnd, instantAt, intervalLength } from "../plan";
import { SigmoidAt, sigmoidState } from "./sigmoid";

/** ms: the area of one spike's contribution to τ a. */
const spikeArea: f64 = 0.01;

function activityAfter(plan: Plan, k: u32): usize {
  return plan.activity + (<usize>k << 3);
}

/** The activity at every instant, then the state at T. */
export function startInput(plan: Plan, count: u32): void {
  let activity = 0.0;
  let time = 0.0;
  for (let k: u32 = 0; k < plan.instantCount; k++) {
    const instant = instantAt(plan, k);
    activity *= exp((time - instant.hi) / plan.tauInput);
    time = instant.hi;
    for (let e = instant.events; e < eventsEnd(plan, k); e++) {
      if (eventAt(plan, e).kind == EventKind.input) activity += spikeArea / plan.tauInput;
    }
    store<f64>(activityAfter(plan, k), activity);
  }
  for (let j: u32 = 0; j < count; j++) memory.fill(sigmoidState(plan, j), 0, 64);
}

/** (1/T) ∫₀ᵀ a dt: the share of the bias. */
export function inputShare(plan: Plan): f64 {
  let sum = 0.0;
  for (let k: u32 = 0; k < plan.instantCount; k++) {
    const x = intervalLength(plan, k + 1);
    sum += load<f64>(activityAfter(plan, k)) * x * phi1(x / plan.tauInput);
  }
  return sum / plan.duration;
}

/** Carries the states of the first `count` neurons over the x ms that follow instant k − 1 (0: the start) back to it. */
export function carryInput(plan: Plan, population: Population, count: u32, k: u32, x: f64): void {
  const activity = k == 0 ? 0.0 : load<f64>(activityAfter(plan, k - 1));
  for (let j: u32 = 0; j < count; j++) {
    const alpha = load<f64>(population.alpha + (<usize>j << 3));
    const beta = load<f64>(population.beta + (<usize>j << 3));
    carry(plan, sigmoidState(plan, j), alpha, beta, x);
    if (activity > 0) addActivity(plan, sigmoidState(plan, j), alpha, beta, x, activity / plan.duration);
    const gi = load<f64>(sigmoidState(plan, j), SigmoidAt.gi);
    const gu = load<f64>(sigmoidState(plan, j), SigmoidAt.gu);
    store<f64>(sigmoidState(plan, j), beta * gi - alpha * gu, SigmoidAt.hi);
  }
}

/** Flow*. */
function carry(plan: Plan, state: usize, alpha: f64, beta: f64, x: f64): void {
  coefficients(alpha, beta, x, plan.scratch);
  const a = loadFactor(plan.scratch);
  const current = loadCurrent(plan.scratch);
  const gain = loadGain(plan.scratch);
  gainDerivatives(alpha, beta, x, plan.scratch);
  const gu = load<f64>(state, SigmoidAt.gu);
  const gi = load<f64>(state, SigmoidAt.gi);
  const guAlpha = load<f64>(state, SigmoidAt.guAlpha);
  const giAlpha = current * load<f64>(state, SigmoidAt.giAlpha) + gain * guAlpha + load<f64>(plan.scratch, 0) * gu;
  const giBeta = current * (load<f64>(state, SigmoidAt.giBeta) - x * gi) + load<f64>(plan.scratch, 8) * gu;
  store<f64>(state, giAlpha, SigmoidAt.giAlpha);
  store<f64>(state, giBeta, SigmoidAt.giBeta);
  store<f64>(state, a * (guAlpha - x * gu), SigmoidAt.guAlpha);
  store<f64>(state, current * gi + gain * gu, SigmoidAt.gi);
  store<f64>(state, a * gu, SigmoidAt.gu);
}

function increase(state: usize, at: usize, x: f64): void {
  store<f64>(state + at, load<f64>(state + at) + x);
}

/** What ω = T `scale` e^−ρy adds within the interval; derivatives by α and β repeat their points. */
function addActivity(plan: Plan, state: usize, alpha: f64, beta: f64, x: f64, scale: f64): void {
  const p = (alpha + 1.0 / plan.tauInput) * x;
  const q = (beta + 1.0 / plan.tauInput) * x;
  const scratch = plan.scratch;
  const square = scale * x * x;
  increase(state, SigmoidAt.gu, scale * x * phi1(p));
  increase(state, SigmoidAt.gi, square * alpha * difference3(p, q));
  if (!plan.neuronGradients) return;
  increase(state, SigmoidAt.guAlpha, -square * repeatedDifference(scratch, 1, p, 2, p, 0));
  const twiceP = repeatedDifference(scratch, 1, p, 2, q, 1);
  const twiceQ = repeatedDifference(scratch, 1, p, 1, q, 2);
  increase(state, SigmoidAt.giAlpha, square * (difference3(p, q) - alpha * x * twiceP));
  increase(state, SigmoidAt.giBeta, -square * alpha * x * twiceQ);
}
