/**
 * One process at a time in a folder. Whoever wants to work there puts a file of its own beside the others, which appears
 * whole, and then looks for others, and works there if none is of a process that is there. Of two that come at once at least
 * one sees the other. Files of processes that are gone are nobody's, so that no crash needs a hand.
 */
import { randomBytes } from "node:crypto";
import { readdir, readFile, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { ConfigError } from "../base/errors.ts";
import { cannotRead, cannotWrite, exists, replaceFile, textIfThere, writeFailure } from "../base/files.ts";
import { type Holder, isAlive, isSame, ownHolder, parseHolder } from "./holder.ts";

/** What the files in a run's folder are called after. */
export const lockName = "lock";

/** Whether a file is somebody's lock of this name: one with digits of its own, or one that former versions have left. */
export function isLock(file: string, name: string): boolean {
  return file.startsWith(name) && /^(\.claim|\.[0-9a-f]{12})?$/.test(file.slice(name.length));
}

/** Locks of this very process, and their files: another file that names it is left from one that had the same pid. */
const held = new Set<string>();
const files = new Set<string>();

/** Those who come at once wait a time of their own before they look again, ms. */
const tries = 20;
const longestWait = 100;
/** ms; who came earlier than that is no rival but at work. */
const settled = 1000;

/**
 * Keeps others out of a folder until it is released, or this process is gone.
 *
 * @param path of the lock, absolute, without symbolic links; the files are called after it
 * @returns what releases it
 * @throws ConfigError one line if another process works in the folder or the file cannot be written
 */
export async function lock(path: string): Promise<() => Promise<void>> {
  const own = await ownHolder();
  if (held.has(path)) throw inUse(path, own);
  held.add(path);
  const file = `${path}.${randomBytes(6).toString("hex")}`;
  try {
    await win(path, file, own);
  } catch (error) {
    held.delete(path);
    await withdraw(file);
    throw error;
  }
  return async () => {
    held.delete(path);
    await withdraw(file);
  };
}

/**
 * Takes away what a process has left that is known to be gone, be it on another machine.
 *
 * @param folder in which it worked; may be missing
 */
export async function removeLocksOf(folder: string, gone: Holder): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    const file = join(folder, name);
    if (!isLock(name, lockName)) continue;
    const holder = parseHolder(await readFile(file, "utf8").catch(() => ""));
    if (holder !== undefined && isSame(holder, gone)) await rm(file, { force: true });
  }
}

/**
 * Returns when the file keeps others out. Of those who come at the same time the first by name stays and waits for the
 * others to give way, who see it: if all gave way, none might ever win.
 */
async function win(path: string, file: string, own: Holder): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    if (!files.has(file)) await publish(path, file, own);
    const others = await othersOf(path, file, own);
    const rivals = others.filter(({ holder }) => holder !== undefined);
    if (rivals.length === 0) {
      for (const { file: left } of others) await rm(left, { force: true });
      return;
    }
    for (const rival of rivals)
      if (attempt === tries || (await isSettled(rival.file, file))) throw inUse(rival.file, rival.holder!);
    if (rivals.some((rival) => rival.file < file)) await withdraw(file);
    await setTimeout(Math.random() * longestWait);
  }
}

async function withdraw(file: string): Promise<void> {
  files.delete(file);
  await rm(file, { force: true });
}

/** Whether it was there long before, by the clock of the folder's disk. */
async function isSettled(rival: string, file: string): Promise<boolean> {
  const [theirs, ours] = await Promise.all([rival, file].map((name) => stat(name).catch(() => undefined)));
  return theirs !== undefined && ours !== undefined && ours.mtimeMs - theirs.mtimeMs > settled;
}

/** Says in the file who put it there. */
async function publish(path: string, file: string, own: Holder): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await replaceFile(file, JSON.stringify(own));
      files.add(file);
      return;
    } catch (error) {
      // Who works there may have taken the half-made file for one that a crash has left.
      if (attempt < tries && writeFailure(error) === "ENOENT" && (await exists(dirname(path)))) continue;
      throw cannotWrite(path, (error as Error).cause ?? error);
    }
  }
}

interface Other {
  readonly file: string;
  /** Undefined where it is gone. */
  readonly holder: Holder | undefined;
}

/** What others have put there. */
async function othersOf(path: string, file: string, own: Holder): Promise<Other[]> {
  const folder = dirname(path);
  const names = await readdir(folder).catch((error: unknown) => {
    throw cannotRead(folder, error);
  });
  const others: Other[] = [];
  for (const name of names.filter((one) => isLock(one, basename(path)))) {
    const other = join(folder, name);
    if (other !== file) others.push({ file: other, holder: await holderOf(other, own) });
  }
  return others;
}

async function holderOf(file: string, own: Holder): Promise<Holder | undefined> {
  const holder = parseHolder(textIfThere(file));
  if (holder === undefined || (isSame(holder, own) && !files.has(file))) return undefined;
  return (await isAlive(holder, own)) ? holder : undefined;
}

/** Another process works in a folder. */
export class FolderInUse extends ConfigError {}

function inUse(file: string, { pid, host }: Holder): FolderInUse {
  return new FolderInUse(
    `${file}: process ${pid} on ${host} is at work in this folder; if it is gone, delete this file`,
  );
}
