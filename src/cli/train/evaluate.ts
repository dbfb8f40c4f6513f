/** `goldspike evaluate`: how well a trained run does on a part of its data. */
import { Command, Option } from "commander";
import { ConfigError } from "../../base/errors.ts";
import { version } from "../../base/version.ts";
import { readCheckpoint } from "../../run/checkpoint.ts";
import { outcomeOf, type PartName, scoresOf } from "../../run/outcome.ts";
import { readRunConfig, runFile } from "../../run/runFolder.ts";
import { requireOwn, restoreParameters } from "../../run/state.ts";
import type { RunOverrides } from "../../training/config/load.ts";
import type { Score } from "../../training/records.ts";
import { pairsLine, print, printJson } from "../lines.ts";
import { positiveInteger, threads } from "../options.ts";
import { trainerFor } from "./training.ts";

interface EvaluateOptions extends RunOverrides {
  readonly checkpoint: "best" | "last";
  readonly part: PartName;
  readonly json?: boolean;
}

export function evaluateCommand(): Command {
  return new Command("evaluate")
    .description("Runs the trials of a part of the data with the parameters of a run, without training.")
    .argument("<run>", "folder of the run")
    .addOption(
      new Option("--checkpoint <which>", "parameters of the selected epoch or of the newest checkpoint")
        .choices(["best", "last"])
        .default("best"),
    )
    .addOption(
      new Option("--part <part>", "of the data").choices(["train", "validation", "test"]).default("test"),
    )
    .option("--data <dir>", "folder of the data set's files, if it has moved")
    .option("--threads <n>", "number of threads, or auto; results do not depend on it", threads)
    .option("--max-events <n>", "most hidden spikes of a trial, in place of the run's", positiveInteger)
    .option("--json", "print scores and confusion matrix as JSON")
    .addHelpText(
      "after",
      `
Examples:
  $ goldspike evaluate runs/fsdd
  $ goldspike evaluate runs/fsdd --part train --checkpoint last --json`,
    )
    .action(evaluate);
}

async function evaluate(path: string, options: EvaluateOptions): Promise<void> {
  const { checkpoint: which, part, json, ...overrides } = options;
  const file = runFile(path, which);
  const config = await readRunConfig(path, overrides);
  const checkpoint = await readCheckpoint(file);
  const trainer = await trainerFor(config, runFile(path, "config"));
  try {
    if (trainer.dataset[part] === undefined)
      throw new ConfigError(`--part: expected a part that the data set has, got "${part}"`);
    requireOwn(trainer, checkpoint, file);
    restoreParameters(trainer.parameters, checkpoint);
    const outcome = await outcomeOf(trainer, checkpoint.epoch, [part]);
    const { score } = outcome.parts[0]!.result;
    const result = { version, checkpoint: which, epoch: checkpoint.epoch, ...scoresOf(outcome, trainer) };
    if (json) printJson(result);
    else print(`${scoreLine(part, checkpoint.epoch, score)}\n`);
  } finally {
    trainer.engine.close();
  }
}

function scoreLine(part: PartName, epoch: number, { trials, loss, accuracy }: Score): string {
  return pairsLine({ part, epoch, trials, loss: loss.toFixed(4), accuracy: accuracy.toFixed(4) });
}
