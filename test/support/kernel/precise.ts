/** Real numbers of some 70 digits at any magnitude, for measuring errors in ulp: the oracle's fixed point, scaled. */
import { arithmetic } from "../../../src/oracle/simulate/fixed.ts";

const m = arithmetic(77);
const ln2 = m.ln(2n * m.one);
const significantBits = m.bits;

/** n · 2^exponent, exact for doubles; operations are right to about 2^−190 of their result unless they cancel. */
export class Precise {
  readonly n: bigint;
  readonly exponent: number;

  constructor(n: bigint, exponent: number) {
    const excess = n === 0n ? 0 : lengthOf(n) - 2 * significantBits;
    this.n = excess > 0 ? n >> BigInt(excess) : n;
    this.exponent = excess > 0 ? exponent + excess : exponent;
  }

  static of(x: number): Precise {
    if (x === 0) return new Precise(0n, 0);
    if (!Number.isFinite(x)) throw new RangeError(`not a finite number: ${x}`);
    const scale = Math.max(exponentOf(x), -1022) - 52;
    // In two steps, since 2^−scale may overflow.
    const half = Math.trunc(scale / 2);
    return new Precise(BigInt(x * 2 ** -half * 2 ** (half - scale)), scale);
  }

  plus(other: Precise): Precise {
    if (this.n === 0n) return other;
    if (other.n === 0n) return this;
    const [low, high] = this.exponent < other.exponent ? [this, other] : [other, this];
    const gap = high.exponent - low.exponent;
    // Far below the last of the bits kept.
    if (gap > 4 * significantBits + lengthOf(low.n)) return high;
    return new Precise((high.n << BigInt(gap)) + low.n, low.exponent);
  }

  negated(): Precise {
    return new Precise(-this.n, this.exponent);
  }

  minus(other: Precise): Precise {
    return this.plus(other.negated());
  }

  times(other: Precise): Precise {
    return new Precise(this.n * other.n, this.exponent + other.exponent);
  }

  over(other: Precise): Precise {
    const shift = Math.max(0, significantBits + lengthOf(other.n) - lengthOf(this.n));
    return new Precise((this.n << BigInt(shift)) / other.n, this.exponent - shift - other.exponent);
  }

  /** In fixed point, towards −∞. */
  fixed(): bigint {
    const shift = this.exponent + m.bits;
    return shift >= 0 ? this.n << BigInt(shift) : this.n >> BigInt(-shift);
  }

  exp(): Precise {
    const x = this.fixed();
    const power = x / ln2;
    return new Precise(m.exp(x - power * ln2), Number(power) - m.bits);
  }

  /** e^x − 1. */
  expm1(): Precise {
    if (this.magnitude() > -64) return this.exp().minus(Precise.of(1));
    return this.times(series(this.fixed(), [1n, 2n, 6n, 24n, 120n]));
  }

  log(): Precise {
    if (this.minus(Precise.of(1)).n === 0n) return Precise.of(0);
    const power = lengthOf(this.n) + this.exponent;
    const mantissa = new Precise(this.n, this.exponent - power).fixed();
    return new Precise(m.ln(mantissa) + BigInt(power) * ln2, -m.bits);
  }

  /** log(1 + x). */
  log1p(): Precise {
    if (this.magnitude() > -64) return this.plus(Precise.of(1)).log();
    return this.times(series(-this.fixed(), [1n, 2n, 3n, 4n, 5n]));
  }

  /** Exponent of the leading bit. */
  magnitude(): number {
    return this.n === 0n ? Number.NEGATIVE_INFINITY : lengthOf(this.n) + this.exponent - 1;
  }

  /** To about a double's accuracy, rounded to zero below its range. */
  toNumber(): number {
    const excess = Math.max(0, lengthOf(this.n) - 64);
    const exponent = this.exponent + excess;
    const half = Math.trunc(exponent / 2);
    return Number(this.n >> BigInt(excess)) * 2 ** half * 2 ** (exponent - half);
  }
}

/** Σ x^k / divisors[k] of a fixed-point number. */
function series(x: bigint, divisors: readonly bigint[]): Precise {
  let power = m.one;
  let sum = 0n;
  for (const divisor of divisors) {
    sum += power / divisor;
    power = m.mul(power, x);
  }
  return new Precise(sum, -m.bits);
}

function lengthOf(n: bigint): number {
  const digits = (n < 0n ? -n : n).toString(16);
  return 4 * digits.length - Math.clz32(Number.parseInt(digits[0]!, 16)) + 28;
}

function exponentOf(x: number): number {
  const high = new DataView(Float64Array.of(x).buffer).getUint32(4, true);
  const biased = (high >>> 20) & 0x7ff;
  return biased === 0 ? -1022 : biased - 1023;
}

/**
 * |actual − exact| in units of the last place of the exact value, 2^−1074 at least. An infinite `actual` counts as
 * ±2^1024, the first value beyond the doubles; NaN is infinitely wrong.
 */
export function ulpError(actual: number, exact: Precise): number {
  if (Number.isNaN(actual)) return Number.POSITIVE_INFINITY;
  const place = Math.max(Math.min(exact.magnitude(), 1023) - 52, -1074);
  const given = Number.isFinite(actual) ? Precise.of(actual) : new Precise(actual > 0 ? 1n : -1n, 1024);
  const error = given.minus(exact);
  return Math.abs(new Precise(error.n, error.exponent - place).toNumber());
}
