/** This machine's own result as a reference: class T0, bit by bit. */
import type { Case } from "../case/case.ts";
import { solveCase } from "../solve.ts";
import type { Reference } from "./reference.ts";
import { exactly, resultReference } from "./resultReference.ts";
import { solutionResult } from "./solutionResult.ts";

export async function sameReference(problem: Case): Promise<Reference> {
  return resultReference(solutionResult(problem, await solveCase(problem)), exactly);
}
