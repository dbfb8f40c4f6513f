/** Trainings of programs in files: the checkpoints and the folders that the commands read. */
import { ConfigError } from "../base/errors.ts";
import { exists } from "../base/files.ts";
import { checkOptions, flagRule } from "../engine/checks.ts";
import type { TrainerConfig } from "../training/config/own.ts";
import type { Trainer } from "../training/trainer.ts";
import { type Training, trainerOf } from "../training/training.ts";
import { readCheckpoint, readOwnCheckpoint, writeCheckpoint } from "./checkpoint.ts";
import { requireSame, requireSameData } from "./compatible.ts";
import { writeLast } from "./lastCheckpoint.ts";
import { RunFolder, readRunConfig, runFile } from "./runFolder.ts";
import { checkpointOf, requireOwn, restore, restoreParameters } from "./state.ts";

/**
 * Writes the whole state of a training, from which it goes on with the same bits: a safetensors file with every parameter
 * and moment by name, and settings, history and progress in its metadata. A file that was there is replaced in one step.
 *
 * @throws ConfigError one line if it cannot be written
 */
export async function saveCheckpoint(training: Training, path: string): Promise<void> {
  await writeCheckpoint(path, checkpointOf(trainerOf(training)));
}

/** What of a checkpoint is taken over. */
export interface LoadChoice {
  /** Only the parameters, to evaluate or to train anew on whatever data; default false: the whole state. */
  readonly parametersOnly?: boolean;
}

/**
 * Puts a training where `saveCheckpoint`, or a run of the commands, has written a checkpoint.
 *
 * @throws ConfigError one line for a file that cannot be read or is damaged, that is of another network or other settings, or
 *   (for the whole state) of other data
 */
export async function loadCheckpoint(
  training: Training,
  path: string,
  choice: LoadChoice = {},
): Promise<void> {
  checkOptions(choice, { parametersOnly: flagRule });
  const trainer = trainerOf(training);
  const checkpoint = isRun(trainer) ? await readCheckpoint(path) : await readOwnCheckpoint(path);
  if (choice.parametersOnly) {
    requireOwn(trainer, checkpoint, path);
    restoreParameters(trainer.parameters, checkpoint);
    return;
  }
  restore(trainer, checkpoint, path);
  requireSameData(trainer, checkpoint, path);
}

/**
 * Writes a configuration's training into a run folder, as `goldspike train` does after an epoch: `goldspike resume`,
 * `evaluate` and `predict` go on from there. Call it after every epoch: the best one is kept beside the last.
 *
 * @param path of the folder; made where it is missing, and then this training's own
 * @throws ConfigError one line for a network of one's own, which a folder cannot describe, if the best epoch was not
 *   saved there, if the folder holds another run, is in use or cannot be written
 */
export async function saveRun(training: Training, path: string): Promise<void> {
  const trainer = trainerOf(training);
  if (!isRun(trainer))
    throw new ConfigError(
      "training: expected one of a configuration, got one of a network of one's own; use saveCheckpoint",
    );
  const isBest = trainer.isBest && trainer.state.batch === 0 && trainer.history.length > 0;
  if (!isBest) await requireBest(trainer, runFile(path, "best"));
  const folder = await folderOf(trainer, path);
  try {
    const checkpoint = checkpointOf(trainer);
    await folder.removeOutcome();
    await folder.accord(trainer.config, trainer.history);
    if (isBest) await writeCheckpoint(folder.file("best"), checkpoint);
    await writeLast(folder, checkpoint);
  } finally {
    await folder.close();
  }
}

/** A configuration says where its data are. */
function isRun(trainer: Trainer<TrainerConfig>): trainer is Trainer {
  return "dataset" in trainer.config;
}

/** What `selected` says is in the folder, or will be when it comes. */
async function requireBest({ selected }: Trainer, path: string): Promise<void> {
  if (selected.epoch === 0) return;
  const found = (await exists(path)) ? (await readCheckpoint(path)).epoch : undefined;
  if (found === selected.epoch) return;
  throw new ConfigError(
    `${path}: expected epoch ${selected.epoch}, the best so far, got ${found ?? "nothing"}; save after every epoch`,
  );
}

async function folderOf(trainer: Trainer, path: string): Promise<RunFolder> {
  if (!(await exists(runFile(path, "config")))) return RunFolder.create(path, trainer.config);
  requireSame(runFile(path, "config"), await readRunConfig(path), trainer.config, "the training");
  return RunFolder.resume(path);
}
