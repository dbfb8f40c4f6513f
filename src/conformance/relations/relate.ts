/** A backend's results for two related cases: whether they are complete, and against each other. */
import type { Result } from "../../format/result.ts";
import { tensorNames } from "../../format/tensorNames.ts";
import type { Case } from "../../model/case.ts";
import { compareResult } from "../compare/compare.ts";
import { malformed } from "../compare/spikes.ts";
import type { ClassChoice } from "../reference/references.ts";
import { type Nearness, resultReference } from "../reference/resultReference.ts";
import type { Part } from "../verdict/verdict.ts";
import type { Relation } from "./relation.ts";

/** What rounding in another order may do: far more than it does, and far less than a mistake. */
const shares = { f64: 1e-8, f32: 1e-3 } as const;

export function relate(
  problem: Case,
  relation: Relation,
  result: Result,
  related: Result,
  choice: ClassChoice,
  wanted: (tensor: string) => boolean,
): Part[] {
  const restored = relation.restore(related, problem);
  const reference = resultReference(result, nearnessOf(problem, choice));
  return compareResult(reference, restored, { wanted, factors: [] });
}

function nearnessOf({ duration }: Case, { name, precision, dt }: ClassChoice): Nearness {
  const onGrid = name === "T4" || name === "T5";
  const single = name === "T3" || (onGrid && precision === "f32");
  const share = single ? shares.f32 : shares.f64;
  // On a grid a spike is the same if it has the same step.
  return { milliseconds: onGrid ? dt / 4 : share * 1e-2 * duration, share };
}

/** The first part that a result has not, or not in readable form, of what its case asks for. */
export function lackingPart(
  problem: Case,
  { spikes, loss, gradients, unreadable }: Result,
  wanted: (tensor: string) => boolean,
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
  for (const name of tensorNames(problem)) {
    const tensor = gradients.tensors.get(name);
    if (!wanted(name)) continue;
    if (!tensor) return missing(name, "is missing; leave tensors out with --tensors");
    if (tensor.values.some((value) => !Number.isFinite(value)))
      return missing(name, "has a number that is not finite");
  }
  return undefined;
}
