/** A run of verdicts from options to exit code: what the commands that judge do, wherever answers come from. */
import { join, resolve } from "node:path";
import { ConfigError } from "../../base/errors.ts";
import { exists, replaceFile, requireWritable } from "../../base/files.ts";
import { shellWord } from "../../base/shellWord.ts";
import type { JudgingRun } from "../../conformance/run/judgeEntries.ts";
import { requireUndamaged } from "../../conformance/suite/checksums.ts";
import { chosenCases } from "../../conformance/suite/chosenCases.ts";
import { bundledSuite, listSuite, pathOfCase, type SuiteEntry } from "../../conformance/suite/suite.ts";
import { requireTensors } from "../../conformance/suite/tensorWords.ts";
import {
  type ExpectedFile,
  expectedText,
  expecting,
  readExpected,
} from "../../conformance/verdict/expected.ts";
import { failureOf, nothingShown } from "../../conformance/verdict/runReport.ts";
import type { Verdict } from "../../conformance/verdict/verdict.ts";
import { catchSignals, exitCodeOf } from "../signals.ts";
import { aboutOf, type JudgingOptions, judgingOf } from "./judgingOptions.ts";
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
  /** Folder of an answer, if it is kept. */
  readonly resultOf?: ((path: string) => string) | undefined;
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
    if (failure === nothingShown) console.error(failure);
    tellWhereToLook(verdicts.map(seen), options, source);
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

/** Of the first result that is wrong: the command that says where. */
function tellWhereToLook(
  verdicts: readonly Verdict[],
  { class: name, convention, dt, suite, json }: JudgingOptions,
  { resultOf }: Source,
): void {
  // Batches and relations are no single case.
  const found = verdicts.find(
    ({ status, group, parts }) =>
      status === "fail" &&
      parts.some((part) => part.status === "fail") &&
      group !== "batch" &&
      group !== "metamorphic",
  );
  if (!found || json) return;
  const path = pathOfCase({ group: found.group, name: found.case });
  const problem = suite === bundledSuite ? path : shellWord(join(suite, path));
  const steps = name === "T4" || name === "T5" ? ` --dt ${dt} --convention ${convention}` : "";
  const command = `goldspike conform explain ${problem} ${shellWord(resultOf?.(path) ?? `DIR/${path}/result`)}${steps}`;
  console.error(
    resultOf
      ? `where it goes wrong: ${command}`
      : `where it goes wrong: run with --keep DIR, then ${command}`,
  );
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
