/** What a result has not, or not in readable form, of what its case asks for: for results that have no reference. */

import type { Result } from "../../format/result.ts";
import type { Case } from "../../model/case.ts";
import { tensorNames } from "../../model/tensors.ts";
import { malformed } from "../malformed.ts";
import type { Part } from "../verdict.ts";

/** The first such part. */
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
  for (const name of tensorNames(problem.network)) {
    const tensor = gradients.tensors.get(name);
    if (!wanted(name)) continue;
    if (!tensor) return missing(name, "is missing; leave tensors out with --tensors");
    if (tensor.values.some((value) => !Number.isFinite(value)))
      return missing(name, "has a number that is not finite");
  }
  return undefined;
}
