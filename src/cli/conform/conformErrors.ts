/** `goldspike conform errors`: what of a time-stepped result's error is the step's, and what the code's. */
import { join } from "node:path";
import { Command } from "commander";
import { visible } from "../../base/visible.ts";
import { type ErrorsOfStep, type TwoErrors, twoErrors } from "../../conformance/explain/twoErrors.ts";
import { readResult } from "../../format/result.ts";
import { percent, twoDigits } from "../lines.ts";
import { caseArgument, loadNamedCase } from "../namedCase.ts";
import {
  type ConventionOptions,
  conventionOf,
  conventionOption,
  stepOption,
  switchOption,
} from "./conformOptions.ts";

interface ErrorsOptions extends ConventionOptions {
  readonly dt: number;
  readonly json?: boolean;
}

export function conformErrorsCommand(): Command {
  return new Command("errors")
    .description(
      "Takes the error of a time-stepped result apart: that of the method, which is " +
        "what a twin of the same step and convention has against the exact solution, " +
        "beside what was predicted of it; and that of the code, which is what the " +
        "result has against the twin. A smaller step helps against the first, only " +
        "mending against the second.",
    )
    .argument("<case>", caseArgument)
    .argument("<result>", "folder with result.json")
    .addOption(conventionOption("whose steps"))
    .addOption(switchOption())
    .addOption(stepOption("time step of the result"))
    .option(
      "--json",
      "as JSON; shares of norms, ms of spikes, null where spikes are others or a part is missing",
    )
    .addHelpText(
      "after",
      `
Examples:
  $ goldspike conform run --case recurrence --keep out --class T4 -- ./my_backend
  $ goldspike conform errors suite/smoke/recurrence out/smoke/recurrence/result --dt 0.1`,
    )
    .action(run);
}

async function run(path: string, folder: string, options: ErrorsOptions): Promise<void> {
  const problem = await loadNamedCase(path);
  const result = await readResult(folder, problem.name, join(folder, "result.json"));
  const { dt } = options;
  const errors = await twoErrors(problem, result, { convention: conventionOf(options), dt });
  console.log(options.json ? JSON.stringify(errors) : table(errors));
}

function table({ parts, remarks, scale }: ErrorsOfStep): string {
  const width = Math.max(...parts.map(({ name }) => name.length)) + 2;
  const row = (name: string, cells: readonly string[]) =>
    `${name.padEnd(width)}${cells.map((cell) => cell.padStart(18)).join("")}`;
  const lines = parts.map((part) => row(visible(part.name), cellsOf(part)));
  const apart = scale === 1 ? [] : [`gradients are ${scale.toPrecision(4)} times those of the declared loss`];
  return [row("", ["method", "predicted", "code"]), ...lines, ...apart, ...remarks].join("\n");
}

function cellsOf({ name, method, predicted, code }: TwoErrors): string[] {
  const spikes = name.startsWith("spikes.");
  const shown = (error: number) => {
    if (error === Number.POSITIVE_INFINITY) return "other spikes";
    return spikes ? `${twoDigits(error)} ms` : percent(error);
  };
  return [shown(method), `up to ${shown(predicted)}`, code === undefined ? "missing" : shown(code)];
}
