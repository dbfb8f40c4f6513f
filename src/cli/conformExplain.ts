/** `goldspike conform explain`: where a result leaves the exact solution, or the twin of its time step. */
import { join } from "node:path";
import { Command } from "commander";
import { ConfigError } from "../base/errors.ts";
import { exactStandard } from "../conformance/explain/exactStandard.ts";
import { explain, type Standard } from "../conformance/explain/explain.ts";
import { twinStandard } from "../conformance/explain/twinStandard.ts";
import type { Convention, ConventionName } from "../conformance/twin/convention.ts";
import { loadCase } from "../format/loadCase.ts";
import { readResult } from "../format/result.ts";
import type { Case } from "../model/case.ts";
import { conventionOf, conventionOption, stepOption, switchOption } from "./conformOptions.ts";
import { explanationText } from "./explanationText.ts";
import { positiveInteger, positiveNumber } from "./options.ts";

interface ExplainOptions {
  readonly dt?: number;
  readonly convention?: ConventionName;
  readonly switch: Partial<Convention>;
  readonly ms?: number;
  readonly jumps?: number;
}

export function conformExplainCommand(): Command {
  return new Command("explain")
    .summary("where a result goes wrong")
    .description(
      "Finds the first spike at which a result leaves the exact solution or, with\n" +
        "--dt, the time-stepped twin of that step, and prints both states there. Where\n" +
        "all spikes agree it prints the backward pass, jump by jump: I - V, dL/dt and\n" +
        "lambda_V of every spike, beside the result's dL/dt if it has spike_times.",
    )
    .argument("<case>", "case file, or folder with case.json")
    .argument("<result>", "folder with result.json")
    .addOption(stepOption("time step of the result, if it has one").default(undefined))
    .addOption(conventionOption("whose steps, with --dt; genn_eventprop if absent").default(undefined))
    .addOption(switchOption())
    .option(
      "--ms <ms>",
      "within which a spike is the same; 1e-6 if absent, or the same step with --dt",
      positiveNumber,
    )
    .option(
      "--jumps <n>",
      "spikes of the backward pass at most; if absent 40, or none where spikes differ",
      positiveInteger,
    )
    .addHelpText(
      "after",
      `
Examples:
  $ goldspike conform run --case recurrence --keep out -- ./my_backend
  $ goldspike conform explain suite/smoke/recurrence out/smoke/recurrence/result
  $ goldspike conform explain suite/smoke/recurrence out/smoke/recurrence/result --dt 0.1 --jumps 6

Exit codes: 1 if the spikes differ, 2 for wrong input.`,
    )
    .action(run);
}

async function run(path: string, folder: string, options: ExplainOptions): Promise<void> {
  const problem = await loadCase(path);
  const result = await readResult(folder, problem.name, join(folder, "result.json"));
  const explanation = explain(problem, result, await standardOf(problem, options));
  console.log(explanationText(explanation, options));
  if (explanation.parting) process.exitCode = 1;
}

async function standardOf(
  problem: Case,
  { dt, convention, ms, switch: own }: ExplainOptions,
): Promise<Standard> {
  if (dt !== undefined)
    return await twinStandard(
      problem,
      conventionOf({ convention: convention ?? "genn_eventprop", switch: own }),
      dt,
      ms,
    );
  if (convention !== undefined)
    throw new ConfigError(
      `--convention: expected --dt with it, the step of the twin, got ${convention} alone`,
    );
  return await exactStandard(problem, ms);
}
