/** Claims about the runner of the conformance kit: a test asserts them, and bugs put into the runner must break one. */
import { join } from "node:path";
import { demandOf } from "../../../src/conformance/compare/comparison.ts";
import { runSuite, type SuiteRun } from "../../../src/conformance/run/runSuite.ts";
import { bundledSuite, listSuite, type SuiteEntry } from "../../../src/conformance/suite/suite.ts";
import { conventions } from "../../../src/conformance/twin/convention.ts";
import type { Verdict } from "../../../src/conformance/verdict/verdict.ts";
import { rightResults } from "./workerScript.ts";

export const choice = { name: "T2", convention: conventions.euler, dt: 0.1 } as const;
export const all = await listSuite(bundledSuite);
export const smoke = all.filter(({ group }) => group === "smoke");

/** Rejects if it does not hold. @param folder for its files */
export type Claim = (folder: string) => Promise<void>;

export type Claims = Readonly<Record<string, Claim>>;

/** @param found told if it is not so */
export function claim(what: boolean, found: unknown): void {
  if (!what) throw new Error(`found ${JSON.stringify(found)}`);
}

/** `status message` by case. */
export function told(verdicts: readonly Verdict[]): Record<string, string> {
  return Object.fromEntries(
    verdicts.map((verdict) => [verdict.case, `${verdict.status} ${verdict.message}`.trim()]),
  );
}

let count = 0;

/** A path that nothing is at. */
export function placeIn(folder: string): string {
  return join(folder, `place${count++}`);
}

/** Right answers. */
export async function fresh(folder: string, entries: readonly SuiteEntry[] = smoke): Promise<string> {
  const results = placeIn(folder);
  await rightResults(entries, results);
  return results;
}

/** A worker over cases, one at a time. */
export async function run(command: readonly string[], more: Partial<SuiteRun> = {}, entries = smoke) {
  const remarks: string[] = [];
  const [program, ...args] = command;
  const verdicts = await runSuite(entries, {
    choice,
    demand: demandOf(undefined),
    command: program!,
    args,
    firstSeconds: 40,
    limits: { seconds: 15, bytes: 2 ** 20 },
    jobs: 1,
    onRemark: (line) => remarks.push(line),
    ...more,
  });
  return { verdicts, told: told(verdicts), remarks };
}
