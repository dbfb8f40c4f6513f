/** One entry of an adjoint by its name. */
import type { Adjoint } from "./adjoint.ts";
import { type Entry, populationAt } from "./differences.ts";
import type { ExactCase } from "./exactCase.ts";

export function derivativeOf(exact: ExactCase, found: Adjoint, entry: Entry): bigint {
  switch (entry.of) {
    case "weight":
    case "delay": {
      const { preCount } = exact.projections[entry.projection]!;
      return found.projections[entry.projection]![entry.of][entry.post * preCount + entry.pre]!;
    }
    case "inputTime":
      return found.inputTimes[entry.index]!;
    case "spikeTime":
      return found.spikeTimes[populationAt(exact, entry.population)]![entry.index]!;
    default:
      return found.populations[populationAt(exact, entry.population)]![entry.of][entry.neuron]!;
  }
}
