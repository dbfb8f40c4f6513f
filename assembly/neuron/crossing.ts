/**
 * Transition condition: the earliest upward crossing of a threshold by one neuron in free flow.
 * Between events V has at most one extremum, so it rises on at most two intervals and crosses on at most one of them
 * after starting below; the crossing is bracketed there and solved to the last bits.
 */
import { Counter } from "../kinds";
import { tally } from "../profile";
import { Coefficients } from "./coefficients";
import { curvatureOf, extremum, jerkOf, rise, slopeOf } from "./lif";

/**
 * The root of V(x) = V(0) + gap in [lo, hi], where V rises from below to above it; `x` is a first guess in it.
 * Inverse Taylor steps of third order, cut to the bracket; bisection where the series is not to be trusted. A step that
 * is below 3e-5 of every time scale leaves an error below 1e-17 of it.
 */
function solve(
  d: f64,
  i: f64,
  gap: f64,
  level: f64,
  alpha: f64,
  beta: f64,
  lo: f64,
  hi: f64,
  x: f64,
  out: Coefficients,
): f64 {
  const rate = alpha + beta;
  for (let n = 0; n < 200; n++) {
    tally(Counter.steps, 1);
    const f = rise(d, i, alpha, beta, x, out) - gap;
    const current = i * out.current;
    // V − threshold = f: both are measured from the threshold.
    const f1 = slopeOf(f, current - level, alpha);
    const f2 = curvatureOf(current, f1, alpha, beta);
    const f3 = jerkOf(current, f2, alpha, beta);
    if (f < 0) lo = x;
    else hi = x;
    const step = f / f1;
    const c2 = f2 / (2.0 * f1);
    const c3 = f3 / (6.0 * f1);
    const next = x - step * (1.0 + step * (c2 + step * (2.0 * c2 * c2 - c3)));
    // Beyond this the series is not to be trusted; NaN and infinite steps end here too.
    if (!(abs(step) * (rate + abs(c2)) < 0.25 && f1 > 0)) {
      const middle = lo + 0.5 * (hi - lo);
      if (!(middle > lo && middle < hi)) return hi;
      x = middle;
      continue;
    }
    if (abs(step) * (rate + abs(c2)) < 3e-5) return max(next, 0);
    x = min(max(next, lo), hi);
  }
  return x;
}

/**
 * Earliest x in [0, end) at which a neuron at d = V − bias and I, `gap` below the threshold, crosses it upwards; +∞ if there
 * is none. `level` is threshold − bias: the three are given apart since each may be far smaller than the others.
 * A neuron that rounding has put at the threshold already crosses at 0 if it rises. `early` and `late` bound x where
 * they are known (0 and +∞ else).
 */
export function crossing(
  d: f64,
  i: f64,
  gap: f64,
  level: f64,
  alpha: f64,
  beta: f64,
  early: f64,
  late: f64,
  end: f64,
  out: Coefficients,
): f64 {
  const slope = slopeOf(d, i, alpha);
  if (gap <= 0 && slope > 0) return 0;
  let lo = early * 0.999999;
  let hi = late * 1.000001;
  let guess = early;
  if (!(late < end)) {
    const turn = extremum(d, i, alpha, beta);
    // A maximum if I > 0, a minimum if I < 0; without a current only rounding could make one.
    const turns = turn > 0 && turn < end && i != 0;
    lo = 0;
    hi = end;
    // At rest but for a current below it, V leaves the extremum upwards.
    if (slope > 0 || (slope == 0 && i < 0)) {
      if (turns && i > 0) hi = turn;
    } else {
      if (!turns || i > 0) return Infinity;
      lo = turn;
      if (!(rise(d, i, alpha, beta, lo, out) < gap)) return Infinity;
    }
    if (!(rise(d, i, alpha, beta, hi, out) > gap)) return Infinity;
    guess = hi;
  }
  const x = solve(d, i, gap, level, alpha, beta, lo, hi, guess, out);
  return x < end ? x : Infinity;
}
