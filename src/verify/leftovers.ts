/** What killed processes have left in a run's folder, and who is at work there. */
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { isTemporary, readInput } from "../base/files.ts";
import { type Holder, isAlive, ownHolder, parseHolder } from "../run/holder.ts";
import { isLock, lockName } from "../run/lock.ts";
import type { Finding } from "./finding.ts";

/** Most that the description of a holder has. */
const mostBytes = 2 ** 16;

/** Of the folder's temporary files and locks; nothing of them is damage. */
export async function* leftovers(folder: string): AsyncGenerator<Finding> {
  const own = await ownHolder();
  for (const name of (await readdir(folder)).sort()) {
    const path = join(folder, name);
    if (isTemporary(name))
      yield { path, state: "left", message: "half written by a process that was ended; resume removes it" };
    else if (isLock(name, lockName)) yield await lockFinding(path, own);
  }
}

async function lockFinding(path: string, own: Holder): Promise<Finding> {
  const holder = holderIn(path);
  if (holder === undefined)
    return { path, state: "left", message: "a lock that names nobody; resume removes it" };
  const { pid, host } = holder;
  if (await isAlive(holder, own))
    return {
      path,
      state: "in_use",
      message: `process ${pid} on ${host} is at work here, and files may change`,
    };
  return { path, state: "left", message: `the lock of process ${pid}, which is gone; resume removes it` };
}

function holderIn(path: string): Holder | undefined {
  try {
    return parseHolder(readInput(path, mostBytes).toString());
  } catch {
    return undefined;
  }
}
