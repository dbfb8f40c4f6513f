/** A backend's results for two related cases against each other. */

import type { Result } from "../../format/result.ts";
import type { Case } from "../../model/case.ts";
import { compareResult } from "../compare.ts";
import type { ClassChoice } from "../references.ts";
import { type Nearness, resultReference } from "../resultReference.ts";
import type { Part } from "../verdict.ts";
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
