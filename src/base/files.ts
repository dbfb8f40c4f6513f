/** Files with errors in one line, and results that are never half written. */
import { randomBytes } from "node:crypto";
import { closeSync, fstatSync, openSync, readSync, type Stats, statSync } from "node:fs";
import {
  access,
  constants,
  copyFile,
  link,
  mkdir,
  open,
  readdir,
  realpath,
  rename,
  rm,
  stat,
  writeFile,
} from "node:fs/promises";
import { dirname } from "node:path";
import { ConfigError } from "./errors.ts";

const reasons: Readonly<Record<string, string>> = {
  ENOENT: "no such file or folder",
  ENOTDIR: "no such file or folder",
  EACCES: "permission denied",
  EPERM: "permission denied",
  EROFS: "the file system is read-only",
  EISDIR: "it is a folder",
  EEXIST: "it is not a folder",
  ENOSPC: "no space is left",
  EDQUOT: "no space is left",
  EFBIG: "the file would be too large",
  ELOOP: "too many symbolic links",
  ENAMETOOLONG: "the name is too long",
};

/** Why a file operation failed, in a few words. */
export function fileReason(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return reasons[code ?? ""] ?? message.split("\n", 1)[0]!;
}

/** The ConfigError for a file or folder that cannot be written, with the reason. */
export function cannotWrite(path: string, error: unknown): ConfigError {
  return new ConfigError(`${path}: cannot be written: ${fileReason(error)}`, { cause: error });
}

/** What kept a file from being written, such as `ENOSPC`, if that is why an error was thrown. */
export function writeFailure(error: unknown): string | undefined {
  if (!(error instanceof ConfigError)) return undefined;
  return (error.cause as NodeJS.ErrnoException | undefined)?.code;
}

/** A file or folder that cannot be read. */
export class Unreadable extends ConfigError {}

/** With the reason. */
export function cannotRead(path: string, error: unknown): Unreadable {
  return new Unreadable(`${path}: cannot be read: ${fileReason(error)}`);
}

/** What is in a folder; nothing if it is not there. @throws Unreadable */
export async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    throw cannotRead(folder, error);
  });
}

/**
 * Opening a pipe waits for who writes into it, a device may have no end, and nothing can be read twice from either.
 *
 * @throws Error with the reason
 */
export function requireOnDisk(found: Stats): void {
  if (!found.isFile() && !found.isDirectory())
    throw new Error("it is a pipe or a device; save it to a file first");
}

/** What is there, in a few words. */
export function kindOf(found: Stats): string {
  if (found.isFile()) return "a file";
  if (found.isDirectory()) return "a folder";
  if (found.isSymbolicLink()) return "a link";
  if (found.isFIFO()) return "a pipe";
  return found.isSocket() ? "a socket" : "a device";
}

/** Bytes of an input whose reader sets no limit of its own. */
const mostInput = 2 ** 30;

/**
 * The content of a file that somebody named. Every input is read by this function, or looked at by `requireOnDisk` first.
 *
 * As many bytes are read as the file says that it has: some of the system's own say that they are empty, and never end.
 *
 * @param most bytes
 * @throws Error with the reason, for `fileReason`: it is not there, may not be read, is a folder, a pipe, a device or a link
 *   to one, or is too large
 */
export function readInput(path: string, most = mostInput): Buffer<ArrayBuffer> {
  requireInput(statSync(path), most);
  const file = openSync(path, "r");
  try {
    const found = fstatSync(file);
    requireInput(found, most);
    const bytes = Buffer.alloc(found.size);
    let end = 0;
    for (let read = -1; end < bytes.length && read !== 0; end += read)
      read = readSync(file, bytes, end, Math.min(bytes.length - end, 2 ** 30), end);
    return bytes.subarray(0, end);
  } finally {
    closeSync(file);
  }
}

function requireInput(found: Stats, most: number): void {
  if (found.isDirectory()) throw Object.assign(new Error(), { code: "EISDIR" });
  requireOnDisk(found);
  if (found.size > most)
    throw new Error(`it has ${mebibytes(found.size)} MiB, and at most ${mebibytes(most)} are read`);
}

function mebibytes(bytes: number): string {
  return String(Number((bytes / 2 ** 20).toPrecision(3)));
}

/**
 * The text in a file, whatever is in it; empty where there is none.
 *
 * @throws ConfigError one line if it is there and cannot be read
 */
