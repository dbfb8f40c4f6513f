/** A time-stepped implementation of Eventprop, by a convention that others have, and its solution as a result. */

import { version } from "../../base/version.ts";
import { elementary } from "../../engine/kernel/elementary.ts";
import type { Result } from "../../format/result.ts";
import { foundResult } from "../../format/solutionResult.ts";
import type { Tensor } from "../../format/tensor.ts";
import type { Case } from "../../model/case.ts";
import type { Network } from "../../model/network.ts";
import type { Precision } from "../../model/solution.ts";
import { synapsesName } from "../../model/tensors.ts";
import { backward, type TwinAdjoints } from "./backward.ts";
import type { Convention } from "./convention.ts";
import { forward, type Trial } from "./forward.ts";
import { type Close, type Grid, gridOf, type Values } from "./grid.ts";

export interface TwinOptions {
  readonly convention: Convention;
  /** ms */
  readonly dt: number;
  /** Of states and gradients; default f64. */
  readonly precision?: Precision;
}

/** What a forward pass yields. */
export interface TwinTrial {
  /** Per `lif` population by name: ms, whole multiples of dt, in order. */
  readonly spikes: Readonly<Record<string, { readonly times: Float64Array; readonly neurons: Int32Array }>>;
  /** Where V came near the threshold, per `lif` population by name. */
  readonly close: Readonly<Record<string, readonly Close[]>>;
  readonly loss: number;
  readonly readout: Float64Array;
}

/** What a backward pass yields. */
interface TwinGradients {
  /** In the network's order, [post][pre]; absent without a loss. Per ms, also of delays that are kept in steps. */
  readonly projections: readonly { readonly weight: Values; readonly delay: Values }[];
  /** Of each spike, per `lif` population by name: I − V (+ bias), and λ_V before it in forward time, 0 without a loss. */
  readonly jumps: Readonly<Record<string, { readonly slopes: ArrayLike<number>; readonly lambdas: Values }>>;
}

export type TwinSolution = TwinTrial & TwinGradients;

interface StartedTwin {
  readonly trial: TwinTrial;
  /** With the weights of `network`, which are those of the forward pass unless the backward pass is stale. */
  backward(network: Network): TwinGradients;
}

/** The forward pass. @throws ConfigError a step that does not fit the trial, or a loss that is not defined for the spikes */
export async function startTwin(problem: Case, options: TwinOptions): Promise<StartedTwin> {
  const { convention, dt, precision = "f64" } = options;
  const functions = await elementary();
  const gridWith = (network: Network) =>
    gridOf({ ...problem, network }, convention, dt, precision, functions);
  const trial = forward(gridWith(problem.network));
  const spiking = <T>(of: (p: number) => T): Record<string, T> =>
    Object.fromEntries(
      problem.network.populations.flatMap(({ name, model }, p) => (model === "lif" ? [[name, of(p)]] : [])),
    );
  return {
    trial: {
      spikes: spiking((p) => {
        const { steps, neurons } = trial.spikes[p]!;
        return { times: Float64Array.from(steps, (step) => step * dt), neurons: Int32Array.from(neurons) };
      }),
      close: spiking((p) => trial.spikes[p]!.close),
      loss: trial.loss.value,
      readout: trial.loss.readout,
    },
    backward: (network) => {
      const grid = gridWith(network);
      const hasLoss = problem.loss.kind !== "none";
      const { projections, lambdas } = hasLoss ? backward(grid, trial) : withoutLoss(grid, trial);
      return {
        projections,
        jumps: spiking((p) => ({ slopes: trial.spikes[p]!.slopes, lambdas: lambdas[p]! })),
      };
    },
  };
}

/** Both passes. Throws as `startTwin`. */
export async function solveTwin(problem: Case, options: TwinOptions): Promise<TwinSolution> {
  const { trial, backward } = await startTwin(problem, options);
  return { ...trial, ...backward(problem.network) };
}

function withoutLoss({ zeros }: Grid, { spikes }: Trial): TwinAdjoints {
  return { projections: [], lambdas: spikes.map(({ steps }) => zeros(steps.length)) };
}

/** A twin's solution as a result in memory: of a gradient, what twins compute. */
export function twinResult(
  problem: Case,
  twin: TwinTrial & Partial<TwinGradients>,
  precision: Precision,
  dt: number,
): Result {
  const by = { backend: `goldspike ${version} twin ${dt} ms`, precision };
  return foundResult(problem, twin, twinTensors(problem, twin.projections ?? []), by);
}

/** By the names and shapes of a result file. */
export function twinTensors({ network }: Case, gradients: TwinGradients["projections"]): Map<string, Tensor> {
  return new Map(
    gradients.flatMap((gradient, k) => {
      const post = network.populations.find(({ name }) => name === network.projections[k]!.to)!.size;
      return (["weight", "delay"] as const).map((kind): [string, Tensor] => {
        const values = Float64Array.from(gradient[kind]);
        return [synapsesName(k, kind), { shape: [post, values.length / post], values }];
      });
    }),
  );
}
