/** Two cases whose results must agree although nobody knows the numbers. */

import type { Result } from "../../format/result.ts";
import type { Tensor } from "../../format/tensor.ts";
import type { Case } from "../../model/case.ts";

export interface Relation {
  /** The related case. @throws ConfigError it does not apply to the case */
  change(problem: Case): Case;
  /** What the original's result must be, by the result of the related case. */
  restore(result: Result, problem: Case): Result;
  /** Whether it holds on a grid of time steps. */
  readonly onGrid: boolean;
}

/** A result with other spikes and tensors. */
export function withParts(
  result: Result,
  { spikes, tensors }: { spikes?: Result["spikes"]; tensors?: ReadonlyMap<string, Tensor> },
): Result {
  return {
    ...result,
    ...(spikes && { spikes }),
    ...(tensors && { gradients: { ...result.gradients, tensors } }),
  };
}

export function mapTensors(
  { gradients }: Result,
  of: (tensor: Tensor, name: string) => Tensor | undefined,
): Map<string, Tensor> {
  const tensors = new Map<string, Tensor>();
  for (const [name, tensor] of gradients.tensors) {
    const mapped = of(tensor, name);
    if (mapped) tensors.set(name, mapped);
  }
  return tensors;
}
