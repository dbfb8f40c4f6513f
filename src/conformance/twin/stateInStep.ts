/** One neuron on the grid, the spikes of the whole network given: what its state is if they are right. */
import type { Simulation } from "../../model/solution.ts";
import type { State } from "../step/membrane.ts";
import { delayOf } from "./forward.ts";
import type { Grid } from "./grid.ts";

/** At the end of the step, before a reset in it. Spikes that lie between steps belong to the nearest. */
export function stateInStep(
  grid: Grid,
  spikes: Simulation["spikes"],
  p: number,
  neuron: number,
  step: number,
): State {
  const { population, decayV, decayI, fromI, drive } = grid.populations[p]!;
  const arrivals = arrivalsOf(grid, spikes, p, neuron, step);
  const resets = resetsOf(grid, spikes[population.name], neuron);
  let [v, i] = [population.v0[neuron]!, population.i0[neuron]!];
  for (let n = 0; n <= step; n++) {
    i = (grid.convention.zeroOut && n === grid.steps - 1 ? 0 : i) + arrivals[n]!;
    v = decayV[neuron]! * v + fromI[neuron]! * i + drive[neuron]!;
    i *= decayI[neuron]!;
    if (n < step && resets.has(n)) v = population.reset[neuron]!;
  }
  return { v, i };
}

/** What is added to the neuron's current at the start of each step up to `last`. */
function arrivalsOf(
  grid: Grid,
  spikes: Simulation["spikes"],
  p: number,
  neuron: number,
  last: number,
): Float64Array {
  const { projections, populations, inputSteps, problem, dt } = grid;
  const arrivals = new Float64Array(last + 1);
  for (const projection of projections) {
    if (projection.to !== p) continue;
    const arrive = (source: number, step: number) => {
      const synapse = neuron * projection.pre + source;
      const at = step + delayOf(projection, synapse);
      if (at <= last) arrivals[at]! += projection.weight[synapse]!;
    };
    if (projection.from < 0)
      for (const [k, source] of problem.input.sources.entries()) arrive(source, inputSteps[k]!);
    else {
      const { times, neurons } = spikes[populations[projection.from]!.population.name]!;
      for (const [k, source] of neurons.entries()) arrive(source, Math.round(times[k]! / dt) + 1);
    }
  }
  return arrivals;
}

/** In which steps the neuron spikes. */
function resetsOf({ dt }: Grid, own: Simulation["spikes"][string] | undefined, neuron: number): Set<number> {
  const steps = new Set<number>();
  for (const [k, time] of (own?.times ?? []).entries())
    if (own!.neurons[k] === neuron) steps.add(Math.round(time / dt));
  return steps;
}
