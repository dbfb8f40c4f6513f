/** Where the kernel cuts a series off, what is left out stays below the number that its comment states. */
import { readFileSync } from "node:fs";
import { Decimal } from "decimal.js";
import { expect, test } from "vitest";

const D = Decimal.clone({ precision: 60 });

function factorial(n: number): Decimal {
  return Array.from({ length: n }, (_, k) => k + 1).reduce((product, k) => product.times(k), new D(1));
}

/** Σ term(n) over n = from, from + step, … for as long as it matters. */
function sum(from: number, step: number, term: (n: number) => Decimal): Decimal {
  let total = new D(0);
  for (let k = 0; k < 100; k++) total = total.plus(term(from + k * step));
  return total;
}

/** Σ_{n ≥ from} x^n/n! */
const exponential = (x: number, from: number) => sum(from, 1, (n) => new D(x).pow(n).div(factorial(n)));
/** Of e^x, as a share of it, without the terms from x^from on. */
const ofExp = (x: number, from: number) => exponential(x, from).div(new D(x).exp());
/** Of φ₂(−y) = Σ (−y)^n/(n+2)!, as a share of it, without the terms from n = from on. */
function ofPhi2(y: number, from: number): Decimal {
  const terms = (first: number) => sum(first, 1, (n) => new D(-y).pow(n).div(factorial(n + 2)));
  return terms(from).div(terms(0));
}
/** Of Σ (−1)^n x^(2n + odd)/(2n + odd)! without the terms from x^from on. */
const circular = (x: number, from: number) =>
  sum(from, 2, (n) =>
    new D(x)
      .pow(n)
      .div(factorial(n))
      .times((n >> 1) % 2 ? -1 : 1),
  );
/** Of 2 artanh(s)/s = Σ 2 s^(2n)/(2n + 1), s = f/(2 + f), without the terms from n = from on. */
const artanh = (f: number, from: number) =>
  sum(from, 1, (n) =>
    new D(f)
      .div(new D(f).plus(2))
      .pow(2 * n)
      .times(2)
      .div(2 * n + 1),
  );
const arctan = (x: number, from: number) =>
  sum(from, 2, (n) =>
    new D(x)
      .pow(n)
      .div(n)
      .times(((n - 1) >> 1) % 2 ? -1 : 1),
  );

test.each<[file: string, says: string, bound: number, truncations: Decimal[]]>([
  ["exp", "Truncation below 7e-18 of e^r", 7e-18, [ofExp(0.35, 14), ofExp(-0.35, 14)]],
  ["exp_lanes", "truncation below 7e-18 of e^r", 7e-18, [ofExp(0.35, 14), ofExp(-0.35, 14)]],
  ["exp_lanes", "to r^5 in f32 (8e-9)", 8e-9, [ofExp(0.35, 8), ofExp(-0.35, 8)]],
  ["exp_lanes", "truncation below 7e-18 relative", 7e-18, [ofPhi2(0.5, 14)]],
  ["exp_lanes", "to y^7 in f32 (3e-9)", 3e-9, [ofPhi2(0.5, 8)]],
  ["phi", "truncation below 5e-18 relative", 5e-18, [ofPhi2(0.125, 10), ofPhi2(-0.125, 10)]],
  ["phi", "truncation below 2e-18 relative", 2e-18, [ofPhi2(1, 18)]],
  ["log", "truncation below 2e-18", 2e-18, [artanh(Math.SQRT2 - 1, 11), artanh(Math.SQRT1_2 - 1, 11)]],
  ["trig", "truncation below 1e-19", 1e-19, [circular(Math.PI / 4 + 1e-6, 19)]],
  ["trig", "truncation below 1e-20", 1e-20, [circular(Math.PI / 4 + 1e-6, 20)]],
  ["trig", "truncation below 5e-19", 5e-19, [arctan(1 / 3, 37)]],
])("maths/%s.ts: %s", (file, says, bound, truncations) => {
  expect(readFileSync(new URL(`../../assembly/maths/${file}.ts`, import.meta.url), "utf8")).toContain(says);
  for (const truncation of truncations) {
    expect(truncation.abs().toNumber()).toBeLessThan(bound);
    // A bound of another size says nothing.
    expect(truncation.abs().toNumber()).toBeGreaterThan(bound / 20);
  }
});
