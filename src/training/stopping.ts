/** When training ends before its last epoch. */
import type { AccuracyOf, StoppingConfig } from "./config/optimizer.ts";
import type { EpochRecord } from "./records.ts";
import { accuracyOf } from "./selection.ts";

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
