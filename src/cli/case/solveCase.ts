/** `goldspike solve`: the spikes, loss and gradients of a case. */

import { pipeline } from "node:stream/promises";
import { Command } from "commander";
import { replaceFile } from "../../base/files.ts";
import { solveCase } from "../../engine/solve.ts";
import { type JsonTree, jsonChunks } from "../../format/jsonChunks.ts";
import { npzOf, treeNumbers } from "../../format/npz.ts";
import { resultOf } from "../../format/resultOf.ts";
import type { ClosestGraze, Precision } from "../../model/solution.ts";
import { say } from "../lines.ts";
import { caseArgument, loadNamedCase } from "../namedCase.ts";
import {
  chargeUnmatched,
  maxEventsOption,
  precisionOption,
  type UnmatchedCosts,
  withUnmatchedCosts,
} from "../options.ts";

interface SolveOptions extends UnmatchedCosts {
  readonly precision: Precision;
  readonly maxEvents?: number;
  readonly output?: string;
}

export function solveCommand(): Command {
  const command = new Command("solve")
    .description(
      "Simulates a case and prints its result as JSON (goldspike/result@1): spikes, loss, and the gradient of the loss " +
        "with respect to every parameter, input time and spike.",
    )
    .argument("<case>", caseArgument)
    .addOption(precisionOption())
    .addOption(maxEventsOption())
    .option(
      "-o, --output <file>",
      "write the result there instead of to stdout, as numpy.load reads it if the name ends in .npz; it appears complete or not at all",
    );
  return withUnmatchedCosts(command)
    .addHelpText(
      "after",
      `
Examples:
  $ goldspike solve case.json
  $ goldspike solve case.json --precision f32 -o result.json
  $ goldspike solve case.json -o result.npz
  $ python3 -c "import numpy; print(numpy.load('result.npz')['gradients.projections[0].weight'])"
  $ goldspike solve case.json --extra-cost 50 --missing-cost 50

In an .npz file every number has its path in the JSON for a name: loss, spikes.hidden.times,
gradients.populations.hidden.tau_mem.

In f32, a line on stderr names the neuron whose voltage came so near its threshold that rounding may have decided whether
it spiked.

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

async function printSolution(path: string, options: SolveOptions): Promise<void> {
  const { precision, maxEvents, output } = options;
  const problem = chargeUnmatched(await loadNamedCase(path), options);
  const solution = await solveCase(problem, { precision, ...(maxEvents !== undefined && { maxEvents }) });
  const doubt = doubtOf(solution.closestGraze, precision);
  if (doubt !== undefined) say(doubt);
  const result = resultOf(problem, solution, precision);
  if (output === undefined) await print(lines(result));
  else await replaceFile(output, output.endsWith(".npz") ? [npzOf(treeNumbers(result))] : lines(result));
}

/** Where rounding may have decided about a spike, in one line. */
function doubtOf(graze: ClosestGraze | undefined, precision: Precision): string | undefined {
  if (!graze?.isDoubtful) return undefined;
  const { population, neuron, time, margin } = graze;
  const place = `${population} neuron ${neuron} at ${time} ms`;
  return (
    `${precision}: the spikes may not be those of the exact solution: ${place} came within ${margin.toExponential(1)} of its ` +
    `threshold, which rounding can decide${precision === "f32" ? "; see --precision f64" : ""}`
  );
}
