/** `goldspike time`: how long the forward pass and the adjoint of a case take. */

import { Command, Option } from "commander";
import { Engine } from "../../engine/engine.ts";
import type { Precision } from "../../model/solution.ts";
import { caseArgument, loadNamedCase } from "../namedCase.ts";
import { maxEventsOption, positiveInteger, precisionOption } from "../options.ts";

interface TimeOptions {
  readonly precision: Precision;
  readonly gradients: "weights" | "all";
  readonly repetitions: number;
  readonly maxEvents?: number;
  readonly json?: boolean;
}

export function timeCommand(): Command {
  return new Command("time")
    .description(
      "Times the forward pass (with the loss) and the adjoint of a case: best of many repetitions, one thread.",
    )
    .argument("<case>", caseArgument)
    .addOption(precisionOption())
    .option("--json", 'print one line {"precision","spikes","forward_ms","adjoint_ms","total_ms"}')
    .addOption(
      new Option(
        "--gradients <which>",
        "what the adjoint computes: the weights, as training does, or every tensor",
      )
        .choices(["weights", "all"])
        .default("weights"),
    )
    .option("--repetitions <n>", "how many times to run, of which the best counts", positiveInteger, 100)
    .addOption(maxEventsOption())
    .addHelpText(
      "after",
      `
Examples:
  $ goldspike time case.json --precision f32
  $ goldspike time case.json --precision f32 --gradients all --json`,
    )
    .action(time);
}

async function time(path: string, options: TimeOptions): Promise<void> {
  const { precision, gradients, repetitions, maxEvents, json } = options;
  const { network, duration, input, loss } = await loadNamedCase(path);
  const engine = await Engine.create(network, {
    precision,
    duration,
    maxInputSpikes: input.times.length,
    ...(maxEvents !== undefined && { maxEvents }),
  });
  const { spikes, forwardMs, adjointMs } = engine.time(input, loss, { repetitions, gradients });
  const totalMs = forwardMs + adjointMs;
  if (json) {
    const line = { precision, spikes, forward_ms: forwardMs, adjoint_ms: adjointMs, total_ms: totalMs };
    process.stdout.write(`${JSON.stringify(line)}\n`);
    return;
  }
  const ms = (value: number): string => `${value.toFixed(3)} ms`;
  process.stdout.write(
    `${precision}, ${spikes} spikes: forward ${ms(forwardMs)} + adjoint ${ms(adjointMs)} = ${ms(totalMs)}\n`,
  );
}
