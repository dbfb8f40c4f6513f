/** How much a batch's results move where every number of its case moves by a little. */
import type { ExactCase } from "../simulate/exactCase.ts";
import type { ExactBatch, SolvedBatch } from "./batch.ts";
import {
  changeBetween,
  changes,
  larger,
  largerTensors,
  perturbed,
  type Sensitivity,
  tensorChanges,
} from "./sensitivity.ts";

export interface BatchSensitivity {
  readonly trials: readonly Sensitivity[];
  readonly sums: readonly Sensitivity["gradients"][];
}

/** As `moved` of one case: all trials start from the same changed numbers. */
export function movedBatch(batch: ExactBatch, draw: number): ExactBatch {
  const next = changes();
  for (let k = 0; k < draw; k++) perturbedBatch(batch, next);
  return perturbedBatch(batch, next);
}

/** The largest of some changes; undefined if none is left. */
export function worstOfBatch(all: readonly (BatchSensitivity | undefined)[]): BatchSensitivity | undefined {
  return all.reduce(
    (most, change) => (most && change ? largerBatch(most, change) : (most ?? change)),
    undefined,
  );
}

function largerBatch(x: BatchSensitivity, y: BatchSensitivity): BatchSensitivity {
  return {
    trials: x.trials.map((trial, n) => larger(trial, y.trials[n]!)),
    sums: x.sums.map((sum, n) => largerTensors(sum, y.sums[n]!)),
  };
}

function perturbedBatch(batch: ExactBatch, draw: () => bigint): ExactBatch {
  const trials = batch.trials.map((trial) => perturbed(trial, draw));
  const { populations, projections, duration, constants } = trials[0]!;
  const shared = { populations, projections, duration, constants };
  return { ...batch, trials: trials.map((trial) => ({ ...trial, ...shared })) };
}

/** Undefined if other spikes or other margins come out in a trial. */
export function changeBetweenBatches(
  exact: ExactCase,
  base: SolvedBatch,
  moved: SolvedBatch,
): BatchSensitivity | undefined {
  const trials = base.trials.map((trial, k) => changeBetween(exact, trial, moved.trials[k]!));
  if (trials.includes(undefined)) return undefined;
  return {
    trials: trials as Sensitivity[],
    sums: base.sums.map((sum, b) => tensorChanges(exact, sum, moved.sums[b]!)),
  };
}
