/** The free dynamics of one neuron in closed form. */
import type { Arithmetic } from "./fixed.ts";

/** a = 1/τm and c = 1/τs, 1/ms, and the bias b. */
export interface Dynamics {
  readonly a: bigint;
  readonly c: bigint;
  readonly bias: bigint;
}

export interface State {
  readonly v: bigint;
  readonly i: bigint;
}

/** Below this |(c − a) t| the power series is used, so that at most 20 bits are lost to the difference. */
const seriesBits = 20n;

/**
 * State a time t ≥ 0 later with no event in between.
 *
 *   I(t) = I e^{−ct}
 *   V(t) = b + (V − b) e^{−at} + I K(t),   K(t) = a (e^{−at} − e^{−ct}) / (c − a)
 */
export function flow(m: Arithmetic, { a, c, bias }: Dynamics, { v, i }: State, t: bigint): State {
  const em = m.exp(-m.mul(a, t));
  const es = m.exp(-m.mul(c, t));
  return { v: bias + m.mul(v - bias, em) + m.mul(i, kernel(m, a, c, t, em, es)), i: m.mul(i, es) };
}

/** K(t), of which V is made: K = a t e^{−at} (1 − z/2! + z²/3! − …), z = (c − a) t, where z is small. */
function kernel(m: Arithmetic, a: bigint, c: bigint, t: bigint, em: bigint, es: bigint): bigint {
  const z = m.mul(c - a, t);
  if (z > m.one >> seriesBits || -z > m.one >> seriesBits) return m.div(m.mul(a, em - es), c - a);
  let term = m.one;
  let sum = 0n;
  for (let k = 2n; term !== 0n && term !== -1n; k += 1n) {
    sum += term;
    term = m.mul(-z, term) / k;
  }
  return m.mul(m.mul(m.mul(a, t), em), sum);
}

/** dV/dt = a (I + b − V). */
export function slope(m: Arithmetic, { a, bias }: Dynamics, { v, i }: State): bigint {
  return m.mul(a, i + bias - v);
}

/**
 * The only t > 0 at which dV/dt = 0, if there is one.
 *
 *   e^{(c−a)t} = c I / ((c − a) U + a I) = 1 + z,   U = V − b,   z = (c − a) (I − U) / ((c − a) U + a I)
 */
export function extremum(m: Arithmetic, { a, c, bias }: Dynamics, { v, i }: State): bigint | undefined {
  const u = v - bias;
  const below = m.mul(c - a, u) + m.mul(a, i);
  if (below === 0n) return undefined;
  const y = m.div(i - u, below);
  const z = m.mul(c - a, y);
  if (z <= -m.one) return undefined;
  const t =
    z > m.one >> seriesBits || -z > m.one >> seriesBits ? m.div(m.ln(m.one + z), c - a) : series(m, y, z);
  return t > 0n ? t : undefined;
}

/** y ln(1 + z)/z = y (1 − z/2 + z²/3 − …). */
function series(m: Arithmetic, y: bigint, z: bigint): bigint {
  let power = m.one;
  let sum = 0n;
  for (let k = 1n; power !== 0n && power !== -1n; k += 1n) {
    sum += power / k;
    power = m.mul(-z, power);
  }
  return m.mul(y, sum);
}
