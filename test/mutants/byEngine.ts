/** Batches by the exact engine as a backend's result: an implementation of everything around a trial to put bugs into. */
import type { Batch } from "../../src/conformance/batch/batch.ts";
import { type BatchResult, engineTrial, solveBatch } from "../../src/conformance/batch/solveBatch.ts";

export function solveTrials(batch: Batch): Promise<BatchResult> {
  return solveBatch(batch, engineTrial("f64"));
}
