/** Who holds a lock, told so that it can be found out later whether that process is still there. */
import { readFile, readlink } from "node:fs/promises";
import { hostname } from "node:os";

export interface Holder {
  readonly pid: number;
  readonly host: string;
  /** When the process started, in the kernel's ticks since the machine did: another process may get the pid later. */
  readonly start?: string | undefined;
  /** Of the machine's start: after another one no process is left. */
  readonly boot?: string | undefined;
  /** Of the machine itself, which starts anew may share its name with others. */
  readonly machine?: string | undefined;
  /** In which the pid counts: containers have their own. */
  readonly namespace?: string | undefined;
}

/** Linux tells these in /proc; where there is none they are left out. */
const place = {
  boot: () => textOf("/proc/sys/kernel/random/boot_id"),
  machine: () => textOf("/etc/machine-id"),
  namespace: () => readlink("/proc/self/ns/pid").catch(() => undefined),
};

/** This process. */
export async function ownHolder(): Promise<Holder> {
  const [boot, machine, namespace] = await Promise.all([place.boot(), place.machine(), place.namespace()]);
  const found = await processOf(process.pid);
  return {
    pid: process.pid,
    host: hostname(),
    start: typeof found === "object" ? found.start : undefined,
    boot,
    machine,
    namespace,
  };
}

/** Undefined for what is no description of a holder. */
export function parseHolder(text: string): Holder | undefined {
  try {
    const found = JSON.parse(text) as Holder;
    return Number.isInteger(found.pid) && typeof found.host === "string" ? found : undefined;
  } catch {
    return undefined;
  }
}

/** Whether all that is told of a holder is true of another. */
export function isSame(holder: Holder, other: Holder): boolean {
  return Object.entries(holder).every(([key, value]) => other[key as keyof Holder] === value);
}

/** False only where it is certain: of another machine or container nothing is known. */
export async function isAlive(holder: Holder, own: Holder): Promise<boolean> {
  if (holder.boot !== undefined && own.boot !== undefined) {
    if (holder.boot !== own.boot) {
      const isSameMachine = holder.machine !== undefined && holder.machine === own.machine;
      return !(isSameMachine && holder.host === own.host);
    }
    if (holder.namespace !== own.namespace) return true;
  } else if (holder.host !== own.host) {
    return true;
  }
  const found = await processOf(holder.pid);
  if (found === "gone") return false;
  return holder.start === undefined || found === "there" || found.start === holder.start;
}

/** Where /proc does not say when it started, only whether it is there. */
async function processOf(pid: number): Promise<"gone" | "there" | { readonly start: string }> {
  const text = await textOf(`/proc/${pid}/stat`);
  if (text === undefined) return isThere(pid) ? "there" : "gone";
  // The name comes second, in brackets, and may hold anything.
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  const [state] = fields;
  // Killed, but its parent has not taken note of it yet.
  return state === "Z" || state === "X" ? "gone" : { start: fields[19]! };
}

function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

function textOf(path: string): Promise<string | undefined> {
  return readFile(path, "utf8").then(
    (text) => text.trim(),
    () => undefined,
  );
}
