/** One tensor of a case that has a gradient, with what perturbing one of its entries needs to know. */
import type { Case } from "../model/case.ts";

export interface Tensor {
  /** Its JSON path, or population and parameter. */
  readonly name: string;
  readonly values: Float64Array;
  readonly gradient: Float64Array;
  /** How much entry k changes where something changes; the step is a small fraction of it. Same unit as the entry. */
  scale(k: number): number;
  /** Whether entry k may have this value, all other entries as they are. */
  allows(k: number, value: number): boolean;
  /** Where entry k is within the tensor, e.g. `[3][17]`. */
  place(k: number): string;
  /** The case with these values in the tensor. */
  withValues(values: Float64Array): Case;
}

export function rootMeanSquare(values: Float64Array): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length);
}

export function smallest(values: Float64Array): number {
  return values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
}
