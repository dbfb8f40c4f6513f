/** Kinds of values that configurations hold; each says what it expects. */
import { z } from "zod";
import { mostNeurons } from "../model/network.ts";

export const positive = z.number().positive("expected a positive number");
export const notNegative = z.number().nonnegative("expected a number ≥ 0");

const below1 = "expected a number in [0, 1)";
/** [0, 1) */
export const probability = z.number().min(0, below1).lt(1, below1);

const upTo1 = "expected a number in (0, 1]";
/** (0, 1] */
export const fraction = z.number().gt(0, upTo1).max(1, upTo1);

/** Times beyond these leave the range of f64 when the kernel squares rates. See `timeComplaint`. */
export const time = positive.min(1e-75).max(1e75);

export function integer(least: number, most: number, expected: string) {
  return z.int(expected).min(least, expected).max(most, expected);
}

/** An integer from 1 to `most`. */
export function count(most = mostNeurons) {
  return integer(1, most, `expected an integer from 1 to ${most}`);
}

export const wholeNumber = integer(0, Number.MAX_SAFE_INTEGER, "expected an integer ≥ 0");
export const seed = integer(0, 2 ** 32 - 1, "expected an integer from 0 to 4294967295");
