/** Which trials have spikes and gradients that are defined and well conditioned. */
import type { Case } from "../../src/case/case.ts";
import { Engine, type Precision } from "../../src/engine.ts";
import { KernelError } from "../../src/errors.ts";
import type { Simulation } from "../../src/solution.ts";
import { withTargets } from "./arbitraryLosses.ts";

/** No maximum of V comes this close to its threshold. */
export const leastMargin = 1e-3;
/** 1/ms; the error of a spike's time is that of V divided by its slope. */
export const leastSlope = 0.01;
/** More spikes than this in so short a trial are those of a network that runs away. */
export const mostEvents = 400;

export function isWellConditioned({ closestGraze, slopes }: Simulation): boolean {
  const all = Object.values(slopes).flatMap((values) => Array.from(values));
  const margin = closestGraze?.margin ?? Number.POSITIVE_INFINITY;
  return margin > leastMargin && all.every((slope) => slope > leastSlope);
}

export function spikeCount({ spikes }: Simulation): number {
  return Object.values(spikes).reduce((sum, { times }) => sum + times.length, 0);
}

export function engineFor(problem: Case, precision: Precision = "f64", maxEvents = mostEvents): Promise<Engine> {
  const { network, duration, input } = problem;
  return Engine.create(network, { precision, duration, maxInputSpikes: input.times.length, maxEvents });
}

/** An engine and the problem, targets of spike times given; undefined if the trial is to be left alone. */
export async function prepare(problem: Case): Promise<{ engine: Engine; problem: Case } | undefined> {
  const engine = await engineFor(problem);
  try {
    engine.evaluate(problem.input, { kind: "none" });
  } catch (error) {
    if (error instanceof KernelError) return undefined;
    throw error;
  }
  const simulation = engine.simulation();
  if (!isWellConditioned(simulation)) return undefined;
  return { engine, problem: withTargets(problem, simulation.spikes) };
}
