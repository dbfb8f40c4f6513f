/** Complex numbers as vectors (re, im) of f64. */
import { exp as realExp } from "../maths/exp";
import { log as realLog } from "../maths/log";
import { atan2, cos, sin } from "../maths/trig";

export type complex = v128;

export function complexOf(re: f64, im: f64): complex {
  return f64x2.replace_lane(f64x2.splat(re), 1, im);
}

export function re(z: complex): f64 {
  return f64x2.extract_lane(z, 0);
}

export function im(z: complex): f64 {
  return f64x2.extract_lane(z, 1);
}

export function add(a: complex, b: complex): complex {
  return f64x2.add(a, b);
}

export function sub(a: complex, b: complex): complex {
  return f64x2.sub(a, b);
}

export function scale(a: complex, s: f64): complex {
  return f64x2.mul(a, f64x2.splat(s));
}

export function conj(z: complex): complex {
  return complexOf(re(z), -im(z));
}

export function mul(a: complex, b: complex): complex {
  return complexOf(re(a) * re(b) - im(a) * im(b), re(a) * im(b) + im(a) * re(b));
}

/** i z */
export function timesI(z: complex): complex {
  return complexOf(-im(z), re(z));
}

/** |z|², which must not overflow. */
export function norm(z: complex): f64 {
  return re(z) * re(z) + im(z) * im(z);
}

export function div(a: complex, b: complex): complex {
  return scale(mul(a, conj(b)), 1.0 / norm(b));
}

/** Principal square root. */
export function sqrtOf(z: complex): complex {
  const x = re(z);
  const y = im(z);
  const t = sqrt(0.5 * (sqrt(norm(z)) + abs(x)));
  if (t == 0) return complexOf(0, 0);
  const u = (0.5 * y) / t;
  return x >= 0 ? complexOf(t, u) : complexOf(abs(u), y < 0 ? -t : t);
}

/** Principal logarithm. */
export function logOf(z: complex): complex {
  return complexOf(0.5 * realLog(norm(z)), atan2(im(z), re(z)));
}

export function expOf(z: complex): complex {
  const r = realExp(re(z));
  return complexOf(r * cos(im(z)), r * sin(im(z)));
}
