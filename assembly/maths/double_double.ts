/**
 * Numbers as unevaluated sums hi + lo of two doubles, |lo| ≤ half an ulp of hi: times, which late in a trial of thousands
 * of time constants keep the digits that an early one has. [Dekker 1971; Knuth, TAOCP 2, 4.2.2]
 */

@unmanaged
export class Pair {
  hi: f64;
  lo: f64;
}

/** out = (hi + lo) + x, to within two roundings of 106 bits. */
export function addTo(out: Pair, hi: f64, lo: f64, x: f64): void {
  const sum = hi + x;
  const part = sum - hi;
  // What rounding hi + x lost, and the low part.
  const error = hi - (sum - part) + (x - part) + lo;
  out.hi = sum + error;
  out.lo = error - (out.hi - sum);
}

/** (hi + lo) − (fromHi + fromLo), rounded: exact to an ulp where the two are near each other. */
export function difference(hi: f64, lo: f64, fromHi: f64, fromLo: f64): f64 {
  return hi - fromHi + (lo - fromLo);
}

/** Whether hi + lo is less than otherHi + otherLo. */
export function isBefore(hi: f64, lo: f64, otherHi: f64, otherLo: f64): bool {
  return hi < otherHi || (hi == otherHi && lo < otherLo);
}
