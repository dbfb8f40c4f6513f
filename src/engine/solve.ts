/** One call from a problem to its answer. */

import { parseWith } from "../base/parseWith.ts";
import { lossSchema } from "../format/lossSchema.ts";
import { parseLoss } from "../format/parseLoss.ts";
import type { Case } from "../model/case.ts";
import type { Loss } from "../model/loss.ts";
import type { Network, SpikeTrain } from "../model/network.ts";
import type { Precision, Simulation, Solution } from "../model/solution.ts";
import { Engine } from "./engine.ts";

export interface SolveOptions {
  /** Of states, weights and gradients; default f64. Times are f64 in either. */
  readonly precision?: Precision;
  /** Most network spikes and delayed deliveries before a KernelError; default 2²⁰. */
  readonly maxEvents?: number;
}

/**
 * Spikes of one trial of `duration` ms, exact in continuous time.
 *
 * @param network from `buildNetwork` or `parseCase`
 * @throws ConfigError if the input's times are not ascending in [0, duration) or a source is no channel
 * @throws KernelError if the event budget is used up
 */
export async function simulate(
  network: Network,
  input: SpikeTrain,
  duration: number,
  options: SolveOptions = {},
): Promise<Simulation> {
  const engine = await engineFor(network, input, duration, options);
  engine.evaluate(input, { kind: "none" });
  return engine.simulation();
}

/**
 * Spikes, loss and the exact gradient of every parameter, input time and spike time of one trial of `duration` ms.
 *
 * @param network from `buildNetwork` or `parseCase`
 * @throws ConfigError if the input's times are not ascending in [0, duration), a source is no channel, or the loss does not
 *   fit the network
 * @throws KernelError if the event budget is used up or the loss is not defined for the spikes that occurred
 */
export async function gradient(
  network: Network,
  input: SpikeTrain,
  duration: number,
  loss: Loss,
  options: SolveOptions = {},
): Promise<Solution> {
  const checked = parseLoss(parseWith(lossSchema, loss, "loss"), network, [], {
    source: "loss",
    readBlob: undefined,
  });
  const engine = await engineFor(network, input, duration, options);
  return engine.solve(input, checked);
}

function engineFor(
  network: Network,
  input: SpikeTrain,
  duration: number,
  options: SolveOptions,
): Promise<Engine> {
  return Engine.create(network, { ...options, duration, maxInputSpikes: input.times.length });
}

/** `gradient` of a case. */
export function solveCase(problem: Case, options: SolveOptions = {}): Promise<Solution> {
  return gradient(problem.network, problem.input, problem.duration, problem.loss, options);
}
