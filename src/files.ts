/** Files with errors in one line, and results that are never half written. */
import { randomBytes } from "node:crypto";
import { realpath, rename, rm, stat, writeFile } from "node:fs/promises";
import { ConfigError } from "./errors.ts";

const reasons: Readonly<Record<string, string>> = {
  ENOENT: "no such file or folder",
  ENOTDIR: "no such file or folder",
  EACCES: "permission denied",
  EPERM: "permission denied",
  EROFS: "the file system is read-only",
  EISDIR: "it is a folder",
  ENOSPC: "no space is left",
  ELOOP: "too many symbolic links",
  ENAMETOOLONG: "the name is too long",
};

/** Why a file operation failed, in a few words. */
export function fileReason(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return reasons[code ?? ""] ?? message.split("\n", 1)[0]!;
}

/**
 * Writes `text` (or its pieces) to a temporary file beside `path`, flushes it to the disk and renames it, so that `path`
 * holds the old or the new text, never a part. A device or a pipe is written to directly.
 *
 * @throws ConfigError one line if it cannot be written
 */
export async function replaceFile(path: string, text: string | Iterable<string>): Promise<void> {
  try {
    const found = await stat(path).catch(() => undefined);
    if (found !== undefined && !found.isFile()) return await writeFile(path, text);
    const target = found === undefined ? path : await realpath(path);
    const temporary = `${target}.${randomBytes(6).toString("hex")}.tmp`;
    try {
      await writeFile(temporary, text, { flag: "wx", flush: true });
      await rename(temporary, target);
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
  } catch (error) {
    throw new ConfigError(`${path}: cannot be written: ${fileReason(error)}`);
  }
}
