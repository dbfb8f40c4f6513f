/** When training ends before its last epoch. */
import type { StoppingConfig } from "../config/optimizer.ts";
import type { Best } from "./selection.ts";

/** Why a run ends early. */
export type StopReason = "at_accuracy" | "patience";

/**
 * @param best so far by the accuracy that `stopping.of` names, the epoch just done included
 * @param accuracy of this epoch
 */
export function stopReason(
  { patience, at_accuracy }: StoppingConfig,
  best: Best,
  epoch: number,
  accuracy: number,
): StopReason | undefined {
  if (at_accuracy !== undefined && accuracy >= at_accuracy) return "at_accuracy";
  if (patience !== undefined && epoch - best.epoch >= patience) return "patience";
  return undefined;
}
