/** A run that has been stopped, or was killed, as it was when it last wrote a checkpoint. */
import { exists } from "../files.ts";
import type { Trainer } from "../training/trainer.ts";
import { readCheckpoint } from "./checkpoint.ts";
import type { RunFolder } from "./runFolder.ts";
import { restore } from "./state.ts";

/**
 * Puts the trainer where the folder's run was, and the folder's files in accord with it. Nothing in the folder changes
 * before the checkpoint has turned out to be the run's.
 *
 * @throws ConfigError one line if the checkpoint cannot be read or is of another run
 */
export async function goOn(trainer: Trainer, folder: RunFolder): Promise<void> {
  const path = folder.file("last");
  // A run that was killed before its first checkpoint has none, and starts again.
  if (await exists(path)) restore(trainer, await readCheckpoint(path), path);
  await folder.keepMetrics(trainer.history.length);
  if (trainer.stopReason === undefined) await folder.removeOutcome();
  await folder.writeConfig(trainer.config);
}
