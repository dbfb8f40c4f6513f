/** What a run decides epoch by epoch: the learning rate, the best epoch, and when training ends. */
import type { AccuracyOf, OptimizerConfig, StoppingConfig } from "./config/optimizer.ts";
import type { EpochRecord } from "./records.ts";

/**
 * All there is to know between two batches; plain data, kept in checkpoints. The learning rate is the product of a rate
 * that falls, by `decay` every epoch and by `plateau.factor` where the accuracy stands still, and a factor that rises to 1
 * batch by batch (`ease_in`).
 */
export interface ScheduleState {
  readonly rate: number;
  /** In (0, 1]. */
  readonly ease: number;
  /** Exponential means of the accuracy. */
  readonly fast: number;
  readonly slow: number;
  /** Epoch of the last drop; 0 before the first. */
  readonly lastDrop: number;
}

export function initialSchedule({ learning_rate, ease_in }: OptimizerConfig): ScheduleState {
  return { rate: learning_rate, ease: ease_in?.from ?? 1, fast: 0, slow: 0, lastDrop: 0 };
}

export function learningRate({ rate, ease }: ScheduleState): number {
  return rate * ease;
}

export function scheduleAfterBatch({ ease_in }: OptimizerConfig, state: ScheduleState): ScheduleState {
  if (ease_in === undefined) return state;
  return { ...state, ease: Math.min(1, state.ease * ease_in.factor) };
}

/**
 * With the accuracy a of epoch n, counted from 1:
 *
 *   E_fast ← fast E_fast + (1 − fast) a        E_slow ← slow E_slow + (1 − slow) a
 *
 * and where n − (epoch of the last drop) > patience and E_fast ≤ E_slow, the rate drops.
 *
 * @param accuracy of the part that `plateau.of` names; any number where there is no plateau rule
 */
export function scheduleAfterEpoch(
  { decay, plateau }: OptimizerConfig,
  state: ScheduleState,
  epoch: number,
  accuracy: number,
): ScheduleState {
  const rate = state.rate * decay;
  if (plateau === undefined) return { ...state, rate };
  const fast = plateau.fast * state.fast + (1 - plateau.fast) * accuracy;
  const slow = plateau.slow * state.slow + (1 - plateau.slow) * accuracy;
  const drops = epoch - state.lastDrop > plateau.patience && fast <= slow;
  return {
    ...state,
    fast,
    slow,
    rate: drops ? rate * plateau.factor : rate,
    lastDrop: drops ? epoch : state.lastDrop,
  };
}

/** The first epoch with the highest accuracy so far; plain data, kept in checkpoints. */
export interface Best {
  /** From 1; 0 before the first. */
  readonly epoch: number;
  /** Of that epoch; −1 before the first. */
  readonly accuracy: number;
}

/** Before the first epoch: any accuracy is better. */
export const noBest: Best = { epoch: 0, accuracy: -1 };

export function bestAfterEpoch(best: Best, epoch: number, accuracy: number): Best {
  return accuracy > best.accuracy ? { epoch, accuracy } : best;
}

/** The accuracy on which a decision is made; a resolved configuration asks for a validation part only if there is one. */
export function accuracyOf(record: Pick<EpochRecord, "train" | "validation">, of: AccuracyOf): number {
  return of === "validation" ? record.validation!.accuracy : record.train.accuracy;
}

/** Why a run ends early. */
export type StopReason = "at_accuracy" | "patience";

/** @param history of every epoch that has ended, at least one */
export function stopReason(
  { patience, at_accuracy, of }: StoppingConfig & { readonly of: AccuracyOf },
  history: readonly Pick<EpochRecord, "train" | "validation">[],
): StopReason | undefined {
  const accuracies = history.map((record) => accuracyOf(record, of));
  if (at_accuracy !== undefined && accuracies.at(-1)! >= at_accuracy) return "at_accuracy";
  const best = accuracies.indexOf(Math.max(...accuracies));
  if (patience !== undefined && history.length - 1 - best >= patience) return "patience";
  return undefined;
}
