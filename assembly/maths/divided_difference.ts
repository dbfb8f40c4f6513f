/**
 * Divided differences of e^x at non-positive points, however close they are. Integrals of products of exponentials over
 * an interval are such differences, so nothing here ever divides by τ_m − τ_s.
 */

import { F64s, f64Of, setF64 } from "../memory";
import { exp } from "./exp";
import { phi1, phi2 } from "./phi";

/** exp[−p, −q] = (e^−p − e^−q)/(q − p) = e^−min φ₁(−|q−p|). Error below 4 ulp. */
export function difference2(p: f64, q: f64): f64 {
  return exp(-min(p, q)) * phi1(abs(q - p));
}

/**
 * exp[0, −p, −q], p, q ≥ 0. Taylor Σ (−1)^n h_n(p, q)/(n+2)! where both are small, h_n = Σ p^j q^(n−j);
 * elsewhere the recursion that drops the two outermost points, where its subtraction is mild. Error below 7 ulp.
 */
export function difference3(p: f64, q: f64): f64 {
  const near = min(p, q);
  const far = max(p, q);
  if (far >= 1.0) return (phi1(near) - difference2(near, far)) / far;
  let symmetric = 1.0;
  let power = 1.0;
  let factor = 0.5;
  let sum = 0.5;
  for (let n = 1.0; n <= 18.0; n += 1.0) {
    power *= far;
    symmetric = near * symmetric + power;
    factor /= -(n + 2.0);
    sum += factor * symmetric;
  }
  return sum;
}

/**
 * exp[0, 0, −p, −q], p, q ≥ 0, of `three`, exp[0, −p, −q], by which the recursion needs one exponential more where the points
 * are apart. Error below 30 ulp. `points` is room for four.
 */
export function difference4(p: f64, q: f64, three: f64, points: F64s): f64 {
  const far = max(p, q);
  if (far < 1.0) return repeatedDifference(points, 2, p, 1, q, 1);
  return (phi2(min(p, q)) - three) / far;
}

/** Divided differences of e^x at 0, −p and −q. */
@unmanaged
export class Differences {
  /** exp[−p, −q] and exp[0, −p, −q] */
  two: f64;
  three: f64;
  /** exp[−p, −p, −q], exp[0, −p, −p, −q] and exp[0, −p, −q, −q]; on demand. */
  fewer: f64;
  twiceP: f64;
  twiceQ: f64;
}

/**
 * Those on demand are asked for by `derivatives`. Where the points are 1 or more apart all are of the same two exponentials;
 * elsewhere as above. Errors below 4 and 7 ulp, and 12, 50 and 50.
 */
export function differences(p: f64, q: f64, derivatives: bool, points: F64s, out: Differences): void {
  const near = min(p, q);
  const far = max(p, q);
  const gap = far - near;
  if (near < 1.0 || gap < 1.0) {
    out.two = difference2(p, q);
    out.three = difference3(p, q);
    if (!derivatives) return;
    out.fewer = repeatedDifference(points, 0, p, 2, q, 1);
    out.twiceP = repeatedDifference(points, 1, p, 2, q, 1);
    out.twiceQ = repeatedDifference(points, 1, p, 1, q, 2);
    return;
  }
  const slow = exp(-near);
  const fast = gap < 40.0 ? exp(-far) : 0.0;
  const fall = slow - fast;
  out.two = fall / gap;
  out.three = ((1.0 - slow) * gap - fall * near) / (near * far * gap);
  if (!derivatives) return;
  const nearTwice = (slow - out.two) / gap;
  const farTwice = (out.two - fast) / gap;
  const withNear = (((1.0 - slow) / near - slow) / near - nearTwice) / far;
  const withFar = (((1.0 - fast) / far - fast) / far - farTwice) / near;
  out.fewer = p <= q ? nearTwice : farTwice;
  out.twiceP = p <= q ? withNear : withFar;
  out.twiceQ = p <= q ? withFar : withNear;
}

/** Taylor series about the first of the points first … last, whose spread is below 1. */
function clustered(points: F64s, first: u32, last: u32): f64 {
  const base = f64Of(points, first);
  const order = <i32>(last - first);
  let factor = 1.0;
  for (let k = 2; k <= order; k++) factor /= <f64>k;
  // hj = complete homogeneous symmetric polynomial of degree n of the first j distances.
  let h1 = 1.0;
  let h2 = 1.0;
  let h3 = 1.0;
  let h4 = 1.0;
  const d1 = order >= 1 ? base - f64Of(points, first + 1) : 0;
  const d2 = order >= 2 ? base - f64Of(points, first + 2) : 0;
  const d3 = order >= 3 ? base - f64Of(points, first + 3) : 0;
  const d4 = order >= 4 ? base - f64Of(points, first + 4) : 0;
  let sum = factor;
  for (let n = 1; n <= 20; n++) {
    h1 = d1 * h1;
    h2 = h1 + d2 * h2;
    h3 = h2 + d3 * h3;
    h4 = h3 + d4 * h4;
    factor /= -(<f64>(n + order));
    sum += factor * h4;
  }
  return exp(base) * sum;
}

/**
 * exp[x_first, …, x_last]. Error below 6, 12, 50 and 400 ulp for two to five points: each level of the recursion may lose
 * what its subtraction cancels. Four and five points occur only in time-constant gradients of readouts.
 */
function differenceOf(points: F64s, first: u32, last: u32): f64 {
  const spread = f64Of(points, first) - f64Of(points, last);
  if (spread < 1.0) return clustered(points, first, last);
  return (differenceOf(points, first, last - 1) - differenceOf(points, first + 1, last)) / spread;
}

/**
 * exp at the points 0 (`zeros` times), −p and −q (`copiesP`, `copiesQ` times), p, q ≥ 0; at most `Most.points` of them, for
 * which `points` is room.
 */
export function repeatedDifference(
  points: F64s,
  zeros: u32,
  p: f64,
  copiesP: u32,
  q: f64,
  copiesQ: u32,
): f64 {
  let count: u32 = 0;
  for (; count < zeros; count++) setF64(points, count, 0);
  const nearIsP = p <= q;
  const near = nearIsP ? p : q;
  const far = nearIsP ? q : p;
  const nearEnd = zeros + (nearIsP ? copiesP : copiesQ);
  const end = zeros + copiesP + copiesQ;
  for (; count < nearEnd; count++) setF64(points, count, -near);
  for (; count < end; count++) setF64(points, count, -far);
  return differenceOf(points, 0, end - 1);
}
