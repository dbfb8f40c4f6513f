/** This machine's own result as a reference: class T0, bit by bit. */

import { solveCase } from "../engine/solve.ts";
import { solutionResult } from "../format/solutionResult.ts";
import type { Case } from "../model/case.ts";
import type { Reference } from "./reference.ts";
import { exactly, resultReference } from "./resultReference.ts";

export async function sameReference(problem: Case): Promise<Reference> {
  return resultReference(solutionResult(problem, await solveCase(problem)), exactly);
}
