/** A run's checkpoints back in its trainer: as it was when it last wrote one, or the epoch that it has selected. */
import { ConfigError } from "../base/errors.ts";
import { exists } from "../base/files.ts";
import { version } from "../base/version.ts";
import type { Trainer } from "../training/trainer.ts";
import { readCheckpoint } from "./checkpoint.ts";
import { requireSameData } from "./compatible.ts";
import { readLast } from "./lastCheckpoint.ts";
import { anewHint, evaluateHint, type RunFolder, runFile } from "./runFolder.ts";
import { requireOwn, restore, restoreParameters } from "./state.ts";

/**
 * Puts the trainer where the folder's run was. In the folder nothing changes: `trainRun` brings its files into accord
 * when there is something new to write.
 *
 * @returns what the user should know
 * @throws ConfigError one line if the checkpoint is missing, cannot be read, or is of another run or other data
 */
export async function restoreLast(trainer: Trainer, folder: RunFolder): Promise<string[]> {
  const found = await readLast(folder).catch(async (error: Error) => {
    throw new ConfigError(`${error.message}; ${await remainder(folder)}`);
  });
  if (found === undefined) {
    await requireUnbegun(folder);
    return [];
  }
  const { path, checkpoint, remark } = found;
  restore(trainer, checkpoint, path);
  requireSameData(trainer, checkpoint, path);
  const { epochs } = trainer.config;
  const done = checkpoint.history.length;
  if (epochs < done)
    throw new ConfigError(`--epochs: expected at least the ${done} epochs that are done, got ${epochs}`);
  const remarks = remark === undefined ? [] : [remark];
  if (checkpoint.version === version) return remarks;
  return [
    ...remarks,
    `warning: ${path}: goldspike ${checkpoint.version} wrote it, this is ${version}; the run may end with other bits ` +
      "than one that was never stopped",
  ];
}

/**
 * A run that was killed before its first checkpoint has none, and starts again. It may have left the line of its first
 * epoch and that epoch's `best`, which are written before; anything more is of a run whose checkpoint was lost.
 */
async function requireUnbegun(folder: RunFolder): Promise<void> {
  const lines = await folder.metricsLines();
  const best = await exists(folder.file("best"));
  const result = await exists(folder.file("result"));
  if (lines <= 1 && !result && !(best && lines === 0)) return;
  throw new ConfigError(
    `${folder.file("last")}: is missing, without which the run cannot go on; ${await remainder(folder)}`,
  );
}

/** What can be done without `last`. */
async function remainder(folder: RunFolder): Promise<string> {
  const anew = `train anew with: ${anewHint(folder.file("config"))}`;
  if (!(await exists(folder.file("best")))) return anew;
  return `best.safetensors is left (${evaluateHint(folder.path)}), or ${anew}`;
}

/**
 * Puts the parameters of the selected epoch into the trainer, at the end of its run.
 *
 * @throws ConfigError one line if the folder's `best` is missing, damaged, of another run or of another epoch
 */
export async function restoreSelected(trainer: Trainer, folder: Pick<RunFolder, "path">): Promise<void> {
  const path = runFile(folder.path, "best");
  try {
    const best = await readCheckpoint(path);
    requireOwn(trainer, best, path);
    requireSameData(trainer, best, path);
    const { epoch } = trainer.selected;
    if (best.epoch !== epoch)
      throw new ConfigError(
        `${path}: epoch: expected ${epoch}, which the run has selected, got ${best.epoch}`,
      );
    restoreParameters(trainer.parameters, best);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const hint = evaluateHint(folder.path, " --checkpoint last");
    throw new ConfigError(`${error.message}; the parameters of the last epoch are left: ${hint}`);
  }
}
