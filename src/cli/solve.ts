/** `goldspike solve`: the spikes, loss and gradients of a case. */
import { Command } from "commander";
import { loadCase } from "../case/loadCase.ts";
import { resultOf } from "../case/result.ts";
import { Engine, type Precision } from "../engine.ts";
import { replaceFile } from "../files.ts";
import { positiveInteger, precisionOption } from "./options.ts";

interface SolveOptions {
  readonly precision: Precision;
  readonly maxSpikes?: number;
  readonly output?: string;
}

export function solveCommand(): Command {
  return new Command("solve")
    .summary("spikes, loss and every gradient of a case")
    .description(
      "Simulates a case and prints its result as JSON (goldspike/result@1): spikes, loss, and the gradient of the loss " +
        "with respect to every parameter, input time and spike.",
    )
    .argument("<case>", "case file, or folder with case.json")
    .addOption(precisionOption())
    .option(
      "--max-spikes <n>",
      "most spikes the network may emit before the run stops (default: 1000000)",
      positiveInteger,
    )
    .option(
      "-o, --output <file>",
      "write the result there instead of to stdout; it appears complete or not at all",
    )
    .addHelpText(
      "after",
      `
Examples:
  $ goldspike solve case.json
  $ goldspike solve case.json --precision f32 -o result.json

Exit codes: 1 if the spike budget is used up or the loss is not defined for the spikes, 2 for wrong input.`,
    )
    .action(solve);
}

async function solve(path: string, { precision, maxSpikes, output }: SolveOptions): Promise<void> {
  const problem = await loadCase(path);
  const { network, duration, input, loss } = problem;
  const engine = await Engine.create(network, {
    precision,
    duration,
    maxInputSpikes: input.times.length,
    ...(maxSpikes === undefined ? {} : { maxSpikes }),
  });
  const text = `${JSON.stringify(resultOf(problem, engine.solve(input, loss), precision))}\n`;
  if (output === undefined) process.stdout.write(text);
  else await replaceFile(output, text);
}
