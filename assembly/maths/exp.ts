/** e^x and e^x − 1 in f64, from correctly rounded operations only, so that every engine gives the same bits. */

const log2e: f64 = 1.4426950408889634;
// ln 2 = ln2Hi + ln2Lo; n·ln2Hi is exact for |n| < 2^20, since ln2Hi has 32 trailing zero bits.
const ln2Hi: f64 = 0.6931471803691238;
const ln2Lo: f64 = 1.9082149292705877e-10;

/**
 * (e^r − 1 − r) / r² for |r| ≤ 0.35: Taylor polynomial Σ r^n/(n+2)!, n = 0 … 11.
 * Truncation below 7e-18 of e^r. Evaluated in pairs (Estrin) to shorten the dependent chain.
 */
function tail(r: f64): f64 {
  const r2 = r * r;
  const r4 = r2 * r2;
  const c0 = 0.5 + r * 0.16666666666666666;
  const c1 = 0.041666666666666664 + r * 0.008333333333333333;
  const c2 = 0.001388888888888889 + r * 0.0001984126984126984;
  const c3 = 0.0000248015873015873 + r * 2.7557319223985893e-6;
  const c4 = 2.755731922398589e-7 + r * 2.505210838544172e-8;
  const c5 = 2.08767569878681e-9 + r * 1.6059043836821613e-10;
  return c0 + r2 * c1 + r4 * (c2 + r2 * c3 + r4 * (c4 + r2 * c5));
}

/** 2^n for −1022 ≤ n ≤ 1023. */
function powerOfTwo(n: i64): f64 {
  return reinterpret<f64>((n + 1023) << 52);
}

/**
 * e^x. Error below 0.93 ulp for results in the normal range, correctly scaled to subnormals below it;
 * 0 under −746, +∞ above 709.79, NaN for NaN.
 */
export function exp(x: f64): f64 {
  if (x < -746.0) return 0;
  if (x > 709.79) return Infinity;
  if (x != x) return x;
  const n = nearest(x * log2e);
  const hi = x - n * ln2Hi;
  const lo = n * ln2Lo;
  const r = hi - lo;
  const p = 1.0 + (hi + (r * r * tail(r) - lo));
  const k = <i64>n;
  const half = k >> 1;
  return p * powerOfTwo(half) * powerOfTwo(k - half);
}

/** e^x − 1. Error below 1.9 ulp; −1 under −50, +∞ above 709.79, NaN for NaN. */
export function expm1(x: f64): f64 {
  if (abs(x) < 0.35) return x + x * x * tail(x);
  if (x < -50.0) return -1;
  if (x > 709.79) return Infinity;
  if (x != x) return x;
  const n = nearest(x * log2e);
  const hi = x - n * ln2Hi;
  const lo = n * ln2Lo;
  const r = hi - lo;
  const p = hi + (r * r * tail(r) - lo);
  const k = <i64>n;
  if (k > 1000) return (1.0 + p) * powerOfTwo(k - 1) * 2.0;
  const s = powerOfTwo(k);
  return s - 1.0 + s * p;
}
