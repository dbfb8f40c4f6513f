/** What goldspike itself has found as a result in memory, by the names and shapes of a result file. */

import { version } from "../base/version.ts";
import type { Case } from "../model/case.ts";
import { preOf } from "../model/network.ts";
import type { Precision, Solution } from "../model/solution.ts";
import { inputTimesName, spikeTimesName, tensorPlaces } from "../model/tensors.ts";
import type { Result } from "./result.ts";
import type { Tensor } from "./tensor.ts";

/** Of the exact engine. */
export function solutionResult(problem: Case, solution: Solution, precision: Precision = "f64"): Result {
  const backend = `goldspike ${version}`;
  return foundResult(problem, solution, gradientTensors(problem, solution), { backend, precision });
}

/** Of whatever has solved the case; without a loss the tensors do not count. */
export function foundResult(
  { name, loss: { kind } }: Case,
  { spikes, loss, readout }: Pick<Solution, "spikes" | "loss" | "readout">,
  tensors: ReadonlyMap<string, Tensor>,
  by: Pick<Result, "backend" | "precision">,
): Result {
  const hasLoss = kind !== "none";
  return {
    ...by,
    case: name,
    spikes: new Map(
      Object.entries(spikes).map(([population, { times, neurons }]) => [
        population,
        { times, neurons: Float64Array.from(neurons) },
      ]),
    ),
    loss: hasLoss ? loss : undefined,
    readout: hasLoss ? { shape: [readout.length], values: readout } : undefined,
    gradients: { tensors: hasLoss ? tensors : new Map(), unreadable: new Map() },
    unreadable: new Map(),
  };
}

export function gradientTensors({ network }: Case, { gradients }: Solution): Map<string, Tensor> {
  const tensors = new Map<string, Tensor>();
  const add = (name: string, values: Float64Array, columns?: number) => {
    const shape = columns === undefined ? [values.length] : [values.length / columns, columns];
    tensors.set(name, { shape, values });
  };
  for (const [name, place] of tensorPlaces(network)) {
    if (place.kind === "parameter") add(name, gradients.populations[place.population]![place.parameter]!);
    else {
      const pre = preOf(network, network.projections[place.projection]!);
      add(name, gradients.projections[place.projection]![place.kind], pre);
    }
  }
  add(inputTimesName, gradients.inputTimes);
  for (const [name, values] of Object.entries(gradients.spikeTimes)) add(spikeTimesName(name), values);
  return tensors;
}
