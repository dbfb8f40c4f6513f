/** Every tensor of a case that has a gradient. */
import type { Case } from "../model/case.ts";
import type { Gradients } from "../model/solution.ts";
import { populationTensors } from "./populationTensors.ts";
import { projectionTensors } from "./projectionTensors.ts";
import { smallest, type Tensor } from "./tensor.ts";

/** Each projection's weight and delay, each population's parameters, then the input times. */
export function tensorsOf(problem: Case, gradients: Gradients): Tensor[] {
  const { populations, projections } = problem.network;
  return [
    ...projections.flatMap((_, index) => projectionTensors(problem, index, gradients.projections[index]!)),
    ...populations.flatMap((_, index) => populationTensors(problem, index, gradients.populations[index]!)),
    inputTimes(problem, gradients.inputTimes),
  ];
}

function inputTimes(problem: Case, gradient: Float64Array): Tensor {
  const { times, sources } = problem.input;
  const shortest = problem.network.populations.map(({ tauMem, tauSyn }) =>
    Math.min(smallest(tauMem), smallest(tauSyn)),
  );
  const scale = Math.min(...shortest);
  return {
    name: "input.times",
    values: times,
    gradient,
    scale: () => scale,
    allows: (_, time) => time >= 0 && time < problem.duration,
    place: (k) => `[${k}]`,
    withValues: (moved) => {
      const order = Array.from(moved.keys()).sort((a, b) => moved[a]! - moved[b]!);
      const input = {
        times: Float64Array.from(order, (k) => moved[k]!),
        sources: Int32Array.from(order, (k) => sources[k]!),
      };
      return { ...problem, input };
    },
  };
}
