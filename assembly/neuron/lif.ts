/**
 * The neuron: a leaky integrate-and-fire neuron with an exponential synapse [WP21], on one page. With d = V − bias, in which
 * free flow is homogeneous, and the rates α = 1/τ_m, β = 1/τ_s
 *
 *   d′ = α (I − d)        I′ = −β I
 *   d″ = −α (β I + d′)    d‴ = α (β² I − d″)
 *
 * An arrival of weight w adds w to I. A spike is V reaching the threshold from below; V is then set to the reset. What
 * follows in closed form over an interval is in coefficients.ts.
 *
 * What is kept is u = V − origin. The origin is the bias, and u is d, wherever V may come near the bias; where the bias is
 * so far that V − bias would lose the digits of V, the origin is 0, and d = u − rest with the rest at the bias. Threshold
 * and reset are measured from the origin too.
 */
import { log1p } from "../maths/log";
import { Coefficients, coefficients } from "./coefficients";

/** V′ */
export function slopeOf(d: f64, i: f64, alpha: f64): f64 {
  return alpha * (i - d);
}

/** V″, given V′. */
export function curvatureOf(i: f64, slope: f64, alpha: f64, beta: f64): f64 {
  return -alpha * (beta * i + slope);
}

/** V‴, given V″. */
export function jerkOf(i: f64, curvature: f64, alpha: f64, beta: f64): f64 {
  return alpha * (beta * beta * i - curvature);
}

/**
 * Time of the extremum of V after (d, I), NaN if there is none: where b I = d(x), that is
 * log(1 + μg)/μ with μ = β − α, g = (I − d)/(αI + μd); g itself in the limit μ → 0.
 */
export function extremum(d: f64, i: f64, alpha: f64, beta: f64): f64 {
  const mu = beta - alpha;
  const g = (i - d) / (alpha * i + mu * d);
  const y = mu * g;
  return abs(y) < 1e-18 ? g : (log1p(y) / y) * g;
}

/** V(x) − V(0), without cancellation for small x. Leaves the coefficients of the flow in `out`. */
export function rise(d: f64, i: f64, alpha: f64, beta: f64, x: f64, out: Coefficients): f64 {
  coefficients(alpha, beta, x, out);
  return d * out.change + i * out.gain;
}

/**
 * What moving an arrival later by 1 ms does to the loss, per unit of weight, given ∂L/∂u and ∂L/∂I just after it: had it
 * come a moment dx later, I would not have decayed for dx, nor u been driven by it.
 */
export function moveOf(gu: f64, gi: f64, alpha: f64, beta: f64): f64 {
  return beta * gi - alpha * gu;
}
