/** Trials of one network with a step of gradient descent after each batch, in fixed point throughout. */

import { type ExactCase, exactCase } from "../simulate/exactCase.ts";
import type { Arithmetic } from "../simulate/fixed.ts";
import type { Tensors } from "../simulate/tensors.ts";
import { type CaseJson, caseFromJson } from "./caseJson.ts";
import {
  changeBetween,
  changes,
  larger,
  largerTensors,
  type Outcome,
  outcomeOf,
  perturbed,
  type Sensitivity,
  tensorChanges,
} from "./sensitivity.ts";

export interface BatchJson {
  readonly trials: readonly {
    readonly input: { readonly times: number[]; readonly sources: number[] };
    readonly target: number;
  }[];
  readonly batch_size: number;
  readonly learning_rate: number;
}

/** Trials with the weights that all of them start from. */
export interface ExactBatch {
  readonly trials: readonly ExactCase[];
  readonly size: number;
  readonly rate: bigint;
}

export interface SolvedBatch {
  readonly trials: readonly Outcome[];
  /** Of each batch, gradients of what its trials share. */
  readonly sums: readonly Tensors[];
}

export function exactBatch(json: CaseJson, { trials, ...rest }: BatchJson, math: Arithmetic): ExactBatch {
  return {
    trials: trials.map(({ input, target }) => {
      const loss = { ...json.loss, target } as CaseJson["loss"];
      return exactCase(caseFromJson({ ...json, input: { ...json.input, ...input }, loss }), math);
    }),
    size: rest.batch_size,
    rate: math.from(rest.learning_rate),
  };
}

export function solveExactBatch({ trials, size, rate }: ExactBatch): SolvedBatch {
  let { projections } = trials[0]!;
  const { math: m } = trials[0]!;
  const [outcomes, sums]: [Outcome[], Tensors[]] = [[], []];
  for (let first = 0; first < trials.length; first += size) {
    const those = trials.slice(first, first + size).map((trial) => outcomeOf({ ...trial, projections }));
    const sum = those.map(({ gradients }) => sharedOf(gradients)).reduce(added);
    projections = projections.map((projection, p) => ({
      ...projection,
      weight: projection.weight.map((w, k) => w - m.mul(rate, sum[`projections[${p}].weight`]![k]!)),
    }));
    outcomes.push(...those);
    sums.push(sum);
  }
  return { trials: outcomes, sums };
}

function sharedOf(tensors: Tensors): Tensors {
  return Object.fromEntries(
    Object.entries(tensors).filter(([name]) => /^(projections|populations)/.test(name)),
  );
}

function added(a: Tensors, b: Tensors): Tensors {
  return Object.fromEntries(
    Object.entries(a).map(([name, values]) => [name, values.map((value, k) => value + b[name]![k]!)]),
  );
}

export interface BatchSensitivity {
  readonly trials: readonly Sensitivity[];
  readonly sums: readonly Sensitivity["gradients"][];
}

/** As `sensitivity` of one case: all trials start from the same changed numbers. */
export function batchSensitivity(
  batch: ExactBatch,
  base: SolvedBatch,
  draws: number,
): BatchSensitivity | undefined {
  const draw = changes();
  let worst: BatchSensitivity | undefined;
  for (let k = 0; k < draws; k++) {
    const change = batchChange(base, solveExactBatch(perturbedBatch(batch, draw)));
    if (!change) continue;
    worst = worst
      ? {
          trials: worst.trials.map((trial, n) => larger(trial, change.trials[n]!)),
          sums: worst.sums.map((sum, n) => largerTensors(sum, change.sums[n]!)),
        }
      : change;
  }
  return worst;
}

function perturbedBatch(batch: ExactBatch, draw: () => bigint): ExactBatch {
  const trials = batch.trials.map((trial) => perturbed(trial, draw));
  const { populations, projections, duration, constants } = trials[0]!;
  const shared = { populations, projections, duration, constants };
  return { ...batch, trials: trials.map((trial) => ({ ...trial, ...shared })) };
}

function batchChange(base: SolvedBatch, moved: SolvedBatch): BatchSensitivity | undefined {
  const trials = base.trials.map((trial, k) => changeBetween(trial, moved.trials[k]!));
  if (trials.includes(undefined)) return undefined;
  const { exact } = base.trials[0]!;
  return {
    trials: trials as Sensitivity[],
    sums: base.sums.map((sum, b) => tensorChanges(exact, sum, moved.sums[b]!)),
  };
}
