/** A time-stepped implementation of Eventprop, by a convention that others have: what they are compared with. */
import type { Case } from "../../case/case.ts";
import { elementary } from "../../kernel/elementary.ts";
import type { Precision } from "../../kernel/kernel.ts";
import { backward, type TwinAdjoints } from "./backward.ts";
import type { Convention } from "./convention.ts";
import { type Close, forward, type Trial } from "./forward.ts";
import { type Grid, gridOf, type Values } from "./grid.ts";

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
  /** Of each spike, per `lif` population by name: I − V (+ bias), and λ_V before it in forward time, 0 without a loss. */
  readonly jumps: Readonly<Record<string, { readonly slopes: ArrayLike<number>; readonly lambdas: Values }>>;
}

/** @throws ConfigError a step that does not fit the trial, or a loss that is not defined for the spikes */
export async function solveTwin(problem: Case, options: TwinOptions): Promise<TwinSolution> {
  const { convention, dt, precision = "f64" } = options;
  const grid = gridOf(problem, convention, dt, precision, await elementary());
  const trial = forward(grid);
  const { projections, lambdas } =
    problem.loss.kind === "none" ? withoutLoss(grid, trial) : backward(grid, trial);
  const spiking = problem.network.populations.flatMap(({ name, model }, p) =>
    model === "lif" ? [[name, trial.spikes[p]!, lambdas[p]!] as const] : [],
  );
  return {
    spikes: Object.fromEntries(
      spiking.map(([name, { steps, neurons }]) => [
        name,
        { times: Float64Array.from(steps, (step) => step * dt), neurons: Int32Array.from(neurons) },
      ]),
    ),
    close: Object.fromEntries(spiking.map(([name, { close }]) => [name, close])),
    loss: trial.readout.loss,
    readout: trial.readout.values,
    projections,
    jumps: Object.fromEntries(spiking.map(([name, { slopes }, its]) => [name, { slopes, lambdas: its }])),
  };
}

function withoutLoss({ zeros }: Grid, { spikes }: Trial): TwinAdjoints {
  return { projections: [], lambdas: spikes.map(({ steps }) => zeros(steps.length)) };
}
