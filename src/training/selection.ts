/** The best epoch of a run. */
import type { AccuracyOf } from "./config/optimizer.ts";
import type { EpochRecord } from "./records.ts";

/** The first epoch with the highest accuracy so far; plain data, kept in checkpoints. */
export interface Best {
  /** From 1; 0 before the first. */
  readonly epoch: number;
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
