/** A twin's solution of a case as a backend's result: a time-stepped implementation to put bugs into. */
import type { Case } from "../../src/case/case.ts";
import type { Result } from "../../src/conformance/result.ts";
import { conventions } from "../../src/conformance/twin/convention.ts";
import { solveTwin } from "../../src/conformance/twin/twin.ts";
import { twinResult } from "../../src/conformance/twin/twinResult.ts";

export async function solve(problem: Case, dt: number): Promise<Result> {
  const twin = await solveTwin(problem, { convention: conventions.genn_eventprop, dt });
  return twinResult(problem, twin, "f64", dt);
}
