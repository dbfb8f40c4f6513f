/**
 * What a result is held against: the exact solution, or a time-stepped twin, so that nothing of what the step does is taken
 * for a mistake.
 */
import { type Elementary, elementary } from "../../engine/kernel/elementary.ts";
import { solveCase } from "../../engine/solve.ts";
import { solutionResult } from "../../format/solutionResult.ts";
import type { Case } from "../../model/case.ts";
import type { Population } from "../../model/network.ts";
import type { Simulation, Solution } from "../../model/solution.ts";
import { eventsOf } from "../step/trajectory.ts";
import type { Convention } from "../twin/convention.ts";
import { delayOf, type Grid, gridOf } from "../twin/grid.ts";
import { flow, membraneOf, type State } from "../twin/membrane.ts";
import { solveTwin, type TwinSolution, twinResult } from "../twin/twin.ts";
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
    jumps: exactJumps(problem, solution),
    numbers: solutionResult(problem, solution),
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

function exactJumps({ network, loss }: Case, { spikes, slopes, gradients }: Solution): Jump[] {
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

/** A spike is the same if it has the same step. @throws ConfigError as `solveTwin` */
export async function twinStandard(
  problem: Case,
  convention: Convention,
  dt: number,
  nearness = dt / 4,
): Promise<Standard> {
  const twin = await solveTwin(problem, { convention, dt });
  const grid = gridOf(problem, convention, dt, "f64", await elementary());
  return {
    spikes: twin.spikes,
    exactSpikes: (await solveCase(problem)).spikes,
    nearness,
    stateAt: (spikes, population, neuron, time) => {
      const p = problem.network.populations.indexOf(population);
      // A result's spike may lie anywhere.
      const step = Math.min(Math.max(Math.round(time / dt), 0), grid.steps - 1);
      return stateInStep(grid, spikes, p, neuron, step);
    },
    jumps: problem.loss.kind === "none" ? [] : twinJumps(twin),
    numbers: twinResult(problem, twin, "f64", dt),
  };
}

function twinJumps({ spikes, jumps }: TwinSolution): Jump[] {
  return Object.entries(spikes)
    .flatMap(([population, { times, neurons }]) => {
      const { slopes, lambdas } = jumps[population]!;
      return Array.from(times, (time, index): Jump => {
        const [slope, lambdaV] = [slopes[index]!, lambdas[index]!];
        return {
          population,
          index,
          neuron: neurons[index]!,
          time,
          slope,
          derivative: slope * lambdaV,
          lambdaV,
        };
      });
    })
    .sort((x, y) => y.time - x.time);
}

/**
 * State of one neuron at the end of a step, before a reset in it, if the spikes of the whole network are right. Spikes that
 * lie between steps belong to the nearest.
 */
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
  const { projections, populations, inputSteps, problem, dt, steps } = grid;
  const { zeroOut, zeroOutDelayed } = grid.convention;
  const arrivals = new Float64Array(last + 1);
  for (const projection of projections) {
    if (projection.to !== p) continue;
    const arrive = (source: number, step: number) => {
      const synapse = neuron * projection.pre + source;
      const delay = delayOf(projection, synapse);
      const at = step + delay;
      const cleared = zeroOutDelayed && zeroOut && delay > 0 && at === steps - 1;
      if (at <= last && !cleared) arrivals[at]! += projection.weight[synapse]!;
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
