/** What the commands that judge have in common: which cases, how near, which tensors, which failures are expected. */
import { createHash } from "node:crypto";
import { hostname } from "node:os";
import { join } from "node:path";
import { type Command, InvalidArgumentError, Option } from "commander";
import { ConfigError } from "../../base/errors.ts";
import { exists, readInput } from "../../base/files.ts";
import { shown } from "../../base/parseWith.ts";
import { version } from "../../base/version.ts";
import { demandOf } from "../../conformance/compare/comparison.ts";
import type { Judging } from "../../conformance/run/judge.ts";
import { checksumsName } from "../../conformance/suite/checksums.ts";
import type { SuiteEntry } from "../../conformance/suite/suite.ts";
import { type ClassName, classNames, classReasons } from "../../conformance/verdict/classes.ts";
import type { RunAbout } from "../../conformance/verdict/runReport.ts";
import { loadCase } from "../../format/loadCase.ts";
import type { Precision } from "../../model/solution.ts";
import { tensorNames } from "../../model/tensors.ts";
import { positiveNumber } from "../options.ts";
import {
  type CaseChoice,
  type ConventionOptions,
  caseOption,
  conventionOf,
  conventionOption,
  featureHelp,
  groupOption,
  needsOption,
  parseWords,
  stepOption,
  suiteOption,
  switchesOf,
  switchOption,
  tensorsOption,
  withoutOption,
} from "./conformOptions.ts";

export interface JudgingOptions extends CaseChoice, ConventionOptions {
  readonly class: ClassName;
  readonly dt: number;
  readonly precision?: Precision;
  readonly rtol?: number;
  readonly tensors?: readonly string[];
  readonly require?: readonly string[];
  readonly suite: string;
  readonly expected?: string;
  readonly updateExpected?: boolean;
  readonly junit?: string;
  readonly html?: string;
  readonly json?: boolean;
}

/** The command with these options. */
export function withJudging(command: Command): Command {
  return command
    .addOption(groupOption())
    .addOption(caseOption())
    .addOption(needsOption())
    .addOption(withoutOption())
    .addOption(
      new Option("--class <name>", "how near is near enough, see below").choices(classNames).default("T2"),
    )
    .addOption(
      new Option(
        "--rtol <x>",
        "of a backend in class T1 to T3: relative error of every number that is granted besides",
      ).argParser(positiveNumber),
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
    .addOption(
      new Option(
        "--require <names>",
        "gradients that must be there, by words in their names; whatever is there is looked at anyhow",
      ).argParser(parseWords),
    )
    .addOption(suiteOption())
    .option("--expected <file>", "a list of what is known to fail: GROUP/NAME, tensor or *, reason", pathOf)
    .option("--update-expected", "write the list anew, of what fails now")
    .option("--junit <file>", "write the verdicts as JUnit XML", pathOf)
    .option("--html <file>", "write the verdicts as a page", pathOf)
    .option("--json", "print a line of JSON for each verdict and a summary");
}

export const classHelp = `Classes:
${Object.entries(classReasons)
  .map(([name, reason]) => `  ${name}  ${reason}`)
  .join("\n")}

${featureHelp}`;

/** Commander's parser for a path. */
export function pathOf(text: string): string {
  if (text === "") throw new InvalidArgumentError("Expected a path.");
  return text;
}

/** @throws ConfigError options that do not go together */
export function judgingOf(options: JudgingOptions): Judging {
  const { class: name, rtol, updateExpected, expected } = options;
  if (rtol !== undefined && !["T1", "T2", "T3"].includes(name))
    throw new ConfigError(`--rtol: expected a class from T1 to T3 with it, got ${name}`);
  if (updateExpected && expected === undefined)
    throw new ConfigError("--update-expected: expected --expected with the file to write");
  return {
    choice: {
      name,
      convention: conventionOf(options),
      dt: options.dt,
      ...(options.precision && { precision: options.precision }),
      ...(rtol !== undefined && { rtol }),
    },
    demand: demandOf(options.tensors, options.require),
  };
}

/** @param command that is judged, or what is judged instead */
export async function aboutOf(options: JudgingOptions, command: string): Promise<RunAbout> {
  const { class: name, precision, rtol, tensors, require, expected, suite } = options;
  const switches = switchesOf(options);
  const sums = join(suite, checksumsName);
  return {
    command,
    class: name,
    ...((name === "T4" || name === "T5") && { convention: options.convention, switches, dt: options.dt }),
    ...(precision && { precision }),
    ...(rtol !== undefined && { rtol }),
    ...(tensors && { tensors }),
    ...(require && { require }),
    ...(expected !== undefined && { expected }),
    suite,
    ...((await exists(sums)) && { suite_version: sha256(readInput(sums)).slice(0, 12) }),
    version,
    date: new Date().toISOString(),
    host: hostname(),
  };
}

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/**
 * A word without any gradient would let every gradient pass unseen.
 *
 * @throws ConfigError no case has a gradient with one of the words in its name
 */
export async function requireTensors(
  entries: readonly SuiteEntry[],
  { tensors = [], require = [] }: JudgingOptions,
): Promise<void> {
  if (tensors.length + require.length === 0) return;
  const names = new Set<string>();
  for (const { folder } of entries) {
    // A case that must be refused has none.
    const problem = await loadCase(folder).catch(() => undefined);
    for (const name of problem ? tensorNames(problem.network) : []) names.add(name);
  }
  if (names.size === 0) return;
  for (const [option, words] of Object.entries({ tensors, require })) {
    const unknown = words.find((word) => ![...names].some((name) => name.includes(word)));
    if (unknown === undefined) continue;
    const kinds = new Set([...names].map((name) => /spike_times|[^.]*$/.exec(name)![0]));
    throw new ConfigError(
      `--${option}: expected words that are in the name of a gradient of these cases, got ${shown(unknown)}; there are ${[...kinds].join(", ")}`,
    );
  }
}
