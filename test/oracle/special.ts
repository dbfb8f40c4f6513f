/** Sines, arc tangents and Hankel functions to some 100 digits, by their power series in fixed point (DLMF 4.19, 4.24, 10.2, 10.8). */
import { arithmetic } from "../../src/oracle/simulate/fixed.ts";

/** Digits after the point: for |w| ≤ 80 the series of H₀ has terms of e⁸⁰ and a sum as small as e^(−80). */
const m = arithmetic(200);
const { one, mul, div } = m;

export interface Complex {
  readonly re: bigint;
  readonly im: bigint;
}

const euler =
  "57721566490153286060651209008240243104215933593992359880576723488486772677766467093694706329174674951463144724980708248096050401448654283622417399764492353625350033374293733773767394279259525824709491600873520394816567";
const gamma = (BigInt(euler) * one) / 10n ** BigInt(euler.length);

export const toNumber = m.toNumber;
export const fromNumber = m.from;

function arctanOfFraction(denominator: bigint): bigint {
  return arctanSeries(one / denominator);
}

function arctanSeries(t: bigint): bigint {
  const t2 = mul(t, t);
  let power = t;
  let sum = 0n;
  for (let n = 1n; power !== 0n && power !== -1n; n += 2n) {
    sum += (n % 4n === 1n ? power : -power) / n;
    power = mul(power, t2);
  }
  return sum;
}

/** Machin's formula. */
export const pi = 16n * arctanOfFraction(5n) - 4n * arctanOfFraction(239n);

function squareRoot(x: bigint): bigint {
  const target = x * one;
  let root = BigInt(Math.floor(Math.sqrt(m.toNumber(x)) * 2 ** 52)) * (one >> 52n) + 1n;
  for (let k = 0; k < 12; k++) root = (root + target / root) / 2n;
  return root;
}

/** Angle of a point with x > 0, y ≥ 0. */
export function angle(y: bigint, x: bigint): bigint {
  if (y > x) return pi / 2n - angle(x, y);
  // Halved twice, so that the series converges fast.
  let t = div(y, x);
  for (let k = 0; k < 2; k++) t = div(t, one + squareRoot(one + mul(t, t)));
  return 4n * arctanSeries(t);
}

/** Both by the series of e^(ix), after whole turns are taken away. */
export function cosSin(x: bigint): Complex {
  const turns = (x + pi) / (2n * pi);
  return exp({ re: 0n, im: x - turns * 2n * pi });
}

function exp(z: Complex): Complex {
  const size = m.exp(z.re);
  let term: Complex = { re: one, im: 0n };
  let sum = term;
  for (let n = 1n; !negligible(term); n++) {
    term = { re: -mul(term.im, z.im) / n, im: mul(term.re, z.im) / n };
    sum = plus(sum, term);
  }
  return { re: mul(sum.re, size), im: mul(sum.im, size) };
}

/** Products are rounded down, so that a small negative number never becomes 0. */
function negligible({ re, im }: Complex): boolean {
  return re >= -1n && re <= 0n && im >= -1n && im <= 0n;
}

/** H₀ or H₁ of w with Re w > 0 and Im w ≥ 0, times e^(−iw). */
export function hankel(order: 0 | 1, re: number, im: number): { re: number; im: number } {
  const w = { re: m.from(re), im: m.from(im) };
  const half = { re: w.re / 2n, im: w.im / 2n };
  const minusQ = times(half, half);
  const q = { re: -minusQ.re, im: -minusQ.im };
  const nu = BigInt(order);
  let term: Complex = { re: one, im: 0n };
  // ψ(k + 1) + ψ(k + ν + 1)
  let psi = -2n * gamma + (order === 1 ? one : 0n);
  let j = term;
  let y = scaled(term, psi);
  for (let k = 1n; k < 1000n; k++) {
    const next = times(term, q);
    term = { re: next.re / (k * (k + nu)), im: next.im / (k * (k + nu)) };
    psi += one / k + one / (k + nu);
    j = plus(j, term);
    y = plus(y, scaled(term, psi));
  }
  // π Y = 2 ln(w/2) J − (w/2)^ν Σ … − [ν = 1] 2/w
  const power = order === 1 ? half : { re: one, im: 0n };
  j = times(j, power);
  const modulus = mul(half.re, half.re) + mul(half.im, half.im);
  const logarithm = { re: m.ln(modulus) / 2n, im: angle(half.im, half.re) };
  const twice = times(logarithm, j);
  const rest = times(y, power);
  const pole = order === 1 ? { re: div(half.re, modulus), im: -div(half.im, modulus) } : { re: 0n, im: 0n };
  const piY = { re: 2n * twice.re - rest.re - pole.re, im: 2n * twice.im - rest.im - pole.im };
  const h = { re: j.re - div(piY.im, pi), im: j.im + div(piY.re, pi) };
  const unscaled = times(h, times(exp({ re: w.im, im: 0n }), conjugated(cosSin(w.re))));
  return { re: m.toNumber(unscaled.re), im: m.toNumber(unscaled.im) };
}

function plus(a: Complex, b: Complex): Complex {
  return { re: a.re + b.re, im: a.im + b.im };
}

function times(a: Complex, b: Complex): Complex {
  return { re: mul(a.re, b.re) - mul(a.im, b.im), im: mul(a.re, b.im) + mul(a.im, b.re) };
}

function scaled(a: Complex, s: bigint): Complex {
  return { re: mul(a.re, s), im: mul(a.im, s) };
}

function conjugated(a: Complex): Complex {
  return { re: a.re, im: -a.im };
}
