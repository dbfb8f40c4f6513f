/**
 * Divided differences of e^x in high precision, by a way of their own: they are the corner of the exponential of a
 * bidiagonal matrix (G. Opitz, "Steigungsmatrizen", ZAMM 44, 1964). No subtraction of near values occurs, however close
 * the points are, since every entry of that exponential is positive.
 */
import { arithmetic } from "../../../src/oracle/simulate/fixed.ts";
import { Precise } from "./precise.ts";

const m = arithmetic(77);
type Matrix = bigint[][];

/** exp[−p₀, …, −pₙ], of any real numbers p in any order. */
export function differenceAt(p: readonly Precise[]): Precise {
  const least = p.reduce((a, b) => (a.minus(b).n < 0n ? a : b));
  const diagonal = p.map((point) => least.minus(point).fixed());
  let spread = 0n;
  for (const point of diagonal) if (point < spread) spread = point;
  // Scaled until the diagonal is below 1/16 and the other entries are at most that.
  const halvings = Math.max(0, (-spread).toString(2).length - m.bits) + 4;
  let corner = exponential(diagonal, BigInt(halvings));
  for (let k = 0; k < halvings; k++) corner = product(corner, corner);
  return least
    .negated()
    .exp()
    .times(new Precise(corner[0]!.at(-1)!, -m.bits));
}

function exponential(diagonal: readonly bigint[], halvings: bigint): Matrix {
  const size = diagonal.length;
  const of = (entry: (i: number, j: number) => bigint): Matrix =>
    Array.from({ length: size }, (_, i) => Array.from({ length: size }, (_, j) => entry(i, j)));
  const matrix = of((i, j) => (j === i ? diagonal[i]! : j === i + 1 ? m.one : 0n) >> halvings);
  let term = of((i, j) => (i === j ? m.one : 0n));
  let sum = term;
  for (let k = 1n; k < 44n; k += 1n) {
    const grown = product(term, matrix);
    term = of((i, j) => grown[i]![j]! / k);
    sum = of((i, j) => sum[i]![j]! + term[i]![j]!);
  }
  return sum;
}

/** Of upper triangular matrices. */
function product(a: Matrix, b: Matrix): Matrix {
  return a.map((row, i) =>
    row.map((_, j) => {
      let sum = 0n;
      for (let k = i; k <= j; k++) sum += row[k]! * b[k]![j]!;
      return sum >> BigInt(m.bits);
    }),
  );
}
