/** One process at a time in a folder. */
import { randomBytes } from "node:crypto";
import { link, readFile, rename, rm, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { ConfigError } from "../errors.ts";
import { cannotRead, cannotWrite } from "../files.ts";

interface Holder {
  readonly pid: number;
  readonly host: string;
}

/** Locks of this very process: a pid alone would not tell them from those of a dead process that had the same. */
const held = new Set<string>();

/**
 * Creates the lock file, which names this process; one left by a process that is gone is taken over.
 *
 * @returns what removes it
 * @throws ConfigError one line if another process holds it or it cannot be written
 */
export async function lock(path: string): Promise<() => Promise<void>> {
  const own = JSON.stringify({ pid: process.pid, host: hostname() } satisfies Holder);
  while (!(await created(path, own))) {
    const content = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return undefined;
      throw cannotRead(path, error);
    });
    if (content === undefined) continue;
    const holder = holderOf(content);
    if (holder !== undefined && (held.has(path) || isAlive(holder))) throw inUse(path, holder);
    await takeAway(path, content);
  }
  held.add(path);
  return async () => {
    held.delete(path);
    await rm(path, { force: true });
  };
}

async function created(path: string, content: string): Promise<boolean> {
  try {
    await writeFile(path, content, { flag: "wx", flush: true });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw cannotWrite(path, error);
  }
}

/** Undefined where a crash has cut the file off. */
function holderOf(content: string): Holder | undefined {
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

function inUse(path: string, { pid, host }: Holder): ConfigError {
  return new ConfigError(
    `${path}: process ${pid} on ${host} is at work in this folder; if it is gone, delete this file`,
  );
}

/** If another process has taken the lock over meanwhile, it gets it back. */
async function takeAway(path: string, stale: string): Promise<void> {
  const aside = `${path}.${randomBytes(6).toString("hex")}.tmp`;
  try {
    await rename(path, aside);
    if ((await readFile(aside, "utf8")) !== stale) await link(aside, path);
    await rm(aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw cannotWrite(path, error);
  }
}
