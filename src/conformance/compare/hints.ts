/** What a wrong tensor looks like: the reference times a factor that means something, or transposed. */
import { norm, type Tensor } from "../../format/tensor.ts";

/** A number of the case, and what a gradient that is that many times the reference is. */
export interface Factor {
  readonly value: number;
  readonly meaning: string;
}

/** cos > 1 − 1e-6 is √(2e-6) of residual; a factor must fit as well as that. */
const fits = Math.sqrt(2e-6);

/** One sentence if there is something to recognise. */
export function hintOf(reference: Tensor, found: Tensor, factors: readonly Factor[]): string | undefined {
  if (isTransposed(reference, found))
    return "it is the transpose: weights and their gradients are [post][pre]";
  if (reference.values.length !== found.values.length) return undefined;
  const size = norm(reference.values);
  if (!(size > 0)) return undefined;
  if (norm(found.values) === 0) return "it is zero: nothing reaches it";
  let product = 0;
  for (const [k, value] of reference.values.entries()) product += (value / size) * (found.values[k]! / size);
  const residual = norm(found.values.map((value, k) => value - product * reference.values[k]!));
  if (!(residual <= fits * Math.abs(product) * size)) return undefined;
  // Nearly right is no other convention.
  if (Math.abs(product - 1) < 1e-3) return undefined;
  const known = factors.filter(({ value }) => Math.abs(product / value - 1) < 1e-3);
  return known.length > 0
    ? `it is ${known.map(({ meaning }) => meaning).join(", or ")} times the gradient of the declared loss`
    : `it is ${product.toPrecision(6)} times the reference`;
}

/** A matrix that nearly equals its transpose is no sign of either, so the transpose must fit clearly better. */
const clearly = 10;

function isTransposed(reference: Tensor, found: Tensor): boolean {
  const [rows, columns] = reference.shape;
  if (reference.shape.length !== 2 || found.shape.length !== 2 || rows === undefined || columns === undefined)
    return false;
  const reversed = found.shape[0] === columns && found.shape[1] === rows;
  if (!reversed || rows === 1 || columns === 1) return reversed && rows !== columns;
  const transposed = distance(reference, found, (k) => (k % columns) * rows + Math.floor(k / columns));
  if (!(transposed <= 1e-3 * norm(reference.values))) return false;
  return rows !== columns || clearly * transposed < distance(reference, found, (k) => k);
}

/** @param of where the other has what the reference has at k */
function distance(reference: Tensor, found: Tensor, of: (k: number) => number): number {
  return norm(reference.values.map((value, k) => value - found.values[of(k)]!));
}
