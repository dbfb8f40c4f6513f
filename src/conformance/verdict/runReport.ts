/** What a run has found, as far as it has come, with what was asked: all that reports are made of. */
import type { ClassName } from "./classes.ts";
import { kindOf } from "./partKinds.ts";
import { isBad, type Part, type Verdict, type VerdictStatus, verdictStatuses } from "./verdict.ts";

/** What was asked, for whoever reads the verdicts later. */
export interface RunAbout {
  /** The backend's command, or where the results lay. */
  readonly command: string;
  readonly class: ClassName;
  /** Of the classes T4 and T5: how the backend steps. */
  readonly convention?: string;
  /** Its habits that are others, as `--switch` has them. */
  readonly switches?: readonly string[];
  /** ms */
  readonly dt?: number;
  readonly precision?: string;
  readonly rtol?: number;
  readonly tensors?: readonly string[];
  readonly require?: readonly string[];
  /** The list of expected failures. */
  readonly expected?: string;
  readonly suite: string;
  /** SHA-256 of the suite's list of checksums, its first digits; absent where there is none. */
  readonly suite_version?: string;
  /** Of goldspike. */
  readonly version: string;
  /** ISO 8601 */
  readonly date: string;
  readonly host: string;
}

/** What was asked, by its name in files, as text; what is not there or empty is left out. */
export function propertiesOf(about: RunAbout): Map<keyof RunAbout, string> {
  const entries = Object.entries(about) as [keyof RunAbout, unknown][];
  const texts = entries.map(([name, value]) => {
    const text = Array.isArray(value) ? value.join(", ") : String(value ?? "");
    return [name, text] as const;
  });
  return new Map(texts.filter(([, text]) => text !== ""));
}

export interface RunReport {
  readonly about: RunAbout;
  /** In the order of the suite. */
  readonly verdicts: readonly Verdict[];
  /** That were to be judged. */
  readonly cases: number;
  /** Why the run has ended before its time; absent if it has not. */
  readonly unfinished?: string | undefined;
}

/** How many verdicts of each status; of the last two, which not every run has, only if there are any. */
export function countsOf(
  verdicts: readonly Pick<Verdict, "status">[],
): Partial<Record<VerdictStatus, number>> {
  const counts = verdictStatuses.map((wanted) => {
    const count = verdicts.filter(({ status }) => status === wanted).length;
    return [wanted, count] as const;
  });
  return Object.fromEntries(
    counts.filter(([status, count]) => count > 0 || !["refused", "expected"].includes(status)),
  );
}

/** Tensors that were looked for and not delivered, and nobody has asked for: how often, by kind. */
export function unjudgedKinds(verdicts: readonly Verdict[]): Map<string, number> {
  const kinds = new Map<string, number>();
  for (const { name } of verdicts.flatMap(({ parts }) => parts.filter(isUnjudged))) {
    const kind = kindOf(name);
    kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  }
  return kinds;
}

function isUnjudged({ status }: Part): boolean {
  return status === "unjudged";
}

/** What a run without a single pass is told. */
export const nothingShown = "no case was computed and passed, which shows nothing";

/** Why a run is no success, in a few words; undefined if it is one. */
export function failureOf({ verdicts, unfinished }: RunReport): string | undefined {
  if (verdicts.some(isBad)) return "a case fails";
  if (unfinished !== undefined) return unfinished;
  // Whoever computes nothing has shown nothing.
  const isShown = verdicts.some(({ status }) => status === "pass" || status === "expected");
  return isShown ? undefined : nothingShown;
}

/** For a line of JSON at the end. */
export function summaryOf(report: RunReport): Record<string, unknown> {
  const { verdicts, cases, unfinished } = report;
  const kinds = unjudgedKinds(verdicts);
  return {
    ...countsOf(verdicts),
    judged: verdicts.length,
    cases,
    finished: unfinished === undefined,
    ...(unfinished !== undefined && { unfinished }),
    unjudged_tensors: Object.fromEntries(kinds),
    success: failureOf(report) === undefined,
  };
}
