/** A process and all that it starts: one group, which ends as a whole, and the files that it fills. */
import { type ChildProcess, type StdioOptions, spawn } from "node:child_process";
import { closeSync, openSync, writeSync } from "node:fs";
import { lstat, readdir } from "node:fs/promises";
import { join } from "node:path";
import { onExit } from "signal-exit";

export interface Group {
  readonly child: ChildProcess;
  /** Ends the process, and whatever it has started and left behind; a second call does nothing. */
  end(): void;
}

/** What is started ends with this process too. */
export function startGroup(command: string, args: readonly string[], stdio: StdioOptions): Group {
  const child = spawn(command, args, { detached: process.platform !== "win32", stdio });
  const kill = () => killGroup(child.pid);
  const forget = onExit(kill);
  let ended = false;
  return {
    child,
    end: () => {
      if (ended) return;
      ended = true;
      forget();
      // The group's number may soon be another's.
      kill();
    },
  };
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(process.platform === "win32" ? pid : -pid, "SIGKILL");
  } catch {
    // It has ended.
  }
}

export interface Limits {
  readonly seconds: number;
  /** That all files in the backend's folders may grow by. */
  readonly bytes: number;
}

export interface Watch {
  /** Whether the folders have grown by too much. */
  isFull(): Promise<boolean>;
  stop(): void;
}

/** ms between looks at what was written. */
const period = 100;

/**
 * Looks at time and folders now and then.
 *
 * @param onOver called, perhaps again and again, when a limit is passed
 */
export async function watchLimits(
  folders: readonly string[],
  { seconds, bytes }: Limits,
  onOver: (why: "time" | "size") => void,
): Promise<Watch> {
  const size = async () => (await Promise.all(folders.map(sizeOf))).reduce((sum, its) => sum + its, 0);
  const most = (await size()) + bytes;
  const isFull = async () => (await size()) > most;
  const start = performance.now();
  // Many files take longer to look at than the period.
  let looking = false;
  const timer = setInterval(async () => {
    if (performance.now() - start > 1000 * seconds) onOver("time");
    if (looking) return;
    looking = true;
    if (await isFull()) onOver("size");
    looking = false;
  }, period);
  return { isFull, stop: () => clearInterval(timer) };
}

/** Of regular files, links not followed. */
async function sizeOf(folder: string): Promise<number> {
  let bytes = 0;
  const names = await readdir(folder, { withFileTypes: true }).catch(() => []);
  for (const entry of names) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) bytes += await sizeOf(path);
    else bytes += (await lstat(path).catch(() => undefined))?.size ?? 0;
  }
  return bytes;
}

/** Kept of each stream. */
const tailLength = 2 ** 16;

/** Of a stream the last part, for messages. */
export class Tail {
  text = "";

  add(text: string): void {
    this.text = (this.text + text).slice(-tailLength);
  }
}

export interface Log {
  write(text: string): void;
  close(): void;
}

/** A file that is written as the text comes, up to some length; one that cannot be written is left out. */
export function logTo(path: string, most: number): Log {
  let [file, left]: [number | undefined, number] = [undefined, most];
  return {
    write: (text) => {
      try {
        const bytes = Buffer.from(text).subarray(0, left);
        file ??= openSync(path, "w");
        left -= writeSync(file, bytes);
      } catch {
        left = 0;
      }
    },
    close: () => {
      if (file !== undefined) closeSync(file);
    },
  };
}
