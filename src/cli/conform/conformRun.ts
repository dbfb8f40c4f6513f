/** `goldspike conform run`: a command over the cases of the suite. */
import { availableParallelism } from "node:os";
import { resolve } from "node:path";
import { Command, InvalidArgumentError, Option } from "commander";
import { ConfigError } from "../../base/errors.ts";
import { replaceFile, requireWritable } from "../../base/files.ts";
import { shown } from "../../base/parseWith.ts";
import { withWords } from "../../conformance/compare/comparison.ts";
import { runSuite } from "../../conformance/run/runSuite.ts";
import { requireUndamaged } from "../../conformance/suite/checksums.ts";
import { suiteSnapshot } from "../../conformance/suite/snapshot.ts";
import { listSuite, type SuiteEntry } from "../../conformance/suite/suite.ts";
import { type ClassName, classNames, classReasons } from "../../conformance/verdict/classes.ts";
import { countOf, isBad, type Verdict, type VerdictStatus } from "../../conformance/verdict/verdict.ts";
import { junitXml, verdictPage } from "../../conformance/verdict/verdictReports.ts";
import { loadCase } from "../../format/loadCase.ts";
import type { Precision } from "../../model/solution.ts";
import { tensorNames } from "../../model/tensors.ts";
import { countBar } from "../bars.ts";
import { pairsLine } from "../lines.ts";
import { positiveInteger, positiveNumber } from "../options.ts";
import {
  type CaseChoice,
  type ConventionOptions,
  caseOption,
  chosenCases,
  conventionOf,
  conventionOption,
  groupOption,
  stepOption,
  suiteOption,
  switchOption,
  tensorsOption,
} from "./conformOptions.ts";

interface RunOptions extends CaseChoice, ConventionOptions {
  readonly class: ClassName;
  readonly dt: number;
  readonly precision?: Precision;
  readonly tensors?: readonly string[];
  readonly jobs: number;
  readonly timeout: number;
  readonly maxMib: number;
  readonly suite: string;
  readonly keep?: string;
  readonly junit?: string;
  readonly html?: string;
}

export function conformRunCommand(): Command {
  return new Command("run")
    .summary("judge a backend")
    .description(
      "Starts a command once for every case, with two more arguments: a folder with\n" +
        "case.json and its raw files, and an empty folder that it must write\n" +
        "result.json to. Every answer is judged by itself: crashes, hanging, missing\n" +
        "and wrong parts are verdicts.",
    )
    .usage("[options] -- <command...>")
    .argument("[command...]", "after --: the backend, and arguments that come before the two folders")
    .addOption(groupOption())
    .addOption(caseOption())
    .addOption(
      new Option("--class <name>", "how near is near enough, see below").choices(classNames).default("T2"),
    )
    .addOption(conventionOption("of a backend in class T4 or T5"))
    .addOption(switchOption())
    .addOption(stepOption())
    .addOption(
      new Option(
        "--precision <precision>",
        "of a backend in class T4 or T5; what result.json says, if absent",
      ).choices(["f64", "f32"]),
    )
    .addOption(tensorsOption())
    .option("--jobs <n>", "cases at a time", positiveInteger, availableParallelism())
    .option("--timeout <s>", "for one case", positiveNumber, 60)
    .option("--max-mib <n>", "that one answer may fill on the disk, in both folders", positiveInteger, 1024)
    .addOption(suiteOption())
    .option("--keep <dir>", "keep cases, results and all of stderr there", path)
    .option("--junit <file>", "write the verdicts as JUnit XML", path)
    .option("--html <file>", "write the verdicts as a page", path)
    .addHelpText(
      "after",
      `
Classes:
${Object.entries(classReasons)
  .map(([name, reason]) => `  ${name}  ${reason}`)
  .join("\n")}

A backend that does not support a case ends with exit code 77.

Examples:
  $ goldspike conform run -- goldspike conform backend engine
  $ goldspike conform run --group smoke --class T3 --tensors weight -- python3 my_backend.py
  $ goldspike conform run --class T4 --convention genn_eventprop --dt 0.1 -- ./stepped --dt 0.1
  $ goldspike conform run --junit conform.xml --html conform.html -- ./my_backend --device 0

Exit codes: 1 if a case fails or none passes, 2 for wrong usage or a command that cannot be started.`,
    )
    .action(run);
}

