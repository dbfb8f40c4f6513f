/** Natural logarithms in f64, from correctly rounded operations only. */

const ln2Hi: f64 = 0.6931471803691238;
const ln2Lo: f64 = 1.9082149292705877e-10;
const sqrtHalf: f64 = 0.7071067811865476;

/**
 * (log(1+f) − f + f²/2) for f in [√½ − 1, √2 − 1], through log(1+f) = 2 artanh(s), s = f/(2+f):
 * s (f²/2 + R), R = Σ 2 s^(2n)/(2n+1), n = 1 … 10; truncation below 2e-18.
 */
function remainder(f: f64): f64 {
  const s = f / (2.0 + f);
  const z = s * s;
  const w = z * z;
  const even =
    0.4 +
    w *
      (0.2222222222222222 + w * (0.15384615384615385 + w * (0.11764705882352941 + w * 0.09523809523809523)));
  const odd =
    0.6666666666666666 +
    w *
      (0.2857142857142857 + w * (0.18181818181818182 + w * (0.13333333333333333 + w * 0.10526315789473684)));
  return s * (0.5 * f * f + z * (odd + z * even));
}

/** log x. Error below 0.9 ulp for normal x > 0; −∞ for 0, NaN below 0 and for NaN, +∞ for +∞. */
export function log(x: f64): f64 {
  if (!(x > 0)) return x == 0 ? -Infinity : NaN;
  if (x == Infinity) return x;
  let k: i64 = 0;
  if (x < 2.2250738585072014e-308) {
    x *= 18014398509481984.0;
    k = -54;
  }
  const bits = reinterpret<i64>(x);
  k += (bits >> 52) - 1022;
  let m = reinterpret<f64>((bits & 0x000fffffffffffff) | 0x3fe0000000000000);
  if (m < sqrtHalf) {
    m *= 2.0;
    k -= 1;
  }
  const f = m - 1.0;
  const n = <f64>k;
  return n * ln2Hi - (0.5 * f * f - (remainder(f) + n * ln2Lo) - f);
}

/** log(1 + x). Error below 1.5 ulp for x > −1; −∞ for −1, NaN below. */
export function log1p(x: f64): f64 {
  if (x > -0.29 && x < 0.41) return x - (0.5 * x * x - remainder(x));
  const u = 1.0 + x;
  if (!(u > 0) || u == Infinity) return log(u);
  // What rounding 1 + x lost, to first order.
  return log(u) + (x - (u - 1.0)) / u;
}
