/** `goldspike evaluate`: how well a trained run does on a part of its data. */
import { Command, Option } from "commander";
import { ConfigError } from "../../base/errors.ts";
import { version } from "../../base/version.ts";
import { type Checkpoint, readCheckpoint } from "../../run/checkpoint.ts";
import { evaluateFile } from "../../run/evaluateFile.ts";
import { type Outcome, outcomeOf, type PartName, scoresOf } from "../../run/outcome.ts";
import { readRunConfig, runFile } from "../../run/runFolder.ts";
import { requireOwn, restoreParameters } from "../../run/state.ts";
import { type Interval, meanRecall, wilsonInterval } from "../../training/confidence.ts";
import type { RunOverrides } from "../../training/config/load.ts";
import type { RunConfig } from "../../training/config/run.ts";
import type { Score } from "../../training/records.ts";
import { intervalText, pairsLine, print, printJson } from "../lines.ts";
import { positiveInteger, threads } from "../options.ts";
import { trainerFor } from "./training.ts";

interface EvaluateOptions extends RunOverrides {
  readonly checkpoint: "best" | "last";
  readonly part: PartName;
  readonly file?: string;
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
    .addOption(
      new Option(
        "--file <file>",
        "recordings of any other file, .h5 or .h5.gz, classes matched by name",
      ).conflicts(["part", "data"]),
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
  $ goldspike evaluate runs/fsdd --part train --checkpoint last --json
  $ goldspike evaluate runs/words --file others.h5.gz

The interval is the 95 % one of Wilson; mean_recall is the mean over the classes of the share of their trials that were right.`,
    )
    .action(evaluate);
}

async function evaluate(path: string, options: EvaluateOptions): Promise<void> {
  const { checkpoint: which, part, file, json, ...overrides } = options;
  const config = await readRunConfig(path, overrides);
  const checkpoint = await readCheckpoint(runFile(path, which));
  const outcome =
    file === undefined
      ? await outcomeOfPart(path, config, checkpoint, which, part)
      : await evaluateFile(checkpoint, file, overrides);
  const { classes, epoch } = checkpoint;
  const { confusion, ...scores } = scoresOf(outcome, classes);
  const { score } = outcome.parts[0]!.result;
  const sure = {
    interval: wilsonInterval(score.accuracy, score.trials),
    mean_recall: meanRecall(confusion.counts),
  };
  if (json)
    printJson({
      ...{ version, checkpoint: which, epoch, ...(file !== undefined && { file }), ...scores, ...sure },
      confusion,
    });
  else print(`${scoreLine(file === undefined ? { part } : { file }, epoch, score, sure)}\n`);
}

async function outcomeOfPart(
  path: string,
  config: RunConfig,
  checkpoint: Checkpoint,
  which: EvaluateOptions["checkpoint"],
  part: PartName,
): Promise<Outcome> {
  const trainer = await trainerFor(config, runFile(path, "config"));
  try {
    if (trainer.dataset[part] === undefined)
      throw new ConfigError(`--part: expected a part that the data set has, got "${part}"`);
    requireOwn(trainer, checkpoint, runFile(path, which));
    restoreParameters(trainer.parameters, checkpoint);
    return await outcomeOf(trainer, checkpoint.epoch, [part]);
  } finally {
    trainer.engine.close();
  }
}

function scoreLine(
  place: Readonly<Record<string, string>>,
  epoch: number,
  { trials, loss, accuracy }: Score,
  { interval, mean_recall }: { interval: Interval; mean_recall: number },
): string {
  const digits = (value: number) => value.toFixed(4);
  return pairsLine({
    ...{ ...place, epoch, trials, loss: digits(loss), accuracy: digits(accuracy) },
    ...{ interval: intervalText(interval), mean_recall: digits(mean_recall) },
  });
}
