/**
 * What differential equations have for solutions, by Taylor's series in fixed point with more digits than the oracle's: with
 * neither an exponential nor a quotient of differences, nor a rule.
 */
import { expect } from "vitest";
import { arithmetic } from "../../src/oracle/simulate/fixed.ts";
import { createDraw } from "./recipes/draw.ts";

/** The oracle's. */
export const m = arithmetic();
export const bits = 320n;
export const unit = 1n << bits;
const wider = bits - BigInt(m.bits);
export const fine = (x: bigint): bigint => x << wider;
export const times = (x: bigint, y: bigint): bigint => (x * y) >> bits;

/** A number, or 1 if it is less, is this many times what it may be off by. */
const digits = 10n ** 36n;

export function expectNear(
  found: Readonly<Record<string, bigint>>,
  wanted: Readonly<Record<string, bigint>>,
  about: string,
): void {
  for (const [name, value] of Object.entries(wanted)) {
    const off = fine(found[name]!) - value;
    const size = value > unit ? value : -value > unit ? -value : unit;
    expect(
      (off < 0n ? -off : off) * digits < size,
      `${name}, ${about}: off by ${Number(off) / 2 ** 320}`,
    ).toBe(true);
  }
}

/** dx/dt of each variable: factors of others. */
type Linear<Name extends string> = Readonly<Record<Name, Partial<Readonly<Record<NoInfer<Name>, bigint>>>>>;

/** x(length) by Taylor's series, in steps that no factor's product with is above 1. */
export function solve<Name extends string>(
  system: Linear<Name>,
  start: Readonly<Record<Name, bigint>>,
  length: bigint,
): Record<Name, bigint> {
  const names = Object.keys(system) as Name[];
  const rows = names.map((name) =>
    (Object.entries(system[name]) as [Name, bigint][]).map(
      ([other, factor]) => [names.indexOf(other), factor] as const,
    ),
  );
  let largest = unit;
  for (const [, factor] of rows.flat()) {
    const size = factor < 0n ? -factor : factor;
    if (size > largest) largest = size;
  }
  const count = times(largest, length) / unit + 1n;
  const step = length / count;
  let x = names.map((name) => start[name]);
  for (let k = 0n; k < count; k += 1n) {
    // What is left over by the division is the last step's.
    const own = k + 1n === count ? length - step * k : step;
    const sums = [...x];
    let terms = x;
    for (let n = 1n; terms.some((term) => term > 1n || term < -1n); n += 1n) {
      const derivatives = rows.map((row) =>
        row.reduce((sum, [other, factor]) => sum + times(factor, terms[other]!), 0n),
      );
      terms = derivatives.map((derivative) => times(derivative, own) / n);
      for (const [place, term] of terms.entries()) sums[place]! += term;
    }
    x = sums;
  }
  return Object.fromEntries(names.map((name, place) => [name, x[place]!])) as Record<Name, bigint>;
}

export interface Constants {
  readonly tauMem: number;
  readonly tauSyn: number;
}

/** Pairs far apart, equal, and nearly equal by all powers of two. */
export const constants: readonly Constants[] = (() => {
  const { between } = createDraw(1501);
  const drawn = Array.from({ length: 16 }, () => ({ tauMem: between(0.5, 40), tauSyn: between(0.5, 40) }));
  const equal = Array.from({ length: 4 }, () => between(0.5, 40)).map((tau) => ({
    tauMem: tau,
    tauSyn: tau,
  }));
  const near = Array.from({ length: 26 }, (_, k) => {
    const tauMem = between(0.5, 40);
    return { tauMem, tauSyn: tauMem * (1 + (k % 2 ? -1 : 1) * 2 ** -(2 * k + 1)) };
  });
  const ratios = [
    { tauMem: 10, tauSyn: 5 },
    { tauMem: 0.1, tauSyn: 100 },
    { tauMem: 100, tauSyn: 0.1 },
  ];
  return [...drawn, ...equal, ...near, ...ratios];
})();

export const about = ({ tauMem, tauSyn }: Constants) => `tau_mem ${tauMem}, tau_syn ${tauSyn}`;

export function dynamicsOf({ tauMem, tauSyn }: Constants) {
  return { a: m.div(m.one, m.from(tauMem)), c: m.div(m.one, m.from(tauSyn)), bias: 0n };
}
