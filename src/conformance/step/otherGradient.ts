/** Where a convention's gradient does not become the exact one, however small its steps. */
import type { Case } from "../../model/case.ts";
import { lossPopulation } from "../../model/losses.ts";
import type { Convention } from "../twin/convention.ts";

/** The reason; undefined if it does, peaks that an arrival ends apart (`cutPeak`). */
export function otherGradient(problem: Case, convention: Convention): string | undefined {
  const { populations } = problem.network;
  if (convention.jump === "threshold" && populations.some(({ reset }) => reset.some((v) => v !== 0)))
    return "the convention's jump has the threshold where threshold - reset belongs";
  if (scaleTaus(problem, convention) > 1)
    return "readouts of different time constants: the convention's gradient is no one gradient";
  return undefined;
}

/** How many different scales the convention has in the readouts of a case. */
function scaleTaus({ network, loss }: Case, { scale }: Convention): number {
  if (scale === "declared" || !("target" in loss) || loss.kind === "first_spike") return 1;
  return new Set(lossPopulation(network, loss)?.tauMem).size;
}
