/** What the commands that judge have in common: which cases, how near, which tensors, which failures are expected. */
import { hostname } from "node:os";
import { type Command, InvalidArgumentError, Option } from "commander";
import { ConfigError } from "../../base/errors.ts";
import { version } from "../../base/version.ts";
import { requireExact } from "../../conformance/choice.ts";
import { demandOf } from "../../conformance/compare/comparison.ts";
import type { Judging } from "../../conformance/run/judge.ts";
import { suiteVersion } from "../../conformance/suite/checksums.ts";
import type { CaseChoice } from "../../conformance/suite/chosenCases.ts";
import { type ClassName, classNames, classReasons } from "../../conformance/verdict/classes.ts";
import type { RunAbout } from "../../conformance/verdict/runReport.ts";
import type { Precision } from "../../model/solution.ts";
import { positiveNumber } from "../options.ts";
import {
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
  requireExact(name, rtol, "--rtol");
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
  const suite_version = await suiteVersion(suite);
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
    ...(suite_version !== undefined && { suite_version }),
    version,
    date: new Date().toISOString(),
    host: hostname(),
  };
}
