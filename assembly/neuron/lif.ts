/**
 * The neuron: a leaky integrate-and-fire neuron with an exponential synapse [WP21], on one page. Voltages are measured from
 * the bias, u = V − bias, so that free flow is homogeneous; with the rates α = 1/τ_m, β = 1/τ_s
 *
 *   u′ = α (I − u)        I′ = −β I
 *   u″ = −α (β I + u′)    u‴ = α (β² I − u″)
 *
 * An arrival of weight w adds w to I. A spike is u reaching the threshold from below; u is then set to the reset. Both are
 * measured from the bias too. What follows in closed form over an interval is in coefficients.ts.
 */
import { log1p } from "../maths/log";
import { Coefficients, coefficients } from "./coefficients";

/** u′ */
export function slopeOf(u: f64, i: f64, alpha: f64): f64 {
  return alpha * (i - u);
}

/** u″, given u′. */
export function curvatureOf(i: f64, slope: f64, alpha: f64, beta: f64): f64 {
  return -alpha * (beta * i + slope);
}

/** u‴, given u″. */
export function jerkOf(i: f64, curvature: f64, alpha: f64, beta: f64): f64 {
  return alpha * (beta * beta * i - curvature);
}

/**
 * Time of the extremum of u after (u, I), NaN if there is none: where b I = u(x), that is
 * log(1 + μg)/μ with μ = β − α, g = (I − u)/(αI + μu); g itself in the limit μ → 0.
 */
export function extremum(u: f64, i: f64, alpha: f64, beta: f64): f64 {
  const mu = beta - alpha;
  const g = (i - u) / (alpha * i + mu * u);
  const y = mu * g;
  return abs(y) < 1e-18 ? g : (log1p(y) / y) * g;
}

/** u(x) − u(0), without cancellation for small x. Leaves the coefficients of the flow in `out`. */
export function rise(u: f64, i: f64, alpha: f64, beta: f64, x: f64, out: Coefficients): f64 {
  coefficients(alpha, beta, x, out);
  return u * out.change + i * out.gain;
}

/**
 * What moving an arrival later by 1 ms does to the loss, per unit of weight, given ∂L/∂u and ∂L/∂I just after it: had it
 * come a moment dx later, I would not have decayed for dx, nor u been driven by it.
 */
export function moveOf(gu: f64, gi: f64, alpha: f64, beta: f64): f64 {
  return beta * gi - alpha * gu;
}
