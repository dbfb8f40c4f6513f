/** The gradients of a case as flat tensors with the names of their place in a result. */
import type { Adjoint } from "./adjoint.ts";
import { type ExactCase, neuronParameters } from "./exactCase.ts";
import { snakeCase } from "./keys.ts";

/** Names such as `projections[0].weight`, `populations.hidden.tau_mem`, `input_times`, `spike_times.hidden`. */
export type Tensors = Readonly<Record<string, readonly bigint[]>>;

export function tensorsOf({ populations }: ExactCase, found: Adjoint): Tensors {
  const tensors: Record<string, readonly bigint[]> = {};
  for (const [k, { weight, delay }] of found.projections.entries()) {
    tensors[`projections[${k}].weight`] = weight;
    tensors[`projections[${k}].delay`] = delay;
  }
  for (const [p, { name, model }] of populations.entries())
    for (const parameter of neuronParameters)
      if (model === "lif" || (parameter !== "threshold" && parameter !== "reset"))
        tensors[`populations.${name}.${snakeCase[parameter]}`] = found.populations[p]![parameter];
  tensors["input_times"] = found.inputTimes;
  for (const [p, { name, model }] of populations.entries())
    if (model === "lif") tensors[`spike_times.${name}`] = found.spikeTimes[p]!;
  return tensors;
}
