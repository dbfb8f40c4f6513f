/** Tensors that a backend delivers for some cases of a run, and for others of the same kind does not: there they are missing. */
import type { Case } from "../../model/case.ts";
import { type TensorPlace, tensorPlaces } from "../../model/tensors.ts";
import { hasDelays } from "../suite/features.ts";
import { type Part, summed, type Verdict } from "../verdict/verdict.ts";
import type { Prepared } from "./prepare.ts";

/** New verdicts by the number of their case. @param verdicts of the cases, as far as there are any */
export function lackingElsewhere(
  cases: readonly Prepared[],
  verdicts: readonly (Verdict | undefined)[],
): Map<number, Verdict> {
  const delivered = new Map<string, Verdict>();
  const allKinds = verdicts.map((verdict, k) => kindsOf(cases[k]!, verdict));
  for (const [k, verdict] of verdicts.entries())
    for (const [part, kind] of allKinds[k]!)
      if (part.status !== "unjudged" && part.status !== "missing" && !delivered.has(kind))
        delivered.set(kind, verdict!);
  const changed = new Map<number, Verdict>();
  for (const [k, verdict] of verdicts.entries()) {
    const kinds = allKinds[k]!;
    const parts = verdict?.parts.map((part): Part => {
      const other = part.status === "unjudged" ? delivered.get(kinds.get(part) ?? "") : undefined;
      if (!other) return part;
      return {
        ...part,
        status: "missing",
        message: `missing, but delivered for ${other.group}/${other.case}`,
      };
    });
    if (!verdict || !parts?.some((part, n) => part !== verdict.parts[n])) continue;
    const isOpen = verdict.status === "pass" || verdict.status === "undecidable";
    changed.set(k, { ...verdict, parts, ...(isOpen && summed(parts)) });
  }
  return changed;
}

/**
 * The kind of each part that is a tensor. It takes in whatever a backend may have a reason to leave a tensor out for: what
 * the derivative is by, where the loss looks, whether the neurons spike, and whether there is a delay at all. Who knows
 * delays has them under every loss.
 */
function kindsOf({ known }: Prepared, verdict: Verdict | undefined): Map<Part, string> {
  const problem =
    known.kind === "batch" ? known.batch.problem : "problem" in known ? known.problem : undefined;
  if (!problem || !verdict) return new Map();
  const places = tensorPlaces(problem.network);
  return new Map(
    verdict.parts.flatMap((part) => {
      const name = part.name.replace(/^(batches|trials)\[\d+\]\./, "");
      const isTensor = places.has(name) || /^(input_times|spike_times\.)/.test(name);
      return isTensor ? [[part, `${kindOf(name, places.get(name), problem)} ${known.kind}`] as const] : [];
    }),
  );
}

function kindOf(name: string, place: TensorPlace | undefined, problem: Case): string {
  const { network, loss } = problem;
  if (!place) return `${name.split(".", 1)[0]} ${loss.kind}`;
  if (place.kind === "parameter")
    return `${name.slice(name.lastIndexOf(".") + 1)} ${network.populations[place.population]!.model} ${loss.kind}`;
  if (place.kind === "delay" && hasDelays(problem)) return "delay of some";
  return `${place.kind} ${loss.kind}`;
}
