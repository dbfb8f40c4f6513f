/** Which trials have spikes and gradients that are defined and well conditioned. */

import { KernelError } from "../../../src/base/errors.ts";
import { Engine } from "../../../src/engine/engine.ts";
import type { Case } from "../../../src/model/case.ts";
import type { Precision, Simulation } from "../../../src/model/solution.ts";
import type { Entry } from "../../../src/oracle/simulate/differences.ts";
import { consult, type Oracle } from "../../oracle/consult.ts";
import { withTargets } from "./arbitraryLosses.ts";

/** No maximum of V comes this close to its threshold. */
const leastMargin = 1e-3;
/** 1/ms; the error of a spike's time is that of V divided by its slope. */
const leastSlope = 0.01;
/** Spikes and delayed deliveries; more in so short a trial are those of a network that runs away. */
export const mostEvents = 2000;

function isWellConditioned({ closestGraze, slopes }: Simulation): boolean {
  const all = Object.values(slopes).flatMap((values) => Array.from(values));
  const margin = closestGraze?.margin ?? Number.POSITIVE_INFINITY;
  return margin > leastMargin && all.every((slope) => slope > leastSlope);
}

function spikeCount({ spikes }: Pick<Simulation, "spikes">): number {
  return Object.values(spikes).reduce((sum, { times }) => sum + times.length, 0);
}

export function engineFor(
  { network, duration, input }: Case,
  precision: Precision = "f64",
  maxEvents = mostEvents,
): Promise<Engine> {
  return Engine.create(network, { precision, duration, maxInputSpikes: input.times.length, maxEvents });
}

/**
 * An engine and the problem, targets of spike times given; undefined if the trial runs away, has more than `mostSpikes`
 * or comes near a graze.
 */
export async function prepare(
  problem: Case,
  mostSpikes = 50,
): Promise<{ engine: Engine; problem: Case; simulation: Simulation } | undefined> {
  const engine = await engineFor(problem);
  try {
    engine.evaluate(problem.input, { kind: "none" });
  } catch (error) {
    if (error instanceof KernelError) return undefined;
    throw error;
  }
  const simulation = engine.simulation({ closestGraze: true });
  if (spikeCount(simulation) > mostSpikes || !isWellConditioned(simulation)) return undefined;
  return { engine, problem: withTargets(problem, simulation.spikes), simulation };
}

/**
 * By how much a derivative changes, as a multiple of itself, if every parameter changes by about as much of itself:
 * what a rounding error of that size may do to it at best.
 */
export function conditionOf(problem: Case, oracle: Oracle, entry: Entry): number {
  const step = 1e-9;
  // Any fixed directions that have nothing to do with the network.
  const vary = (values: Float64Array, salt: number) =>
    values.map((value, k) => value * (1 + step * Math.sin(37 * k + salt)));
  const network = {
    ...problem.network,
    projections: problem.network.projections.map((p, k) => ({ ...p, weight: vary(p.weight, k) })),
    populations: problem.network.populations.map((p, k) => ({
      ...p,
      tauMem: vary(p.tauMem, k + 1),
      tauSyn: vary(p.tauSyn, k + 2),
      threshold: vary(p.threshold, k + 3),
      bias: vary(p.bias, k + 4),
      i0: vary(p.i0, k + 5),
    })),
  };
  const usual = oracle.derivative(entry);
  return Math.abs(consult({ ...problem, network }).derivative(entry) / usual - 1) / step;
}
