/** What is known about a case of one trial, wherever it lies: golden.json and its raw files. */
import { ConfigError } from "../../base/errors.ts";
import { caseJson } from "../../format/caseJson.ts";
import type { Case } from "../../model/case.ts";
import type { CaseJson } from "../../oracle/certify/caseJson.ts";
import { certify } from "../../oracle/certify/certify.ts";
import { type Files, goldenFiles } from "../../oracle/certify/goldenFiles.ts";
import type { Workers } from "../../oracle/certify/jobs.ts";
import type { Group } from "../suite/golden.ts";

export interface CertifyOptions {
  /** The bug that the case is there to catch. */
  readonly catches?: string | undefined;
  /** Times of traces, ms; some that no event is likely to fall on if absent. */
  readonly at?: readonly number[] | undefined;
  readonly workers: Workers;
}

interface About {
  readonly group: Group;
  readonly name: string;
  readonly catches: string;
}

/** @throws ConfigError a time that is not in the trial; `option` starts the message */
export function requireTimes({ duration }: Case, at: readonly number[] | undefined, option: string): void {
  const wrong = at?.find((time) => time >= duration);
  if (wrong !== undefined)
    throw new ConfigError(`${option}: expected times in [0, ${duration}) ms, got ${wrong}`);
}

/**
 * Of a case that lies in no folder, as one of the group core.
 *
 * @throws ConfigError the case cannot be certified, or a time is not in the trial
 */
export async function certifyCase(
  problem: Case,
  { catches = "", at, workers }: CertifyOptions,
): Promise<Files> {
  requireTimes(problem, at, "at");
  const files = { "case.json": JSON.stringify(oraclesCase(problem)) };
  return goldenOf(problem, { group: "core", name: problem.name, catches }, files, { at, workers });
}

/** @param files the case's own, which golden.json is bound to */
export async function goldenOf(
  problem: Case,
  about: About,
  files: Files,
  { at, workers }: Pick<CertifyOptions, "at" | "workers">,
): Promise<Files> {
  const { tree } = await certify(oraclesCase(problem), at, workers);
  return goldenFiles(about, files, "goldspike/golden@1", tree);
}

/** As the oracle reads it. */
export function oraclesCase(problem: Case): CaseJson {
  return caseJson(problem, problem.name) as CaseJson;
}
