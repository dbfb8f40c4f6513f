/** Two cases whose results must agree although nobody knows the numbers, and whether those of a backend do. */
import type { Result } from "../../format/result.ts";
import type { Tensor } from "../../format/tensor.ts";
import type { Case } from "../../model/case.ts";
import { tensorNames } from "../../model/tensors.ts";
import { compareResult } from "../compare/compare.ts";
import type { Demand } from "../compare/comparison.ts";
import { unjudged } from "../compare/numberParts.ts";
import { malformed } from "../compare/spikes.ts";
import { type ClassChoice, type Nearness, resultReference } from "../reference/references.ts";
import type { Part } from "../verdict/verdict.ts";

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

/** What rounding in another order may do: far more than it does, and far less than a mistake. */
const shares = { f64: 1e-8, f32: 1e-3 } as const;

/** By how much more than the numbers of a case a number that hangs on them moves, relative, where nobody has computed it. */
const usual = 64;

export function relate(
  problem: Case,
  relation: Relation,
  result: Result,
  related: Result,
  choice: ClassChoice,
  { wanted, needed = wanted }: Demand,
): Part[] {
  const restored = relation.restore(related, problem);
  const reference = resultReference(result, nearnessOf(problem, choice));
  const parts = compareResult(reference, restored, { wanted, factors: [] });
  const names = problem.loss.kind === "none" ? [] : tensorNames(problem.network);
  const others = names.filter((name) => wanted(name) && !needed(name) && !reference.gradients.has(name));
  return [...parts, ...others.map(unjudged)];
}

function nearnessOf({ duration }: Case, { name, precision, dt, rtol = 0 }: ClassChoice): Nearness {
  const onGrid = name === "T4" || name === "T5";
  const single = name === "T3" || (onGrid && precision === "f32");
  const share = (single ? shares.f32 : shares.f64) + usual * rtol;
  // On a grid a spike is the same if it has the same step.
  return { milliseconds: onGrid ? dt / 4 : share * 1e-2 * duration, share };
}

/** The first part that a result has not, or not in readable form, of what its case asks for. */
export function lackingPart(
  problem: Case,
  { spikes, loss, gradients, unreadable }: Result,
  { wanted, needed = wanted }: Demand,
): Part | undefined {
  const missing = (name: string, message = "is missing"): Part => ({ name, status: "missing", message });
  for (const [name, reason] of [...unreadable, ...gradients.unreadable]) return missing(name, reason);
  for (const { name, model } of problem.network.populations) {
    const found = spikes.get(name);
    if (model === "li") continue;
    if (!found) return missing(`spikes.${name}`);
    const wrong = malformed(found);
    if (wrong) return missing(`spikes.${name}`, wrong);
  }
  if (problem.loss.kind === "none") return undefined;
  if (loss === undefined) return missing("loss");
  const names = tensorNames(problem.network).filter(wanted);
  if (names.length > 0 && gradients.tensors.size === 0)
    return missing("gradients", `expected at least one of ${names.length} tensors, got none`);
  for (const name of names) {
    const tensor = gradients.tensors.get(name);
    if (!tensor && needed(name)) return missing(name);
    if (tensor?.values.some((value) => !Number.isFinite(value)))
      return missing(name, "has a number that is not finite");
  }
  return undefined;
}
