/** Composite Gauss–Legendre quadrature in fixed point. */
import type { Arithmetic } from "./fixed.ts";

export interface Rule {
  /** In (0, 1), with weights that sum to 1. */
  readonly nodes: readonly bigint[];
  readonly weights: readonly bigint[];
}

/** The n-point rule on [0, 1]; its nodes are the zeros of Legendre's polynomial, by Newton's method. */
export function gaussLegendre(m: Arithmetic, n: number): Rule {
  const nodes: bigint[] = [];
  const weights: bigint[] = [];
  for (let k = 0; k < n; k++) {
    let x = m.from(Math.cos((Math.PI * (k + 0.75)) / (n + 0.5)));
    let derivative = m.one;
    // The first guess is right to 1e−3 or better, and each step doubles the digits.
    for (let step = 0; step < 9; step++) {
      const [value, previous] = legendre(m, n, x);
      derivative = m.div(BigInt(n) * (previous - m.mul(x, value)), m.one - m.mul(x, x));
      x -= m.div(value, derivative);
    }
    nodes.push((m.one + x) >> 1n);
    weights.push(m.div(m.one, m.mul(m.one - m.mul(x, x), m.mul(derivative, derivative))));
  }
  return { nodes, weights };
}

/** Pₙ(x) and Pₙ₋₁(x). */
function legendre(m: Arithmetic, n: number, x: bigint): [bigint, bigint] {
  let [previous, value] = [m.one, x];
  for (let k = 2n; k <= BigInt(n); k += 1n)
    [previous, value] = [value, ((2n * k - 1n) * m.mul(x, value) - (k - 1n) * previous) / k];
  return [value, previous];
}

/** ∫ f over [first, last of `breaks`], each piece between breaks cut into equal panels no longer than `longest`. */
export function integrate(
  m: Arithmetic,
  { nodes, weights }: Rule,
  breaks: readonly bigint[],
  longest: bigint,
  f: (t: bigint) => bigint,
): bigint {
  let sum = 0n;
  for (let k = 1; k < breaks.length; k++) {
    const start = breaks[k - 1]!;
    const length = breaks[k]! - start;
    if (length === 0n) continue;
    const panelCount = (length + longest - 1n) / longest;
    const panel = length / panelCount;
    let mean = 0n;
    for (let p = 0n; p < panelCount; p += 1n)
      nodes.forEach((node, j) => {
        mean += m.mul(weights[j]!, f(start + p * panel + m.mul(node, panel)));
      });
    sum += m.mul(mean, panel);
  }
  return sum;
}
