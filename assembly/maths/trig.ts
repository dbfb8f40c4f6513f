/** Sine, cosine and arc tangent in f64, from correctly rounded operations only, so that every engine gives the same bits. */

const twoOverPi: f64 = 0.6366197723675814;
// π/2 = halfPiHi + halfPiMid + halfPiLo; n·halfPiHi and n·halfPiMid are exact for |n| < 2^20.
const halfPiHi: f64 = 1.5707963267341256;
const halfPiMid: f64 = 6.077100506303966e-11;
const halfPiLo: f64 = 2.0222662487959506e-21;

/** sin r for |r| ≤ π/4 + 1e-6: Taylor to r^17, truncation below 1e-19. */
function sinNear0(r: f64): f64 {
  const r2 = r * r;
  const p =
    -1 / 6.0 +
    r2 *
      (1 / 120.0 +
        r2 *
          (-1 / 5040.0 +
            r2 *
              (1 / 362880.0 +
                r2 *
                  (-1 / 39916800.0 +
                    r2 * (1 / 6227020800.0 + r2 * (-1 / 1307674368000.0 + r2 / 355687428096000.0))))));
  return r + r * r2 * p;
}

/** cos r for |r| ≤ π/4 + 1e-6: Taylor to r^18, truncation below 1e-20. */
function cosNear0(r: f64): f64 {
  const r2 = r * r;
  const p =
    1 / 24.0 +
    r2 *
      (-1 / 720.0 +
        r2 *
          (1 / 40320.0 +
            r2 *
              (-1 / 3628800.0 +
                r2 *
                  (1 / 479001600.0 +
                    r2 * (-1 / 87178291200.0 + r2 * (1 / 20922789888000.0 - r2 / 6402373705728000.0))))));
  const half = 0.5 * r2;
  const one = 1.0 - half;
  // What rounding 1 − r²/2 lost.
  return one + (1.0 - one - half + r2 * r2 * p);
}

function quadrant(n: i64, r: f64): f64 {
  const value = n & 1 ? cosNear0(r) : sinNear0(r);
  return n & 2 ? -value : value;
}

/** sin x, error below 2e-16 for |x| < 1e5. */
export function sin(x: f64): f64 {
  const n = nearest(x * twoOverPi);
  return quadrant(<i64>n, x - n * halfPiHi - n * halfPiMid - n * halfPiLo);
}

/** cos x, error below 2e-16 for |x| < 1e5. */
export function cos(x: f64): f64 {
  const n = nearest(x * twoOverPi);
  return quadrant(<i64>n + 1, x - n * halfPiHi - n * halfPiMid - n * halfPiLo);
}

const pi: f64 = 3.141592653589793;

/** sin(2π k/n) for 0 ≤ k < n < 2^50, error below 2e-16: the angle is reduced in whole numbers. */
export function sinTurn(k: i64, n: i64): f64 {
  const eighths = (8 * k + n) / (2 * n);
  const rest = 4 * k - eighths * n;
  return quadrant(eighths, 0.5 * pi * (<f64>rest / <f64>n));
}

/** cos(2π k/n) likewise. */
export function cosTurn(k: i64, n: i64): f64 {
  const eighths = (8 * k + n) / (2 * n);
  const rest = 4 * k - eighths * n;
  return quadrant(eighths + 1, 0.5 * pi * (<f64>rest / <f64>n));
}

const atanHalf: f64 = 0.4636476090008061;

/** atan t for |t| ≤ 1/3: Taylor to t^35, truncation below 5e-19. */
function atanNear0(t: f64): f64 {
  const t2 = t * t;
  let p: f64 = 0;
  for (let n = 35; n >= 3; n -= 2) p = 1.0 / <f64>n - t2 * p;
  return t - t * t2 * p;
}

/** The angle of (x, y) in (−π, π], error below 5e-16. */
export function atan2(y: f64, x: f64): f64 {
  const ax = abs(x);
  const ay = abs(y);
  const t = min(ax, ay) / max(ax, ay);
  let angle = t < 0.236 ? atanNear0(t) : atanHalf + atanNear0((t - 0.5) / (1.0 + 0.5 * t));
  if (ay > ax) angle = 0.5 * pi - angle;
  if (x < 0) angle = pi - angle;
  return y < 0 ? -angle : angle;
}
