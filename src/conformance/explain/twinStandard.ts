/** A time-stepped twin as what a result is held against, so that nothing of what the step does is taken for a mistake. */

import { elementary } from "../../engine/kernel/elementary.ts";
import { solveCase } from "../../engine/solve.ts";
import type { Case } from "../../model/case.ts";
import type { Convention } from "../twin/convention.ts";
import { gridOf } from "../twin/grid.ts";
import { stateInStep } from "../twin/stateInStep.ts";
import { solveTwin, type TwinSolution } from "../twin/twin.ts";
import type { Jump, Standard } from "./standard.ts";

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
    jumps: problem.loss.kind === "none" ? [] : jumpsOf(twin),
  };
}

function jumpsOf({ spikes, jumps }: TwinSolution): Jump[] {
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
