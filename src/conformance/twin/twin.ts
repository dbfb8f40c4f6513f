/** A time-stepped implementation of Eventprop, by a convention that others have: what they are compared with. */
import type { Case } from "../../case/case.ts";
import { elementary } from "../../kernel/elementary.ts";
import type { Precision } from "../../kernel/kernel.ts";
import type { Network } from "../../network/network.ts";
import { backward } from "./backward.ts";
import type { Convention } from "./convention.ts";
import { type Close, forward } from "./forward.ts";
import { gridOf, type Values } from "./grid.ts";

export interface TwinOptions {
  readonly convention: Convention;
  /** ms */
  readonly dt: number;
  /** Of states and gradients; default f64. */
  readonly precision?: Precision;
}

export interface TwinSolution {
  /** Per `lif` population by name: ms, whole multiples of dt, in order. */
  readonly spikes: Readonly<Record<string, { readonly times: Float64Array; readonly neurons: Int32Array }>>;
  /** Where V came near the threshold, per `lif` population by name. */
  readonly close: Readonly<Record<string, readonly Close[]>>;
  readonly loss: number;
  readonly readout: Float64Array;
  /** In the network's order, [post][pre]; absent without a loss. Per ms, also of delays that are kept in steps. */
  readonly projections: readonly { readonly weight: Values; readonly delay: Values }[];
}

/** A trial after its forward pass: a solution without gradients, and the pass that finds them. */
export interface StartedTwin {
  readonly solution: TwinSolution;
  /** With the weights of `network`, which are those of the forward pass unless the backward pass is stale. */
  backward(network: Network): TwinSolution["projections"];
}

/** @throws ConfigError a step that does not fit the trial, or a loss that is not defined for the spikes */
export async function startTwin(problem: Case, options: TwinOptions): Promise<StartedTwin> {
  const { convention, dt, precision = "f64" } = options;
  const functions = await elementary();
  const gridWith = (network: Network) =>
    gridOf({ ...problem, network }, convention, dt, precision, functions);
  const trial = forward(gridWith(problem.network));
  const spiking = problem.network.populations.flatMap(({ name, model }, p) =>
    model === "lif" ? [[name, trial.spikes[p]!] as const] : [],
  );
  const solution = {
    spikes: Object.fromEntries(
      spiking.map(([name, { steps, neurons }]) => [
        name,
        { times: Float64Array.from(steps, (step) => step * dt), neurons: Int32Array.from(neurons) },
      ]),
    ),
    close: Object.fromEntries(spiking.map(([name, { close }]) => [name, close])),
    loss: trial.readout.loss,
    readout: trial.readout.values,
    projections: [],
  };
  return { solution, backward: (network) => backward(gridWith(network), trial) };
}

/** Both passes. Throws as `startTwin`. */
export async function solveTwin(problem: Case, options: TwinOptions): Promise<TwinSolution> {
  const { solution, backward } = await startTwin(problem, options);
  return { ...solution, projections: problem.loss.kind === "none" ? [] : backward(problem.network) };
}
