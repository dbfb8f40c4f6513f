/** A whole run in its folder: from its last checkpoint or its beginning to scores and report. */
import { basename, resolve } from "node:path";
import { readText } from "../base/text.ts";
import type { Dataset } from "../data/dataset.ts";
import type { Trainer } from "../training/trainer.ts";
import { type Outcome, outcomeOf, type PartName, writeOutcome } from "./outcome.ts";
import { restoreLast, restoreSelected } from "./restoreRun.ts";
import type { RunFolder } from "./runFolder.ts";
import { type RunEnd, type TrainOptions, trainRun } from "./trainRun.ts";

export interface CompleteOptions extends Pick<TrainOptions, "listener" | "signal" | "guard"> {
  /** Whether to go on from the last checkpoint. */
  readonly resume: boolean;
  /** Gets what the user should know of a checkpoint. */
  readonly onRemark?: (line: string) => void;
}

export interface CompletedRun {
  readonly trainer: Trainer;
  readonly end: RunEnd;
  /** Undefined if the run was interrupted. */
  readonly outcome: Outcome | undefined;
}

/**
 * Trains to the end and leaves `result.json` and `report.html`, or stops with a checkpoint.
 *
 * @throws ConfigError as `restoreLast`, or if the folder cannot be written
 * @throws KernelError if a trial gets out of hand
 */
export async function completeRun(
  trainer: Trainer,
  folder: RunFolder,
  { resume, onRemark = () => {}, ...options }: CompleteOptions,
): Promise<CompletedRun> {
  if (resume) for (const line of await restoreLast(trainer, folder)) onRemark(line);
  const end = await trainRun(trainer, { folder, ...options });
  if (end === "interrupted") return { trainer, end, outcome: undefined };
  const outcome = await finishRun(trainer, folder, end, options.guard);
  return { trainer, end, outcome };
}

/** What was not trained with; where there is nothing of the kind, what was. */
function partsOf({ validation, test }: Dataset): PartName[] {
  const held: PartName[] = [
    ...(validation ? ["validation" as const] : []),
    ...(test ? ["test" as const] : []),
  ];
  return held.length > 0 ? held : ["train"];
}

/** Scores with the parameters of the selected epoch, and the report. */
async function finishRun(
  trainer: Trainer,
  folder: RunFolder,
  end: RunEnd,
  guard: TrainOptions["guard"],
): Promise<Outcome> {
  const start = performance.now();
  await restoreSelected(trainer, folder);
  const { dataset, selected } = trainer;
  const outcome = await outcomeOf(trainer, selected.epoch, partsOf(dataset));
  await guard?.();
  // Also where nothing was left to train.
  await folder.accord(trainer.config, trainer.history);
  await writeOutcome(folder, trainer, outcome, end, {
    title: basename(resolve(folder.path)),
    settings: readText(folder.file("config")),
    seconds: (await folder.trainedSeconds()) + (performance.now() - start) / 1000,
  });
  return outcome;
}
