/**
 * Influence of an arrival at time s on the shaped integral of a leaky integrator, per unit of weight, with X = T − s:
 *
 *   K(s) = (1/T) ∫ₛᵀ ω(t) κ(t−s) dt,   K′(s) = −ω(T) κ(X)/T + (1/T) ∫ₛᵀ ω′(t) κ(t−s) dt
 *
 * in closed form for the weightings that are exponentials or polynomials, as divided differences of e^x with p = αX,
 * q = βX (shifted by X/T for the exponential weighting):
 *
 *   uniform      K = (1/T) αX² exp[0,−p,−q]             K′ = −κ(X)/T
 *   exponential  K = (e^−s/T /T) αX² exp[0,−p,−q]       K′ = −(e^−1 κ(X) + K)/T
 *   linear       K = (1/T²) αX³ exp[0,0,−p,−q]          K′ = −(1/T²) αX² exp[0,−p,−q]
 *
 * K and −K′ are sums of positive terms, so nothing cancels. Weightings whose influence is carried from event to event are in
 * sigmoid.ts and input_weighting.ts.
 */
import { difference2, difference3, repeatedDifference } from "../divided_difference";
import { exp } from "../exp";
import { phi1, phi2 } from "../phi";
import { Weighting } from "../kinds";
import { Plan } from "../plan";
import { inputShare } from "./input_weighting";
import { SigmoidAt, sigmoidState } from "./sigmoid";

/** Results, f64 each: K, K′, and on demand ∂K/∂α, ∂K/∂β. */
export enum InfluenceAt {
  value = 0,
  slope = 8,
  dAlpha = 16,
  dBeta = 24,
}

/** Whether the influence is carried backwards from event to event, and read from the state that it has reached. */
function isCarried(plan: Plan): bool {
  return plan.weighting == Weighting.sigmoid || plan.weighting == Weighting.input;
}

/** Rate that the weighting adds to every exponential: 1/T for the exponential one. */
function shift(plan: Plan): f64 {
  return plan.weighting == Weighting.exponential ? 1.0 / plan.duration : 0.0;
}

/** Writes the influence of an arrival at hi + lo on neuron j (rates α, β) to `out`. */
export function influence(plan: Plan, j: u32, alpha: f64, beta: f64, hi: f64, lo: f64, derivatives: bool, out: usize): void {
  if (isCarried(plan)) {
    const state = sigmoidState(plan, j);
    store<f64>(out, load<f64>(state, SigmoidAt.gi), InfluenceAt.value);
    store<f64>(out, load<f64>(state, SigmoidAt.hi), InfluenceAt.slope);
    store<f64>(out, load<f64>(state, SigmoidAt.giAlpha), InfluenceAt.dAlpha);
    store<f64>(out, load<f64>(state, SigmoidAt.giBeta), InfluenceAt.dBeta);
    return;
  }
  const t = plan.duration;
  const x = t - hi - lo;
  const p = (alpha + shift(plan)) * x;
  const q = (beta + shift(plan)) * x;
  if (plan.weighting == Weighting.linear) {
    store<f64>(out, (alpha * x * x * x * repeatedDifference(plan.scratch, 2, p, 1, q, 1)) / (t * t), InfluenceAt.value);
    store<f64>(out, -(alpha * x * x * difference3(p, q)) / (t * t), InfluenceAt.slope);
  } else {
    const scale = plan.weighting == Weighting.exponential ? exp(-(hi + lo) / t) / t : 1.0 / t;
    const value = scale * alpha * x * x * difference3(p, q);
    const kappa = alpha * x * difference2(alpha * x, beta * x);
    store<f64>(out, value, InfluenceAt.value);
    const slope = plan.weighting == Weighting.exponential ? exp(-1.0) * kappa + value : kappa;
    store<f64>(out, -slope / t, InfluenceAt.slope);
  }
  if (derivatives) influenceDerivatives(plan, alpha, hi + lo, x, p, q, out);
}

/** ∂/∂α and ∂/∂β of K; a derivative repeats its point. */
function influenceDerivatives(plan: Plan, alpha: f64, s: f64, x: f64, p: f64, q: f64, out: usize): void {
  const t = plan.duration;
  const zeros = plan.weighting == Weighting.linear ? 2 : 1;
  let scale = (x * x) / t;
  if (plan.weighting == Weighting.exponential) scale *= exp(-s / t);
  if (plan.weighting == Weighting.linear) scale *= x / t;
  const plain = repeatedDifference(plan.scratch, zeros, p, 1, q, 1);
  const twiceP = repeatedDifference(plan.scratch, zeros, p, 2, q, 1);
  const twiceQ = repeatedDifference(plan.scratch, zeros, p, 1, q, 2);
  store<f64>(out, scale * (plain - alpha * x * twiceP), InfluenceAt.dAlpha);
  store<f64>(out, -scale * alpha * x * twiceQ, InfluenceAt.dBeta);
}

/** (1/T) ∫₀ᵀ ω(t) e^−αt dt, the share of u(0); at 0 its ∂/∂α. Sigmoid: after its sweep has reached 0. */
export function initialShare(plan: Plan, j: u32, alpha: f64): f64 {
  if (isCarried(plan)) return load<f64>(sigmoidState(plan, j), SigmoidAt.gu);
  const p = (alpha + shift(plan)) * plan.duration;
  return plan.weighting == Weighting.linear ? phi2(p) : phi1(p);
}

export function initialShareDerivative(plan: Plan, j: u32, alpha: f64): f64 {
  if (isCarried(plan)) return load<f64>(sigmoidState(plan, j), SigmoidAt.guAlpha);
  const p = (alpha + shift(plan)) * plan.duration;
  const zeros = plan.weighting == Weighting.linear ? 2 : 1;
  return -plan.duration * repeatedDifference(plan.scratch, zeros, p, 2, p, 0);
}

/** (1/T) ∫₀ᵀ ω(t) dt, the share of the bias. The sigmoid weighting is odd about T/2. */
export function biasShare(plan: Plan): f64 {
  if (plan.weighting == Weighting.uniform) return 1;
  if (plan.weighting == Weighting.input) return inputShare(plan);
  return plan.weighting == Weighting.exponential ? phi1(1.0) : 0.5;
}
