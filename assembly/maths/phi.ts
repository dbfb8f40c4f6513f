/**
 * The φ-functions of exponential integrators at −y, y ≥ 0, without cancellation:
 *
 *   φ₁ = (1 − e^−y)/y = ∫₀¹ e^−yx dx        φ₂ = (y − 1 + e^−y)/y² = ∫₀¹ (1−x) e^−yx dx
 *
 * [Hochbruck & Ostermann 2010, Acta Numerica 19, (2.10)]. They are what divided differences of e^x reduce to.
 */
import { expm1 } from "./exp";

/** φ₂(−y) for |y| ≤ 1/8: Σ (−y)^n/(n+2)!, n = 0 … 9; truncation below 5e-18 relative, error below 1.5 ulp. */
export function phi2Small(y: f64): f64 {
  const y2 = y * y;
  const y4 = y2 * y2;
  const c0 = 0.5 - y * 0.16666666666666666;
  const c1 = 0.041666666666666664 - y * 0.008333333333333333;
  const c2 = 0.001388888888888889 - y * 0.0001984126984126984;
  const c3 = 0.0000248015873015873 - y * 2.7557319223985893e-6;
  const c4 = 2.755731922398589e-7 - y * 2.505210838544172e-8;
  return c0 + y2 * c1 + y4 * (c2 + y2 * c3 + y4 * c4);
}

/** φ₂(−y), y ≥ 0. Error below 4 ulp. */
export function phi2(y: f64): f64 {
  if (y <= 0.125) return phi2Small(y);
  if (y >= 1.0) return (1.0 + expm1(-y) / y) / y;
  let sum = 0.0;
  // Σ (−y)^n/(n+2)!, n = 0 … 17, from the small end; truncation below 2e-18 relative.
  for (let n = 17.0; n >= 0; n -= 1.0) sum = (1.0 - y * sum) / (n + 2.0);
  return sum;
}

/** φ₁(−y), y ≥ 0. Error below 3 ulp. */
export function phi1(y: f64): f64 {
  return y <= 0.125 ? 1.0 - y * phi2Small(y) : -expm1(-y) / y;
}
