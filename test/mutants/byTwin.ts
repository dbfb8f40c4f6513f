/** A twin's solution of a case as a backend's result: a time-stepped implementation to put bugs into. */

import type { Batch } from "../../src/conformance/batch/batch.ts";
import { type BatchResult, solveBatch, twinTrial } from "../../src/conformance/batch/solveBatch.ts";
import { conventions } from "../../src/conformance/twin/convention.ts";
import { solveTwin, twinResult } from "../../src/conformance/twin/twin.ts";
import type { Result } from "../../src/format/result.ts";
import type { Case } from "../../src/model/case.ts";

const convention = conventions.genn_eventprop;

export async function solve(problem: Case, dt: number): Promise<Result> {
  const twin = await solveTwin(problem, { convention, dt });
  return twinResult(problem, twin, "f64", dt);
}

export function solveTrials(batch: Batch, dt: number): Promise<BatchResult> {
  return solveBatch(batch, twinTrial({ convention, dt, precision: "f64" }), convention.staleBackward);
}
