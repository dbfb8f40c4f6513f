/** Folders in which backends read and write. */
import { mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onExit } from "signal-exit";
import { ConfigError } from "../../base/errors.ts";
import { fileReason } from "../../base/files.ts";
import { handedOut, type Prepared } from "./prepare.ts";
import { removeFolder } from "./removal.ts";

export interface Keeping {
  /** Where results are kept, GROUP/NAME each; a folder for temporary files, and then removed, if absent. */
  readonly keep?: string | undefined;
  /** Called with a line about what could not be cleared away. */
  readonly onRemark?: (line: string) => void;
}

/**
 * Where results go, and what clears it away at the end: `keep`, which stays, or a folder for temporary files.
 *
 * @throws ConfigError it cannot be written
 */
export async function prepareFolder({
  keep,
  onRemark,
}: Keeping): Promise<{ folder: string; remove: () => void }> {
  try {
    if (keep !== undefined) {
      await mkdir(keep, { recursive: true });
      return { folder: keep, remove: () => {} };
    }
    const folder = await mkdtemp(join(tmpdir(), "goldspike-"));
    const clean = () => {
      const reason = tryToRemove(folder);
      if (reason !== undefined) onRemark?.(`${folder}: cannot be removed: ${reason}`);
    };
    const forget = onExit(clean);
    return {
      folder,
      remove: () => {
        clean();
        forget();
      },
    };
  } catch (error) {
    throw new ConfigError(`${keep ?? tmpdir()}: cannot be written: ${fileReason(error)}`);
  }
}

/** Removes a folder, or says why it is still there. */
export function tryToRemove(folder: string): string | undefined {
  try {
    removeFolder(folder);
    return undefined;
  } catch (error) {
    return fileReason(error);
  }
}

export interface Folders {
  /** CASE_DIR and RESULT_DIR. */
  readonly from: string;
  readonly to: string;
}

/** For one case. */
export async function makeFolders(base: string): Promise<Folders> {
  const folders = { from: join(base, "case"), to: join(base, "result") };
  await mkdir(folders.from, { recursive: true });
  await mkdir(folders.to);
  return folders;
}

/** Copies; what is known about the case stays out of sight. */
export async function handOut(prepared: Prepared, target: string): Promise<void> {
  for (const [name, bytes] of handedOut(prepared)) await writeFile(join(target, name), bytes);
}
