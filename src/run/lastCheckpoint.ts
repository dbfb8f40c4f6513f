/** The newest checkpoint of a run, and the one before it, which is there if the newest should be lost or damaged. */
import { ConfigError } from "../base/errors.ts";
import { exists, keepAs } from "../base/files.ts";
import { type Checkpoint, readCheckpoint, writeCheckpoint } from "./checkpoint.ts";
import type { RunFolder } from "./runFolder.ts";

/**
 * Makes a checkpoint the newest; at every moment there is one.
 *
 * @throws ConfigError one line if it cannot be written; those that were there are then untouched
 */
export async function writeLast(folder: RunFolder, checkpoint: Checkpoint): Promise<void> {
  const last = folder.file("last");
  if (await exists(last)) await keepAs(last, folder.file("previous"));
  await writeCheckpoint(last, checkpoint);
}

export interface LastCheckpoint {
  readonly path: string;
  readonly checkpoint: Checkpoint;
  /** Why it is not the newest. */
  readonly remark?: string;
}

/**
 * The newest checkpoint that can be read; undefined if a run has none yet.
 *
 * @throws ConfigError one line: why the newest cannot be read, if the one before cannot either
 */
export async function readLast(folder: Pick<RunFolder, "file">): Promise<LastCheckpoint | undefined> {
  const [last, previous] = [folder.file("last"), folder.file("previous")];
  const hasLast = await exists(last);
  const hasPrevious = await exists(previous);
  if (!hasLast && !hasPrevious) return undefined;
  const newest = hasLast ? await attempt(last) : new ConfigError(`${last}: is missing`);
  if (!(newest instanceof ConfigError)) return { path: last, checkpoint: newest };
  const before = hasPrevious ? await attempt(previous) : newest;
  if (before instanceof ConfigError) throw newest;
  const { epoch, batch } = before;
  const place = batch === 0 ? `epoch ${epoch}` : `batch ${batch} of epoch ${epoch}`;
  const remark = `warning: ${newest.message}; going on from the one before, ${previous}, after ${place}`;
  return { path: previous, checkpoint: before, remark };
}

/**
 * Puts the checkpoint from which a run goes on in the place of the newest one, if that cannot be read: the next one would
 * otherwise be written while the only one that is whole gives way to it.
 *
 * @throws ConfigError one line if it cannot be written
 */
export async function mendLast(folder: RunFolder): Promise<void> {
  const found = await readLast(folder);
  const last = folder.file("last");
  if (found !== undefined && found.path !== last) await keepAs(found.path, last);
}

async function attempt(path: string): Promise<Checkpoint | ConfigError> {
  return readCheckpoint(path).catch((error: unknown) => {
    if (error instanceof ConfigError) return error;
    throw error;
  });
}
