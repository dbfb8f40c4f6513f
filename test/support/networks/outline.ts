/** What random networks are drawn from: their outline, and numbers. */
import fc from "fast-check";
import type { LossKind } from "../../../src/model/losses.ts";

/** How many neurons there are of what, and what is to be computed; the numbers are drawn once this is known. */
export interface Outline {
  readonly channels: number;
  readonly layers: readonly number[];
  readonly outputs: number;
  readonly kind: LossKind;
  readonly delays: boolean;
}

/** Name of the only `li` population. */
export const outputName = "output";

/** A number of four decimals, which is hardly ever a short binary fraction. */
export function decimal(low: number, high: number): fc.Arbitrary<number> {
  return fc.integer({ min: Math.round(low * 1e4), max: Math.round(high * 1e4) }).map((n) => n / 1e4);
}

export function list<T>(arbitrary: fc.Arbitrary<T>, length: number): fc.Arbitrary<T[]> {
  return fc.array(arbitrary, { minLength: length, maxLength: length });
}
