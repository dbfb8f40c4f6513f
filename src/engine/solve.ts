/** One call from a problem to its answer. */
import { complaint } from "../base/parseWith.ts";
import type { Case } from "../model/case.ts";
import type { Loss } from "../model/losses.ts";
import type { Network, SpikeTrain } from "../model/network.ts";
import type { Precision, Simulation, Solution } from "../model/solution.ts";
import { checkOptions, optionRules } from "./checks.ts";
import { Engine } from "./engine.ts";
import type { OwnLoss } from "./ownLoss.ts";

/** How a trial is solved, and what is to be found beside spikes and gradients. */
export interface SolveOptions {
  /** Of states, weights and gradients; default f64. Times are f64 in either. */
  readonly precision?: Precision;
  /** Most network spikes and delayed deliveries before a KernelError; default 2²⁰. */
  readonly maxEvents?: number;
  /**
   * Whether to look for the closest graze, for which every neuron is looked at in every interval; default false for
   * `gradient`, true for `simulate` and `solveCase`.
   */
  readonly closestGraze?: boolean;
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
  return engine.simulation({ closestGraze: options.closestGraze ?? true });
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
  loss: Loss | OwnLoss,
  options: SolveOptions = {},
): Promise<Solution> {
  const engine = await engineFor(network, input, duration, options);
  return engine.solve(input, loss, { closestGraze: options.closestGraze ?? false });
}

async function engineFor(
  network: Network,
  input: SpikeTrain,
  duration: number,
  options: SolveOptions,
): Promise<Engine> {
  const { precision, maxEvents, closestGraze } = optionRules;
  checkOptions(options, { precision, maxEvents, closestGraze });
  const maxInputSpikes = input?.times?.length ?? 0;
  const { closestGraze: _, ...room } = options;
  return Engine.create(network, { ...room, duration, maxInputSpikes });
}

/** `gradient` of a case, with all that a result file holds. Throws as `gradient`. */
export async function solveCase(problem: Case, options: SolveOptions = {}): Promise<Solution> {
  if (typeof problem !== "object" || problem === null)
    throw complaint("case", [], "expected an object, as parseCase returns", problem);
  const { network, input, duration, loss } = problem;
  return gradient(network, input, duration, loss, { closestGraze: true, ...options });
}
