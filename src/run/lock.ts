/** One process at a time in a folder. */
import { open, readFile, rm } from "node:fs/promises";
import { hostname } from "node:os";
import { ConfigError } from "../base/errors.ts";
import { cannotRead, cannotWrite, replaceFile } from "../base/files.ts";

interface Holder {
  readonly pid: number;
  readonly host: string;
}

/** Locks of this very process: a lock with its pid that is not among them is left from a process that is gone. */
const held = new Set<string>();

/**
 * Creates the lock file, which names this process; one left by a process that is gone is taken over.
 *
 * @param path absolute, without symbolic links
 * @returns what removes it
 * @throws ConfigError one line if another process holds it or it cannot be written
 */
export async function lock(path: string): Promise<() => Promise<void>> {
  const own: Holder = { pid: process.pid, host: hostname() };
  if (held.has(path)) throw inUse(path, own);
  held.add(path);
  const release = async () => {
    held.delete(path);
    await rm(path, { force: true });
  };
  try {
    const content = JSON.stringify(own);
    while (!(await tryToCreate(path, content)) && !(await tryToTakeOver(path, content)));
    return release;
  } catch (error) {
    held.delete(path);
    throw error;
  }
}

/** False if the file is there already. One for which the disk has no room is taken away: it would lock out everybody. */
async function tryToCreate(path: string, content: string): Promise<boolean> {
  const file = await open(path, "wx").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "EEXIST") return undefined;
    throw cannotWrite(path, error);
  });
  if (file === undefined) return false;
  try {
    await file.writeFile(content);
    await file.sync();
    return true;
  } catch (error) {
    await rm(path, { force: true });
    throw cannotWrite(path, error);
  } finally {
    await file.close();
  }
}

/**
 * Of several that find the same lock left behind, the one that creates a second file replaces it; the others find that
 * file, or a lock that is in use. False if the lock has been removed meanwhile.
 */
async function tryToTakeOver(path: string, content: string): Promise<boolean> {
  if ((await holderNow(path)) === "nobody") return false;
  const claim = `${path}.claim`;
  if (!(await tryToCreate(claim, content))) throw inUse(claim, undefined);
  try {
    if ((await holderNow(path)) === "nobody") return false;
    await replaceFile(path, content);
    return true;
  } finally {
    await rm(claim, { force: true });
  }
}

/** Throws if the lock is in use. */
async function holderNow(path: string): Promise<"nobody" | "gone"> {
  const content = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw cannotRead(path, error);
  });
  if (content === undefined) return "nobody";
  const holder = parsed(content);
  if (holder === undefined || isAlive(holder)) throw inUse(path, holder);
  return "gone";
}

/** Undefined while it is being written, or where a crash has cut it off. */
function parsed(content: string): Holder | undefined {
  try {
    const { pid, host } = JSON.parse(content) as Partial<Holder>;
    return typeof pid === "number" && typeof host === "string" ? { pid, host } : undefined;
  } catch {
    return undefined;
  }
}

/** Of a process on another machine nothing is known. */
function isAlive({ pid, host }: Holder): boolean {
  if (host !== hostname()) return true;
  if (pid === process.pid) return false;
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

function inUse(path: string, holder: Holder | undefined): ConfigError {
  const who = holder === undefined ? "another process" : `process ${holder.pid} on ${holder.host}`;
  return new ConfigError(`${path}: ${who} is at work in this folder; if it is gone, delete this file`);
}
