/** `goldspike solve`: the spikes, loss and gradients of a case. */

import { pipeline } from "node:stream/promises";
import { Command } from "commander";
import { replaceFile } from "../../base/files.ts";
import { solveCase } from "../../engine/solve.ts";
import { type JsonTree, jsonChunks } from "../../format/jsonChunks.ts";
import { loadCase } from "../../format/loadCase.ts";
import { resultOf } from "../../format/resultOf.ts";
import type { Precision } from "../../model/solution.ts";
import { maxEventsOption, precisionOption } from "../options.ts";

interface SolveOptions {
  readonly precision: Precision;
  readonly maxEvents?: number;
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
    .addOption(maxEventsOption())
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

Exit codes: 1 if the event budget is used up or the loss is not defined for the spikes, 2 for wrong input.`,
    )
    .action(printSolution);
}

async function print(text: Iterable<string>): Promise<void> {
  try {
    await pipeline(text, process.stdout, { end: false });
  } catch (error) {
    // The stream's own error is reported where stdout is looked after.
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
  }
}

function* lines(result: JsonTree): Generator<string> {
  yield* jsonChunks(result);
  yield "\n";
}

async function printSolution(path: string, { precision, maxEvents, output }: SolveOptions): Promise<void> {
  const problem = await loadCase(path);
  const solution = await solveCase(problem, { precision, ...(maxEvents !== undefined && { maxEvents }) });
  const result = resultOf(problem, solution, precision);
  if (output === undefined) await print(lines(result));
  else await replaceFile(output, lines(result));
}
