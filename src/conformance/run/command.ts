/** A backend as a process: started, watched, and ended if it does not end by itself. */
import { spawn } from "node:child_process";
import { closeSync, openSync, writeSync } from "node:fs";
import { lstat, readdir } from "node:fs/promises";
import { join } from "node:path";
import { onExit } from "signal-exit";

export interface Limits {
  readonly seconds: number;
  /** That all files in the backend's folders may grow by. */
  readonly bytes: number;
}

export interface Ending {
  /** Undefined if it was ended by a signal or could not be started. */
  readonly code: number | undefined;
  readonly signal: string | undefined;
  /** Why it was ended, or could not be started. */
  readonly stopped: "time" | "size" | "start" | undefined;
  /** The last lines of each, or why it could not be started. */
  readonly stdout: string;
  readonly stderr: string;
  readonly seconds: number;
}

/** Kept of each stream. */
const tailLength = 2 ** 16;
/** ms for the streams of a command that has ended. */
const patience = 500;
/** ms between looks at what was written. */
const period = 100;

/**
 * Runs `command` with `args`; what it prints is kept from the terminal. Never rejects.
 *
 * @param folders whose growth is limited
 * @param log file for all of stderr, as far as `limits` allow
 */
export async function runCommand(
  command: string,
  args: readonly string[],
  folders: readonly string[],
  limits: Limits,
  log?: string,
): Promise<Ending> {
  const size = async () => (await Promise.all(folders.map(sizeOf))).reduce((sum, bytes) => sum + bytes, 0);
  const most = (await size()) + limits.bytes;
  const start = performance.now();
  const tails = { stdout: "", stderr: "" };
  // A group of its own, so that what it starts ends with it.
  const child = spawn(command, args, {
    detached: process.platform !== "win32",
    stdio: ["ignore", "pipe", "pipe"],
  });
  const keep = log === undefined ? undefined : logTo(log, limits.bytes);
  if (keep) child.stderr.on("data", keep.write);
  for (const name of ["stdout", "stderr"] as const)
    child[name].setEncoding("utf8").on("data", (text: string) => {
      tails[name] = (tails[name] + text).slice(-tailLength);
    });
  let stopped: Ending["stopped"];
  let exited = false;
  const stop = (why: "time" | "size"): void => {
    if (exited) return;
    stopped ??= why;
    endGroup(child.pid);
  };
  // Many files take longer to look at than the period.
  let looking = false;
  const watch = setInterval(async () => {
    if (performance.now() - start > 1000 * limits.seconds) stop("time");
    if (looking || exited) return;
    looking = true;
    if ((await size()) > most) stop("size");
    looking = false;
  }, period);
  const end = () => endGroup(child.pid);
  const forget = onExit(end);
  let lingering: NodeJS.Timeout | undefined;
  try {
    return await new Promise<Ending>((resolve) => {
      const seconds = () => (performance.now() - start) / 1000;
      child.on("error", (error) => {
        resolve({
          code: undefined,
          signal: undefined,
          stopped: "start",
          stdout: "",
          stderr: error.message,
          seconds: seconds(),
        });
      });
      const over = async (code: number | null, signal: string | null) => {
        const took = seconds();
        if (stopped === undefined && (await size()) > most) stopped = "size";
        resolve({ code: code ?? undefined, signal: signal ?? undefined, stopped, ...tails, seconds: took });
      };
      child.on("close", over);
      // What it has left in the background may keep its streams open for ever.
      child.on("exit", (code, signal) => {
        exited = true;
        lingering = setTimeout(() => {
          endGroup(child.pid);
          child.stdout.destroy();
          child.stderr.destroy();
          void over(code, signal);
        }, patience);
      });
    });
  } finally {
    clearInterval(watch);
    // The group's number may soon be another's.
    clearTimeout(lingering);
    forget();
    keep?.close();
    // Whatever it has started and left behind.
    endGroup(child.pid);
  }
}

/** A file that is written as the text comes, up to some length; one that cannot be written is left out. */
function logTo(path: string, most: number): { write: (text: string | Buffer) => void; close: () => void } {
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

function endGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(process.platform === "win32" ? pid : -pid, "SIGKILL");
  } catch {
    // It has ended.
  }
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
