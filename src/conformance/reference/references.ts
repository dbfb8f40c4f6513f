/** Which reference a class of tolerance compares with. */

import { solveCase } from "../../engine/solve.ts";
import { solutionResult } from "../../format/solutionResult.ts";
import type { Case } from "../../model/case.ts";
import type { Precision } from "../../model/solution.ts";
import type { Reference } from "../compare/comparison.ts";
import type { Answer } from "../suite/golden.ts";
import type { Convention } from "../twin/convention.ts";
import { type ClassName, exactClasses } from "../verdict/classes.ts";
import { exactReference } from "./exactReference.ts";
import { exactly, resultReference } from "./resultReference.ts";
import { stepReference } from "./stepReference.ts";
import { twinReference } from "./twinReference.ts";

export interface ClassChoice {
  readonly name: ClassName;
  /** Of classes T4 and T5: how the backend steps. */
  readonly convention: Convention;
  /** ms */
  readonly dt: number;
  /** Of a backend in class T4, and where it is held against itself: cases of the metamorphic group. */
  readonly precision: Precision;
}

/** @throws ConfigError a case that the class cannot judge */
export async function referenceOf(
  { name, convention, dt, precision }: ClassChoice,
  answer: Answer,
  problem: Case,
): Promise<Reference> {
  switch (name) {
    case "T0":
      return sameReference(problem);
    case "T4":
      return twinReference(problem, { convention, dt, precision });
    case "T5":
      return stepReference(answer, problem, dt, convention);
    default:
      return exactReference(answer, exactClasses[name], problem);
  }
}

/** This machine's own result: class T0, bit by bit. */
async function sameReference(problem: Case): Promise<Reference> {
  return resultReference(solutionResult(problem, await solveCase(problem)), exactly);
}