export function textIfThere(path: string): string {
  try {
    return readInput(path).toString("utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return "";
    throw cannotRead(path, error);
  }
}

/** Whether there is anything at the path. */
export async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined;
}

/**
 * Says before long work whether its result can be written.
 *
 * @throws ConfigError the folder is not there or cannot be written to, or the path is a folder
 */
export async function requireWritable(path: string): Promise<void> {
  try {
    const found = await stat(path).catch(() => undefined);
    if (found?.isDirectory()) throw Object.assign(new Error(), { code: "EISDIR" });
    // A file is replaced, which is up to its folder; a device is written to.
    const target = found?.isFile() ? dirname(await realpath(path)) : found ? path : dirname(path);
    await access(target, constants.W_OK);
  } catch (error) {
    throw cannotWrite(path, error);
  }
}

/** A name beside `path` for what is not whole yet; `isTemporary` tells it from names that people give. */
function temporaryFor(path: string): string {
  return `${path}.${randomBytes(6).toString("hex")}.tmp`;
}

/** Whether a file has such a name: a crash has left it. */
export function isTemporary(name: string): boolean {
  return /\.[0-9a-f]{12}\.tmp$/.test(name);
}

/**
 * Writes `content` (a text, or pieces of text or bytes) to a temporary file beside `path`, flushes it to the disk and
 * renames it, so that `path` holds the old or the new content, never a part, even if the power fails. A device or a pipe
 * is written to directly.
 *
 * @throws ConfigError one line if it cannot be written
 */
export async function replaceFile(
  path: string,
  content: string | Iterable<string | Uint8Array>,
): Promise<void> {
  try {
    const found = await stat(path).catch(() => undefined);
    if (found !== undefined && !found.isFile()) return await writeFile(path, content);
    const target = found === undefined ? path : await realpath(path);
    const temporary = temporaryFor(target);
    try {
      await writePieces(temporary, typeof content === "string" ? [content] : content);
      await rename(temporary, target);
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
    await flushFolder(dirname(target));
  } catch (error) {
    throw cannotWrite(path, error);
  }
}

/** Piece by piece: Bun's `writeFile` writes some of several pieces twice. */
async function writePieces(path: string, pieces: Iterable<string | Uint8Array>): Promise<void> {
  const file = await open(path, "wx");
  try {
    for (const piece of pieces) await file.writeFile(piece);
    await file.sync();
  } finally {
    await file.close();
  }
}

/**
 * Keeps a file's content under another name too, in one step, in place of what had that name. The file may be replaced
 * afterwards, not be written to.
 *
 * @throws ConfigError one line if it cannot be done
 */
export async function keepAs(path: string, other: string): Promise<void> {
  const temporary = temporaryFor(other);
  try {
    // Not every file system has links.
    await link(path, temporary).catch(() => copyFile(path, temporary, constants.COPYFILE_EXCL));
    await rename(temporary, other);
  } catch (error) {
    throw cannotWrite(other, error);
  } finally {
    // Of two names of one file already, renaming takes neither away.
    await rm(temporary, { force: true });
  }
}

/**
 * Makes a folder and those above it where they are missing. Node's own `recursive` never ends where there is a folder in which
 * the system says that no other can be, as /proc does.
 *
 * @returns those that it made, the topmost first
 * @throws Error of the file system
 */
export async function makeFolders(path: string): Promise<string[]> {
  try {
    return await makeOne(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT" || dirname(path) === path) throw error;
  }
  const above = await makeFolders(dirname(path));
  // Others may make some of them meanwhile: whether there is a parent shows only now.
  return [...above, ...(await makeOne(path))];
}

async function makeOne(path: string): Promise<string[]> {
  try {
    await mkdir(path);
    return [path];
  } catch (error) {
    if ((await stat(path).catch(() => undefined))?.isDirectory()) return [];
    throw error;
  }
}

/**
 * Makes a folder and those above it where they are missing, so that they are still there if the power fails.
 *
 * @throws ConfigError one line if it cannot be made
 */
export async function makeFolder(path: string): Promise<void> {
  try {
    for (const made of (await makeFolders(path)).reverse()) await flushFolder(dirname(made));
  } catch (error) {
    throw cannotWrite(path, error);
  }
}

/** Makes the names in a folder last as its files' content does; Windows has no such call. */
export async function flushFolder(path: string): Promise<void> {
  if (process.platform === "win32") return;
  const folder = await open(path, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
