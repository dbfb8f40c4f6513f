/** The result format `goldspike/result@1`. */

import { KernelError } from "../base/errors.ts";
import { pathText } from "../base/parseWith.ts";
import type { Case } from "../model/case.ts";
import type { ClosestGraze, Precision, Solution } from "../model/solution.ts";
import type { JsonTree } from "./jsonChunks.ts";
import { resultJson } from "./resultJson.ts";
import { solutionResult } from "./solutionResult.ts";

/**
 * What a result file holds, for `jsonChunks` to write. Times in ms; weight and delay gradients as [post][pre]. A case
 * without a loss has no `loss`, `readout` and `gradients`.
 *
 * @throws KernelError if a number is not finite, which JSON could not hold
 */
export function resultOf(problem: Case, solution: Solution, precision: Precision): JsonTree {
  const { slopes, closestGraze } = solution;
  const result = {
    ...resultJson(problem.network, solutionResult(problem, solution, precision)),
    diagnostics: {
      slopes: { ...slopes },
      ...(closestGraze === undefined ? {} : { closest_graze: grazeJson(closestGraze) }),
    },
  };
  requireFinite(result, []);
  return result;
}

function grazeJson({ population, neuron, time, margin }: ClosestGraze): JsonTree {
  return { population, neuron, time, margin };
}

/** `path` leads to `tree`; one array for the whole walk. */
function requireFinite(tree: JsonTree, path: PropertyKey[]): void {
  if (typeof tree === "string") return;
  if (typeof tree === "number") {
    if (Number.isFinite(tree)) return;
    throw new KernelError(
      `${pathText(path)} came out as ${tree}: values too large or too small for the precision`,
    );
  }
  if (tree instanceof Float64Array || tree instanceof Int32Array) {
    const first = tree.findIndex((value) => !Number.isFinite(value));
    if (first >= 0) requireFinite(tree[first]!, [...path, first]);
    return;
  }
  for (const [key, entry] of Array.isArray(tree) ? tree.entries() : Object.entries(tree)) {
    path.push(key);
    requireFinite(entry, path);
    path.pop();
  }
}
