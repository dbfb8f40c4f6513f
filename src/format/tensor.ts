/** Numbers of any shape, from nested arrays or raw files, without any opinion yet on what they should be. */

import { ConfigError } from "../base/errors.ts";
import { shown } from "../base/parseWith.ts";
import { blobSchema } from "./arraySchemas.ts";
import { type ArraySource, readBlob } from "./arrays.ts";

/** Values in C order. */
export interface Tensor {
  readonly shape: readonly number[];
  readonly values: Float64Array;
}

/** Larger shapes are refused before memory is taken for them. */
const mostValues = 2 ** 27;

/**
 * A tensor as JSON has it. Entries need not be finite: JSON has no NaN, but raw files do.
 *
 * @param path of `raw`, in JSON; starts messages
 * @throws ConfigError one line: not an array of numbers, rows of different lengths, or a raw file that does not fit
 */
export function readTensor(raw: unknown, path: string, from: ArraySource): Tensor {
  if (!Array.isArray(raw)) {
    const { data: blob } = blobSchema.safeParse(raw);
    if (!blob) throw new ConfigError(`${path}: expected an array or {file, dtype, shape}, got ${shown(raw)}`);
    const count = blob.shape.reduce((product, length) => product * length, 1);
    if (count > mostValues)
      throw new ConfigError(`${path}: expected at most ${mostValues} numbers, got ${count}`);
    return { shape: blob.shape, values: readBlob(blob, [path], from) };
  }
  const shape = shapeOf(raw);
  const values = new Float64Array(shape.reduce((product, length) => product * length, 1));
  fill(raw, shape, values, 0, path);
  return { shape, values };
}

/** By the first entries; `fill` sees whether the others are the same. */
function shapeOf(raw: readonly unknown[]): number[] {
  const [first] = raw;
  return Array.isArray(first) ? [raw.length, ...shapeOf(first)] : [raw.length];
}

/** Returns where the next value goes. */
function fill(
  raw: unknown,
  shape: readonly number[],
  values: Float64Array,
  at: number,
  path: string,
): number {
  const [length, ...rest] = shape;
  if (length === undefined) {
    if (typeof raw !== "number") throw new ConfigError(`${path}: expected a number, got ${shown(raw)}`);
    values[at] = raw;
    return at + 1;
  }
  if (!Array.isArray(raw) || raw.length !== length)
    throw new ConfigError(`${path}: expected ${length} entries as in the rows before, got ${shown(raw)}`);
  let next = at;
  for (const [k, entry] of raw.entries()) next = fill(entry, rest, values, next, `${path}[${k}]`);
  return next;
}

/** √Σ x². */
export function norm(values: Iterable<number>): number {
  let [largest, sum] = [0, 0];
  for (const value of values) largest = Math.max(largest, Math.abs(value));
  if (largest === 0 || !Number.isFinite(largest)) return largest;
  for (const value of values) sum += (value / largest) ** 2;
  return largest * Math.sqrt(sum);
}
