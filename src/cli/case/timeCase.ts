/** `goldspike time`: how long the forward pass and the adjoint of a case take. */

import { Command, Option } from "commander";
import { Engine } from "../../engine/engine.ts";
import { defaultMaxEvents } from "../../engine/engineOptions.ts";
import { type PhaseName, profileTrial } from "../../engine/profile/profile.ts";
import type { Case } from "../../model/case.ts";
import type { Precision } from "../../model/solution.ts";
import { caseArgument, loadNamedCase } from "../namedCase.ts";
import { maxEventsOption, positiveInteger, precisionOption } from "../options.ts";

interface TimeOptions {
  readonly precision: Precision;
  readonly gradients: "weights" | "all";
  readonly repetitions: number;
  readonly maxEvents?: number;
  readonly json?: boolean;
  readonly profile?: boolean;
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
    .option(
      "--profile",
      "where the time goes, by phase: means, from a build of the kernel that stops a clock between its phases",
    )
    .option("--repetitions <n>", "how many times to run, of which the best counts", positiveInteger, 100)
    .addOption(maxEventsOption())
    .addHelpText(
      "after",
      `
Examples:
  $ goldspike time case.json --precision f32
  $ goldspike time case.json --precision f32 --gradients all --json
  $ goldspike time case.json --profile`,
    )
    .action(time);
}

async function time(path: string, options: TimeOptions): Promise<void> {
  const { precision, gradients, repetitions, maxEvents, json } = options;
  const { network, duration, input, loss } = await loadNamedCase(path);
  if (options.profile) {
    await profile({ network, duration, input, loss }, options);
    return;
  }
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

const phases: readonly (readonly [PhaseName, string])[] = [
  ["flow", "flow, and the test of who may cross"],
  ["candidates", "bounds of their crossings"],
  ["solves", "solves"],
  ["jumps", "jumps"],
  ["record", "record"],
  ["loss", "loss"],
  ["replay", "states computed again"],
  ["adjointFlow", "adjoint flow"],
  ["adjointRows", "adjoint rows"],
  ["other", "the rest"],
];

async function profile(
  { network, duration, input, loss }: Pick<Case, "network" | "duration" | "input" | "loss">,
  { precision, gradients, repetitions, maxEvents = defaultMaxEvents, json }: TimeOptions,
): Promise<void> {
  const maxInputSpikes = input.times.length;
  const room = { precision, duration, maxInputSpikes, maxEvents, maxReadings: 0 };
  const found = await profileTrial(network, input, loss, { ...room, repetitions, gradients });
  if (json) {
    process.stdout.write(`${JSON.stringify({ precision, gradients, ...found })}\n`);
    return;
  }
  const total = Object.values(found.ms).reduce((sum, ms) => sum + ms, 0);
  const lines = phases.map(
    ([name, label]) =>
      `${label.padEnd(36)}${found.ms[name].toFixed(3).padStart(8)} ms${percent(found.ms[name] / total)}`,
  );
  const { intervals, chunks, considered, candidates, solves, steps } = found.counters;
  const whole = (value: number): string => value.toFixed(0);
  process.stdout.write(
    `${precision}, gradients of ${gradients === "all" ? "everything" : "the weights"}, ${total.toFixed(3)} ms\n${lines.join("\n")}\n` +
      `${whole(intervals)} intervals; ${whole(chunks)} chunks of neurons flagged, ${whole(considered)} neurons looked at, ` +
      `${whole(candidates)} candidates, ${whole(solves)} solved in ${whole(steps)} steps\n`,
  );
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1).padStart(7)} %`;
}
