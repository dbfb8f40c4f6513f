/** The parameters of the epoch that a run has selected. */
import { ConfigError } from "../base/errors.ts";
import type { Trainer } from "../training/trainer.ts";
import { readCheckpoint } from "./checkpoint.ts";
import { type RunFolder, runFile } from "./runFolder.ts";
import { requireSameData } from "./sameData.ts";
import { requireOwn, restoreParameters } from "./state.ts";
import { evaluateHint } from "./wayOut.ts";

/**
 * Puts them into the trainer, at the end of its run.
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
