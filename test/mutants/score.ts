/** Which cases of the suite notice a bug. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Batch, loadBatch } from "../../src/conformance/batch/batch.ts";
import { batchReference } from "../../src/conformance/batch/batchReference.ts";
import { compareBatch } from "../../src/conformance/batch/compareBatch.ts";
import type { BatchResult } from "../../src/conformance/batch/solveBatch.ts";
import { compareResult } from "../../src/conformance/compare/compare.ts";
import { type ClassChoice, referenceOf } from "../../src/conformance/reference/references.ts";
import { readBatchGolden } from "../../src/conformance/suite/batchGolden.ts";
import { readGolden } from "../../src/conformance/suite/golden.ts";
import { bundledSuite, listSuite, type SuiteEntry } from "../../src/conformance/suite/suite.ts";
import { conventions } from "../../src/conformance/twin/convention.ts";
import { type Part, summed } from "../../src/conformance/verdict/verdict.ts";
import { loadCase } from "../../src/format/loadCase.ts";
import type { Result } from "../../src/format/result.ts";
import type { Case } from "../../src/model/case.ts";
import type { CaseJson } from "../../src/oracle/certify/caseJson.ts";
import type { Mutant } from "./mutant.ts";

/** Solves a case, or a batch, in some way; `json` has all arrays inline. */
export interface Solver {
  readonly solve?: (problem: Case, json: CaseJson) => Result | Promise<Result>;
  readonly solveTrials?: (batch: Batch) => Promise<BatchResult>;
}

export interface Noticed {
  readonly case: string;
  readonly message: string;
}

/** ms */
export const step = 0.1;

const exact: ClassChoice = {
  name: "T2",
  convention: conventions.genn_eventprop,
  dt: step,
  precision: "f64",
};
export type Solving = Extract<Mutant["of"], "event" | "step" | "batch">;

const choices: Readonly<Record<Solving, ClassChoice>> = {
  event: exact,
  step: { ...exact, name: "T4" },
  batch: exact,
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
  solver: Solver,
  of: Solving,
  entries: readonly SuiteEntry[],
  all = false,
): Promise<Noticed[]> {
  const found: Noticed[] = [];
  for (const entry of entries) {
    const complaint = entry.group === "batch" ? complaintOfBatch : complaintOfCase;
    const message = await complaint(solver, entry, choices[of]).catch(
      (error: unknown) => `crash: ${(error as Error).message}`,
    );
    if (message !== undefined) found.push({ case: entry.name, message });
    if (found.length > 0 && !all) break;
  }
  return found;
}

async function complaintOfCase(
  { solve }: Solver,
  { folder }: SuiteEntry,
  choice: ClassChoice,
): Promise<string | undefined> {
  const { answer } = await readGolden(folder);
  if (!answer || !solve) return undefined;
  const problem = await loadCase(folder);
  const json = JSON.parse(readFileSync(join(folder, "case.json"), "utf8")) as CaseJson;
  const result = await solve(problem, json);
  const reference = await referenceOf(choice, answer, problem);
  return failure(compareResult(reference, result, everything));
}

async function complaintOfBatch(
  { solveTrials }: Solver,
  { folder }: SuiteEntry,
  choice: ClassChoice,
): Promise<string | undefined> {
  if (!solveTrials) return undefined;
  const batch = (await loadBatch(folder))!;
  const reference = await batchReference(choice, (await readBatchGolden(folder)).answer, batch);
  return failure(compareBatch(batch, reference, await solveTrials(batch), everything));
}

const everything = { wanted: () => true, factors: [] };

function failure(parts: readonly Part[]): string | undefined {
  const { status, message } = summed(parts);
  return status === "fail" ? message : undefined;
}
