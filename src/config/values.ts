/** Kinds of numbers that configurations hold; each says what it expects. */
import { z } from "zod";

function numberWhere(fits: (value: number) => boolean, expected: string) {
  return z.number().refine(fits, `expected ${expected}`);
}

export const positive = numberWhere((value) => value > 0, "a positive number");
export const notNegative = numberWhere((value) => value >= 0, "a number ≥ 0");
/** [0, 1) */
export const probability = numberWhere((value) => value >= 0 && value < 1, "a number in [0, 1)");
/** (0, 1] */
export const fraction = numberWhere((value) => value > 0 && value <= 1, "a number in (0, 1]");
export const wholeNumber = numberWhere(
  (value) => Number.isSafeInteger(value) && value >= 0,
  "an integer ≥ 0",
);
export const seed = numberWhere(
  (value) => Number.isInteger(value) && value >= 0 && value < 2 ** 32,
  "an integer from 0 to 4294967295",
);