function path(text: string): string {
  if (text === "") throw new InvalidArgumentError("Expected a path.");
  return text;
}

async function run([command, ...args]: readonly string[], options: RunOptions): Promise<void> {
  if (!command)
    throw new ConfigError(
      "command: expected a backend's command after --, as in: goldspike conform run -- python3 my_backend.py",
    );
  await requireReports(options);
  await requireUndamaged(options.suite);
  const all = await listSuite(options.suite);
  const entries = chosenCases(all, options);
  if (options.tensors) await requireTensors(entries, options.tensors);
  const bar = countBar("judging", entries.length, process.stderr);
  const judging = {
    choice: {
      name: options.class,
      convention: conventionOf(options),
      dt: options.dt,
      ...(options.precision && { precision: options.precision }),
    },
    wanted: withWords(options.tensors),
    limits: { seconds: options.timeout, bytes: options.maxMib * 2 ** 20 },
  };
  const verdicts = await runSuite(entries, {
    ...judging,
    command,
    args,
    suite: await suiteSnapshot(options.suite, all),
    jobs: options.jobs,
    keep: options.keep,
    onVerdict: (_, count) => bar.show(count),
    onRemark: console.error,
    onChanged: (line) => {
      console.error(line);
      process.exitCode = 1;
    },
  }).finally(bar.stop);
  const name = [command, ...args].join(" ");
  if (options.junit !== undefined) await replaceFile(options.junit, junitXml(verdicts, name));
  if (options.html !== undefined) await replaceFile(options.html, verdictPage(verdicts, name));
  console.log(table(verdicts));
  // Whoever computes nothing has shown nothing.
  const computed = verdicts.some(({ status }) => status === "pass");
  if (!computed && !verdicts.some(isBad))
    console.error("no case was computed and passed, which shows nothing");
  if (verdicts.some(isBad) || !computed) process.exitCode = 1;
}

async function requireReports({ junit, html }: RunOptions): Promise<void> {
  for (const path of [junit, html]) if (path !== undefined) await requireWritable(path);
  if (junit !== undefined && html !== undefined && resolve(junit) === resolve(html))
    throw new ConfigError(`--html: expected another file than --junit, got ${html}`);
}

/** One line a case, what is wrong beside it, and a last line with the counts. */
function table(verdicts: readonly Verdict[]): string {
  const width = Math.max(...verdicts.map(({ group, case: name }) => group.length + name.length + 1));
  const lines = verdicts.map(({ group, case: name, status, message }) =>
    `${`${group}/${name}`.padEnd(width)}  ${status.padEnd(11)}  ${message}`.trimEnd(),
  );
  const count = (status: VerdictStatus) => countOf(verdicts, status);
  const counts = pairsLine({
    pass: count("pass"),
    fail: count("fail"),
    error: count("error"),
    undecidable: count("undecidable"),
    unsupported: count("unsupported"),
    // Cases that must be: no number of them is computed.
    ...(count("refused") > 0 && { refused: count("refused") }),
    class: verdicts[0]!.class,
  });
  return [...lines, counts].join("\n");
}

/**
 * A word without any gradient would let every gradient pass unseen.
 *
 * @throws ConfigError no case has a gradient with one of the words in its name
 */
async function requireTensors(entries: readonly SuiteEntry[], words: readonly string[]): Promise<void> {
  const names = new Set<string>();
  for (const { folder } of entries) {
    // A case that must be refused has none.
    const problem = await loadCase(folder).catch(() => undefined);
    for (const name of problem ? tensorNames(problem.network) : []) names.add(name);
  }
  const unknown = words.find((word) => ![...names].some((name) => name.includes(word)));
  if (unknown === undefined || names.size === 0) return;
  const kinds = new Set([...names].map((name) => /spike_times|[^.]*$/.exec(name)![0]));
  throw new ConfigError(
    `--tensors: expected words that are in the name of a gradient of these cases, got ${shown(unknown)}; there are ${[...kinds].join(", ")}`,
  );
}
