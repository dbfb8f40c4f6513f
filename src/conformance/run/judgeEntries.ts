/** Cases of a suite, some at a time: what is asked about each, the verdict, and what only the whole run shows. */
import { fileReason } from "../../base/files.ts";
import type { SuiteEntry } from "../suite/suite.ts";
import type { Verdict } from "../verdict/verdict.ts";
import type { Judging } from "./judge.ts";
import { lackingElsewhere } from "./lackingElsewhere.ts";
import { type Answered, type Judged, only } from "./outcome.ts";
import { type Prepared, prepare } from "./prepare.ts";
import { type Files, foregone, questionsOf, verdictOn } from "./questions.ts";

export interface JudgingRun extends Judging {
  /** Called after each. */
  readonly onVerdict?: ((verdict: Verdict) => void) | undefined;
  /** Called with a verdict that is another one than before: of what later cases have shown. */
  readonly onAmended?: ((verdict: Verdict) => void) | undefined;
  /** Ends the run before its time; what has been judged by then counts. */
  readonly signal?: AbortSignal | undefined;
}

/** How answers come about. */
export interface Asking {
  /** Cases at a time. */
  readonly jobs: number;
  /** Whether relations that the class cannot judge are asked for all the same. */
  readonly all: boolean;
  /** @throws Error of the file system */
  ask(prepared: Prepared, questions: readonly Files[], job: number): Promise<Answered[]>;
  /** What to say besides the verdict, in its place: the case's own files are not as they were. */
  spoilt?(prepared: Prepared): Promise<string | undefined>;
  /** What to do about folders that cannot be made. */
  readonly wayOut: string;
  /** Called after the verdict. */
  after?(prepared: Prepared): void;
}

/** What is known about the cases, all of it read before anybody is asked. */
export async function prepareAll(entries: readonly SuiteEntry[]): Promise<Prepared[]> {
  const prepared: Prepared[] = [];
  for (const entry of entries) prepared.push(await prepare(entry));
  return prepared;
}

/** In the order of the cases, those that were not judged left out. */
export async function judgeAll(
  cases: readonly Prepared[],
  asking: Asking,
  run: JudgingRun,
): Promise<Verdict[]> {
  const verdicts: (Verdict | undefined)[] = cases.map(() => undefined);
  let [next, failed] = [0, false];
  const job = async (number: number): Promise<void> => {
    while (next < cases.length && !failed && !run.signal?.aborted) {
      const k = next++;
      const verdict = await judgeOne(cases[k]!, asking, run, number).catch((error: unknown) => {
        failed = true;
        throw error;
      });
      // An answer that was cut short says nothing.
      if (run.signal?.aborted) return;
      verdicts[k] = verdict;
      run.onVerdict?.(verdict);
    }
  };
  const jobs = Math.min(asking.jobs, cases.length);
  // All have ended before the folder is removed, whatever one of them has come to.
  const ends = await Promise.allSettled(Array.from({ length: jobs }, (_, number) => job(number)));
  for (const end of ends) if (end.status === "rejected") throw end.reason;
  return amended(cases, verdicts, run);
}

function amended(
  cases: readonly Prepared[],
  verdicts: readonly (Verdict | undefined)[],
  run: JudgingRun,
): Verdict[] {
  const later = lackingElsewhere(cases, verdicts);
  return verdicts.flatMap((verdict, k) => {
    if (!verdict) return [];
    const other = later.get(k);
    const isTold = other && (other.status !== verdict.status || other.message !== verdict.message);
    if (isTold) run.onAmended?.(other);
    return [other ?? verdict];
  });
}

async function judgeOne(prepared: Prepared, asking: Asking, run: JudgingRun, job: number): Promise<Verdict> {
  const { entry, catches } = prepared;
  const about = { case: entry.name, group: entry.group, catches, class: run.choice.name };
  try {
    const early = foregone(prepared, run);
    const questions = early && !asking.all ? [] : questionsOf(prepared);
    const answers = questions.length > 0 ? await asking.ask(prepared, questions, job) : [];
    // What was cut short is not told.
    if (run.signal?.aborted) return { ...about, ...only("error", "cut short"), seconds: 0 };
    const seconds = answers.reduce((sum, { outcome }) => sum + outcome.seconds, 0);
    const spoilt = await asking.spoilt?.(prepared);
    const judged =
      spoilt === undefined ? (early ?? (await verdictOn(prepared, answers, run))) : only("fail", spoilt);
    return { ...about, ...judged, seconds };
  } catch (error) {
    return { ...about, ...unready(entry, error, asking), seconds: 0 };
  } finally {
    asking.after?.(prepared);
  }
}

/** A full disk, or what a backend has done to folders, is no reason to give up the other cases. */
function unready({ name }: SuiteEntry, error: unknown, { wayOut }: Asking): Judged {
  const { syscall, path = name } = error as NodeJS.ErrnoException;
  if (syscall === undefined) throw error;
  return only("error", `${path}: cannot be made ready: ${fileReason(error)}${wayOut}`);
}
