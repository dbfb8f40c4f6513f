/** The built command, as a user runs it. */
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";

export const main = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));

export interface Run {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Place {
  readonly cwd?: string;
  /** Environment variables beside this process's own. */
  readonly variables?: Readonly<Record<string, string>>;
}

const env = { ...process.env, GOLDSPIKE_DEBUG: "" };

export function goldspike(args: readonly string[], { cwd, variables }: Place = {}): Promise<Run> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [main, ...args],
      { env: { ...env, ...variables }, cwd },
      (error, stdout, stderr) => {
        resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr });
      },
    );
  });
}

/** The same while it runs: `until` waits for a text on stdout, `ended` for the end. */
export function started(args: readonly string[], { cwd }: Place = {}) {
  const child: ChildProcess = spawn(process.execPath, [main, ...args], { env, cwd });
  onTestFinished(() => {
    child.kill("SIGKILL");
  });
  let [stdout, stderr] = ["", ""];
  child.stdout!.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr!.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  const ended = once(child, "close").then(([code, signal]) => ({ code, signal, stdout, stderr }));
  let over = false;
  void ended.then(() => {
    over = true;
  });
  const until = async (text: string) => {
    while (!stdout.includes(text) && !over)
      await Promise.race([once(child.stdout!, "data").catch(() => {}), ended]);
  };
  return { kill: (signal: NodeJS.Signals) => child.kill(signal), until, ended };
}
