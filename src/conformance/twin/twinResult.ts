/** A twin's solution as a result in memory: of a gradient, what twins compute. */

import { version } from "../../base/version.ts";
import type { Result } from "../../format/result.ts";
import { foundResult } from "../../format/solutionResult.ts";
import type { Tensor } from "../../format/tensor.ts";
import type { Case } from "../../model/case.ts";
import type { Precision } from "../../model/solution.ts";
import type { TwinGradients, TwinTrial } from "./twin.ts";

export function twinResult(
  problem: Case,
  twin: TwinTrial & Partial<TwinGradients>,
  precision: Precision,
  dt: number,
): Result {
  const by = { backend: `goldspike ${version} twin ${dt} ms`, precision };
  return foundResult(problem, twin, twinTensors(problem, twin.projections ?? []), by);
}

/** By the names and shapes of a result file. */
export function twinTensors({ network }: Case, gradients: TwinGradients["projections"]): Map<string, Tensor> {
  return new Map(
    gradients.flatMap((gradient, k) => {
      const post = network.populations.find(({ name }) => name === network.projections[k]!.to)!.size;
      return (["weight", "delay"] as const).map((kind): [string, Tensor] => {
        const values = Float64Array.from(gradient[kind]);
        return [`projections[${k}].${kind}`, { shape: [post, values.length / post], values }];
      });
    }),
  );
}
