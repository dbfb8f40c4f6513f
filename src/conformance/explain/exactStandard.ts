/** The exact solution as what a result is held against. */

import { type Elementary, elementary } from "../../engine/kernel/elementary.ts";
import { solveCase } from "../../engine/solve.ts";
import type { Case } from "../../model/case.ts";
import type { Population } from "../../model/network.ts";
import type { Simulation, Solution } from "../../model/solution.ts";
import { eventsOf } from "../step/trajectory.ts";
import { flow, membraneOf, type State } from "../twin/membrane.ts";
import type { Jump, Standard } from "./explain.ts";

export async function exactStandard(problem: Case, nearness = 1e-6): Promise<Standard> {
  const solution = await solveCase(problem);
  const functions = await elementary();
  return {
    spikes: solution.spikes,
    exactSpikes: solution.spikes,
    nearness,
    stateAt: (spikes, population, neuron, time) =>
      stateBefore(problem, { spikes }, population, neuron, time, functions),
    jumps: jumpsOf(problem, solution),
  };
}

/** All events before `time` having happened, by the exact flow between them. */
function stateBefore(
  problem: Case,
  simulation: Pick<Simulation, "spikes">,
  population: Population,
  neuron: number,
  time: number,
  functions: Elementary,
): State {
  const membrane = membraneOf(population, neuron);
  let [now, state] = [0, { v: population.v0[neuron]!, i: population.i0[neuron]! } as State];
  for (const event of eventsOf(problem, simulation, population, () => 0)[neuron]!) {
    if (event.time >= time) break;
    const { v, i } = flow(membrane, state, event.time - now, functions);
    state = event.spike >= 0 ? { v: population.reset[neuron]!, i } : { v, i: i + event.weight };
    now = event.time;
  }
  return flow(membrane, state, time - now, functions);
}

function jumpsOf({ network, loss }: Case, { spikes, slopes, gradients }: Solution): Jump[] {
  if (loss.kind === "none") return [];
  const jumps = Object.entries(spikes).flatMap(([population, { times, neurons }]) => {
    const { tauMem } = network.populations.find(({ name }) => name === population)!;
    return Array.from(times, (time, index): Jump => {
      const neuron = neurons[index]!;
      const slope = tauMem[neuron]! * slopes[population]![index]!;
      const derivative = gradients.spikeTimes[population]![index]!;
      return { population, index, neuron, time, slope, derivative, lambdaV: derivative / slope };
    });
  });
  return jumps.sort((x, y) => y.time - x.time);
}
