/**
 * The learning rate in the course of a run. It is the product of a rate that falls, by `decay` every epoch and by
 * `plateau.factor` where the accuracy stands still, and a factor that rises to 1 batch by batch (`ease_in`).
 */
import type { OptimizerConfig } from "./config/optimizer.ts";

/** All there is to know between two batches; plain data, kept in checkpoints. */
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
