/** Which cases of the suite notice a bug. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Case } from "../../src/case/case.ts";
import { loadCase } from "../../src/case/loadCase.ts";
import { compareResult } from "../../src/conformance/compare.ts";
import { readGolden } from "../../src/conformance/golden.ts";
import { type ClassChoice, referenceOf } from "../../src/conformance/references.ts";
import type { Result } from "../../src/conformance/result.ts";
import { bundledSuite, listSuite, type SuiteEntry } from "../../src/conformance/suite.ts";
import { conventions } from "../../src/conformance/twin/convention.ts";
import { summed } from "../../src/conformance/verdict.ts";
import type { CaseJson } from "../oracle/caseJson.ts";
import type { Mutant } from "./mutant.ts";

/** Solves a case in some way; `json` has all arrays inline. */
export type Solve = (problem: Case, json: CaseJson) => Result | Promise<Result>;

export interface Noticed {
  readonly case: string;
  readonly message: string;
}

/** ms */
export const step = 0.1;

const choices: Readonly<Record<Mutant["of"], ClassChoice>> = {
  event: { name: "T2", convention: conventions.genn_eventprop, dt: step, precision: "f64" },
  step: { name: "T4", convention: conventions.genn_eventprop, dt: step, precision: "f64" },
};

/** Cases that are solved in a moment by fixed-point arithmetic. */
export async function quickCases(): Promise<SuiteEntry[]> {
  const entries = await listSuite(bundledSuite);
  const slow = ["long-trial", "hundred-thousand-steps", "many-spikes", "label-above-255"];
  return entries.filter(
    ({ group, name }) => group !== "scale" && group !== "metamorphic" && !slow.includes(name),
  );
}

/** The first case that notices, or every one; a crash notices too. */
export async function notices(
  solve: Solve,
  of: Mutant["of"],
  entries: readonly SuiteEntry[],
  all = false,
): Promise<Noticed[]> {
  const found: Noticed[] = [];
  for (const { folder, name } of entries) {
    const golden = await readGolden(folder);
    if (!golden.answer) continue;
    const problem = await loadCase(folder);
    const json = JSON.parse(readFileSync(join(folder, "case.json"), "utf8")) as CaseJson;
    const message = await complaintOf(solve, problem, json, of, golden.answer);
    if (message !== undefined) found.push({ case: name, message });
    if (found.length > 0 && !all) break;
  }
  return found;
}

async function complaintOf(
  solve: Solve,
  problem: Case,
  json: CaseJson,
  of: Mutant["of"],
  answer: NonNullable<Awaited<ReturnType<typeof readGolden>>["answer"]>,
): Promise<string | undefined> {
  let result: Result;
  try {
    result = await solve(problem, json);
  } catch (error) {
    return `crash: ${(error as Error).message}`;
  }
  const reference = await referenceOf(choices[of], answer, problem);
  const { status, message } = summed(compareResult(reference, result, { wanted: () => true, factors: [] }));
  return status === "fail" ? message : undefined;
}
