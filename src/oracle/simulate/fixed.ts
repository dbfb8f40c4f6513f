/** Fixed-point real numbers as bigints, x = n / 2^bits: the arithmetic of the oracle. */
import { recent } from "./recent.ts";

export interface Arithmetic {
  /** Fraction bits. Every operation is right to a few units of 2^−bits, whatever the size of its operands. */
  readonly bits: number;
  readonly one: bigint;
  /** Exact for doubles that are multiples of 2^−bits. */
  from(x: number): bigint;
  /** Nearest double. */
  toNumber(x: bigint): number;
  mul(x: bigint, y: bigint): bigint;
  div(x: bigint, y: bigint): bigint;
  exp(x: bigint): bigint;
  /** x > 0. */
  ln(x: bigint): bigint;
}

const guardBits = 32;

export function arithmetic(digits = 50): Arithmetic {
  const bits = 64 * Math.ceil((digits * Math.log2(10)) / 64);
  const shift = BigInt(bits);
  const one = 1n << shift;
  const exponential = createExp(bits + guardBits);
  // Neurons of equal time constants ask for the same exponentials; so do the trials of one difference.
  const known = recent<bigint>(bits);

  const from = (x: number): bigint => {
    if (!Number.isFinite(x)) throw new RangeError(`not a finite number: ${x}`);
    let scaled = x;
    let exponent = bits;
    while (!Number.isInteger(scaled) && exponent > 0) {
      scaled *= 2;
      exponent -= 1;
    }
    return BigInt(Math.trunc(scaled)) << BigInt(exponent);
  };
  const toNumber = (x: bigint): number => Number(x) * 2 ** -bits;
  const mul = (x: bigint, y: bigint): bigint => (x * y) >> shift;
  const div = (x: bigint, y: bigint): bigint => (x << shift) / y;
  const exp = (x: bigint): bigint =>
    known([x], () => exponential(x << BigInt(guardBits)) >> BigInt(guardBits));
  const ln = (x: bigint): bigint => {
    if (x <= 0n) throw new RangeError("logarithm of a number that is not positive");
    let y = from(Math.log(Number(x)) - bits * Math.LN2);
    // Halley's iteration triples the digits: 13 → 39 → 117.
    for (let digits = 13; digits < bits * Math.log10(2); digits *= 3) {
      const e = exp(y);
      y += div(2n * (x - e), x + e);
    }
    return y;
  };
  return { bits, one, from, toNumber, mul, div, exp, ln };
}

/**
 * e^x on numbers of `bits` fraction bits.
 *
 *   e^x = 2^n e^(j/2⁸) e^(k/2¹⁶) e^s,   0 ≤ s < 2⁻¹⁶, the last factor by Taylor's series
 */
function createExp(bits: number): (x: bigint) => bigint {
  const shift = BigInt(bits);
  const one = 1n << shift;
  const ln2 = logarithmOfTwo(shift);
  const coarse = Array.from({ length: 256 }, (_, j) => taylor((one * BigInt(j)) >> 8n, shift));
  const fine = Array.from({ length: 256 }, (_, k) => taylor((one * BigInt(k)) >> 16n, shift));
  const coefficients = [one];
  for (let i = 1n; (coefficients.at(-1) as bigint) >> (16n * i - 16n); i += 1n)
    coefficients.push((coefficients.at(-1) as bigint) / i);

  return (x) => {
    // Truncation towards zero leaves a negative remainder for x < 0; n is the floor.
    const n = x < 0n ? x / ln2 - 1n : x / ln2;
    if (-n > shift) return 0n;
    const rest = x - n * ln2;
    const j = Number(rest >> (shift - 8n));
    const k = Number((rest >> (shift - 16n)) & 255n);
    const s = rest & ((1n << (shift - 16n)) - 1n);
    let series = 0n;
    for (let i = coefficients.length - 1; i >= 0; i--)
      series = ((series * s) >> shift) + (coefficients[i] as bigint);
    const mantissa = (((coarse[j] as bigint) * (fine[k] as bigint)) >> shift) * series;
    return n < 0n ? mantissa >> (shift - n) : (mantissa >> shift) << n;
  };
}

/** Σ x^i / i!, 0 ≤ x ≤ 1. */
function taylor(x: bigint, shift: bigint): bigint {
  let term = 1n << shift;
  let sum = term;
  for (let i = 1n; term > 0n; i += 1n) {
    term = ((term * x) >> shift) / i;
    sum += term;
  }
  return sum;
}

/** ln 2 = 2 artanh(1/3) = 2 Σ 3^−(2k+1) / (2k+1). */
function logarithmOfTwo(shift: bigint): bigint {
  let power = (2n << shift) / 3n;
  let sum = 0n;
  for (let k = 1n; power > 0n; k += 2n) {
    sum += power / k;
    power /= 9n;
  }
  return sum;
}
