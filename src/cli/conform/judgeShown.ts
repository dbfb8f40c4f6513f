/** A run of verdicts from options to exit code: what the commands that judge do, wherever answers come from. */
import { resolve } from "node:path";
import { ConfigError } from "../../base/errors.ts";
import { exists, replaceFile, requireWritable } from "../../base/files.ts";
import type { JudgingRun } from "../../conformance/run/judgeEntries.ts";
import { requireUndamaged } from "../../conformance/suite/checksums.ts";
import { listSuite, type SuiteEntry } from "../../conformance/suite/suite.ts";
import {
  type ExpectedFile,
  expectedText,
  expecting,
  readExpected,
} from "../../conformance/verdict/expected.ts";
import { failureOf } from "../../conformance/verdict/runReport.ts";
import type { Verdict } from "../../conformance/verdict/verdict.ts";
import { catchSignals, exitCodeOf } from "../signals.ts";
import { chosenCases } from "./conformOptions.ts";
import { aboutOf, type JudgingOptions, judgingOf, requireTensors } from "./judgingOptions.ts";
import { VerdictShow } from "./verdictShow.ts";

interface Cases {
  /** To be judged. */
  readonly entries: readonly SuiteEntry[];
  /** Of the suite. */
  readonly all: readonly SuiteEntry[];
}

/** Where answers come from. */
export interface Source {
  /** For reports: the backend's command, or what is judged instead. */
  readonly name: string;
  /** Before anything is judged: the file for lines of JSON beside the results, if there is one. */
  open?(): Promise<string | undefined>;
  judge(cases: Cases, run: JudgingRun): Promise<Verdict[]>;
}

/** @throws ConfigError wrong usage, a damaged suite, or a source that cannot be had */
export async function judgeShown(options: JudgingOptions, source: Source): Promise<void> {
  const judging = judgingOf(options);
  await requireReports(options);
  await requireUndamaged(options.suite);
  const all = await listSuite(options.suite);
  const entries = await chosenCases(all, options);
  await requireTensors(entries, options);
  const known = await expectedOf(options, all);
  const isWhole = options.tensors === undefined;
  const seen = (verdict: Verdict) =>
    options.updateExpected ? verdict : expecting(verdict, known.list, options.expected ?? "", isWhole);
  const about = await aboutOf(options, source.name);
  const show = new VerdictShow({ ...options, about, entries, lines: await source.open?.() });
  const stop = new AbortController();
  let signalled: NodeJS.Signals | undefined;
  const forget = catchSignals((signal) => {
    signalled = signal;
    stop.abort();
    show.stop();
    console.error("stopping, with what has been judged; Ctrl-C once more ends at once");
  });
  const onVerdict = (verdict: Verdict) => show.show(seen(verdict));
  try {
    const run = { ...judging, onVerdict, onAmended: onVerdict, signal: stop.signal };
    const verdicts = await source.judge({ entries, all }, run);
    const report = show.report(signalled && `ended by ${signalled}`);
    await show.finish(report);
    if (options.updateExpected && !signalled)
      await updateExpected(options.expected!, known, verdicts, isWhole);
    const failure = failureOf(report);
    if (failure !== undefined && !options.updateExpected) process.exitCode = 1;
    if (failure?.startsWith("no case")) console.error(failure);
    if (signalled) process.exitCode = exitCodeOf(signalled);
  } catch (error) {
    show.stop();
    const report = show.report(`ended by an error: ${(error as Error).message}`);
    if (report.verdicts.length > 0) await show.finish(report);
    throw error;
  } finally {
    forget();
  }
}

/** A list that is to be written need not be there yet. */
async function expectedOf(
  { expected, updateExpected }: JudgingOptions,
  all: readonly SuiteEntry[],
): Promise<ExpectedFile> {
  const none = { list: [], comments: [] };
  if (expected === undefined) return none;
  if (updateExpected) await requireWritable(expected);
  return updateExpected && !(await exists(expected)) ? none : readExpected(expected, all);
}

async function updateExpected(
  path: string,
  known: ExpectedFile,
  verdicts: readonly Verdict[],
  isWhole: boolean,
): Promise<void> {
  const text = expectedText(known, verdicts, isWhole);
  await replaceFile(path, text);
  const count = text.split("\n").filter((line) => /^[^#]/.test(line)).length;
  console.error(`${path}: ${count} listed, ${known.list.length} before`);
}

async function requireReports({ junit, html, expected }: JudgingOptions): Promise<void> {
  for (const path of [junit, html]) if (path !== undefined) await requireWritable(path);
  if (junit !== undefined && html !== undefined && resolve(junit) === resolve(html))
    throw new ConfigError(`--html: expected another file than --junit, got ${html}`);
  for (const [option, path] of Object.entries({ junit, html }))
    if (path !== undefined && expected !== undefined && resolve(path) === resolve(expected))
      throw new ConfigError(`--${option}: expected another file than --expected, got ${path}`);
}
