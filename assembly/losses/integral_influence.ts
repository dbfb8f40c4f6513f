/**
 * Influence of an arrival at time s on the shaped integral of a leaky integrator, per unit of weight, with X = T − s:
 *
 *   K(s) = (1/T) ∫ₛᵀ ω(t) κ(t−s) dt,   K′(s) = −ω(T) κ(X)/T + (1/T) ∫ₛᵀ ω′(t) κ(t−s) dt
 *
 * in closed form for the weightings that are exponentials or polynomials, as divided differences of e^x with p = αX,
 * q = βX (shifted by X/T for the exponential weighting):
 *
 *   uniform      K = (1/T) αX² exp[0,−p,−q]             K′ = −κ(X)/T
 *   exponential  K = (e^−s/T /T) αX² exp[0,−p,−q]       K′ = −(e^−s/T αX exp[−p,−q] + K)/T
 *   linear       K = (1/T²) αX³ exp[0,0,−p,−q]          K′ = −(1/T²) αX² exp[0,−p,−q]
 *
 * K and −K′ are sums of positive terms, so nothing cancels. Weightings whose influence is carried from event to event are in
 * integral_sigmoid.ts and integral_input.ts.
 */

import { Weighting } from "../kinds";
import { difference4, differences, repeatedDifference } from "../maths/divided_difference";
import { exp } from "../maths/exp";
import { phi1, phi2 } from "../maths/phi";
import { Influence, LossPlan } from "../trial/loss_plan";
import { carriedAt } from "./carried";

/** Whether the influence is carried backwards from event to event, and read from the state that it has reached. */
export function isCarried(loss: LossPlan): bool {
  return loss.weighting == Weighting.sigmoid || loss.weighting == Weighting.input;
}

/** Rate that the weighting adds to every exponential: 1/T for the exponential one. */
export function shift(loss: LossPlan, duration: f64): f64 {
  return loss.weighting == Weighting.exponential ? 1.0 / duration : 0.0;
}

/** The influence of an arrival at hi + lo on neuron j (rates α, β), into the loss's slot. */
export function influence(
  loss: LossPlan,
  duration: f64,
  j: u32,
  alpha: f64,
  beta: f64,
  hi: f64,
  lo: f64,
  withDerivatives: bool,
): Influence {
  const out = loss.influence;
  if (isCarried(loss)) {
    const state = carriedAt(loss, j);
    out.value = state.gi;
    out.slope = state.hi;
    out.dAlpha = state.giAlpha;
    out.dBeta = state.giBeta;
    return out;
  }
  const t = duration;
  const x = t - hi - lo;
  const p = (alpha + shift(loss, t)) * x;
  const q = (beta + shift(loss, t)) * x;
  const found = loss.differences;
  const isLinear = loss.weighting == Weighting.linear;
  differences(p, q, withDerivatives && !isLinear, loss.points, found);
  if (isLinear) {
    out.value = (alpha * x * x * x * difference4(p, q, found.three, loss.points)) / (t * t);
    out.slope = -(alpha * x * x * found.three) / (t * t);
  } else {
    const isExponential = loss.weighting == Weighting.exponential;
    const scale = isExponential ? exp(-(hi + lo) / t) / t : 1.0 / t;
    out.value = scale * alpha * x * x * found.three;
    // e^−1 κ(X) is e^−s/T αX exp[−p, −q]: the shift of the exponents makes up for the rest.
    const kappa = scale * alpha * x * found.two;
    out.slope = isExponential ? -(kappa + out.value / t) : -kappa;
  }
  if (withDerivatives) influenceDerivatives(loss, t, alpha, hi + lo, x, p, q, out);
  return out;
}

/**
 * ∂/∂α and ∂/∂β of K; a derivative repeats its point. With points z = 0 (once, or twice), and αX = p − r,
 *
 *   exp[z, −p, −q] − αX exp[z, −p, −p, −q] = exp[z′, −p, −p, −q] + r exp[z, −p, −p, −q],   z′ with one 0 less,
 *
 * of which the right side is a sum of positive terms, where the left one cancels once all has decayed.
 */
function influenceDerivatives(
  loss: LossPlan,
  t: f64,
  alpha: f64,
  s: f64,
  x: f64,
  p: f64,
  q: f64,
  out: Influence,
): void {
  const found = loss.differences;
  let scale = (x * x) / t;
  if (loss.weighting == Weighting.exponential) scale *= exp(-s / t);
  if (loss.weighting == Weighting.linear) {
    scale *= x / t;
    found.fewer = repeatedDifference(loss.points, 1, p, 2, q, 1);
    found.twiceP = repeatedDifference(loss.points, 2, p, 2, q, 1);
    found.twiceQ = repeatedDifference(loss.points, 2, p, 1, q, 2);
  }
  out.dAlpha = scale * (found.fewer + shift(loss, t) * x * found.twiceP);
  out.dBeta = -scale * alpha * x * found.twiceQ;
}

/**
 * (1/T) ∫ₛᵀ ω(t) e^−α(t−s) dt, the share of u at s = hi + lo: with X = T − s, (X/T) φ₁((α + shift)X), times e^−s/T for the
 * exponential weighting, (X/T)² φ₂(αX) for the linear one. A carried one once its sweep has reached s.
 */
export function stateShare(loss: LossPlan, duration: f64, j: u32, alpha: f64, hi: f64, lo: f64): f64 {
  if (isCarried(loss)) return carriedAt(loss, j).gu;
  const x = duration - hi - lo;
  const p = (alpha + shift(loss, duration)) * x;
  const part = x / duration;
  switch (loss.weighting) {
    case Weighting.uniform:
      return part * phi1(p);
    case Weighting.exponential:
      return exp(-(hi + lo) / duration) * (part * phi1(p));
    case Weighting.linear:
      return part * part * phi2(p);
    default:
      return unreachable();
  }
}

/** ∂/∂α of the share of u(0), after the sweep. */
export function initialShareDerivative(loss: LossPlan, duration: f64, j: u32, alpha: f64): f64 {
  if (isCarried(loss)) return carriedAt(loss, j).guAlpha;
  const p = (alpha + shift(loss, duration)) * duration;
  const zeros = loss.weighting == Weighting.linear ? 2 : 1;
  return -duration * repeatedDifference(loss.points, zeros, p, 2, p, 0);
}

/**
 * (1/T) ∫₀ᵀ ω(t) (1 − e^−αt) dt, the share of the bias: it drives V as a current does that arrives at time 0 and never
 * decays. After the sweep.
 */
export function biasShare(loss: LossPlan, duration: f64, j: u32, alpha: f64): f64 {
  if (isCarried(loss)) return carriedAt(loss, j).bias;
  return influence(loss, duration, j, alpha, 0, 0, 0, false).value;
}
