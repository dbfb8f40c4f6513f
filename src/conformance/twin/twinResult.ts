/** A twin's solution as a result in memory: of a gradient, what twins compute. */
import type { Case } from "../../case/case.ts";
import type { Precision } from "../../kernel/kernel.ts";
import { version } from "../../version.ts";
import type { Result } from "../result.ts";
import { foundResult } from "../solutionResult.ts";
import type { Tensor } from "../tensor.ts";
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
