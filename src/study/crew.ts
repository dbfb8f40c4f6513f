/** Several workers of a study as processes of this machine: begun, watched, begun again if one dies. */
import { spawn } from "node:child_process";
import { ConfigError } from "../base/errors.ts";
import type { PointResult } from "./pointResult.ts";

/** What a worker tells who has begun it. */
export type WorkMessage =
  | { readonly kind: "start"; readonly hash: string }
  | { readonly kind: "result"; readonly hash: string; readonly result: PointResult }
  | { readonly kind: "failure"; readonly hash: string; readonly line: string }
  | { readonly kind: "remark"; readonly hash: string; readonly line: string };

export interface CrewOptions {
  readonly jobs: number;
  /** Of a process that works, told which of them it is; it sends `WorkMessage`s. */
  readonly command: (worker: number) => { readonly file: string; readonly args: readonly string[] };
  readonly onMessage: (message: WorkMessage) => void;
  /** Asks all to stop with a checkpoint. */
  readonly signal: AbortSignal;
}

/** A worker that ends so often in a row without having brought a point to an end is not begun again. */
const mostStarts = 5;

/** @throws ConfigError what has kept a worker from working, once no other is at work */
export async function superviseWorkers(options: CrewOptions): Promise<void> {
  const workers = Array.from({ length: options.jobs }, (_, k) => keepWorking(k, options));
  const ends = await Promise.allSettled(workers);
  const failed = ends.find((end) => end.status === "rejected");
  if (failed) throw failed.reason;
}

async function keepWorking(worker: number, options: CrewOptions): Promise<void> {
  for (let starts = 1; !options.signal.aborted; starts++) {
    const end = await oneWorker(worker, options);
    if (end.code === 0 || options.signal.aborted) return;
    // It has said in a line what is wrong with more than a point.
    if (end.code === 2 || (starts === mostStarts && !end.hasWorked)) throw new ConfigError(end.line);
    if (end.hasWorked) starts = 0;
  }
}

interface WorkerEnd {
  readonly code: number | null;
  /** A point has come to an end, or the worker was killed at one, of which the claims keep count. */
  readonly hasWorked: boolean;
  /** The last that it has said, or how it has ended. */
  readonly line: string;
}

function oneWorker(worker: number, { command, onMessage, signal }: CrewOptions): Promise<WorkerEnd> {
  const { file, args } = command(worker);
  // In a group of its own: Ctrl-C reaches this process alone, which passes it on once.
  const child = spawn(file, args, { stdio: ["ignore", "ignore", "pipe", "ipc"], detached: true });
  let hasStarted = false;
  let hasEnded = false;
  let said = "";
  child.stderr!.setEncoding("utf8").on("data", (text: string) => {
    said = (said + text).slice(-4096);
  });
  child.on("message", (message: WorkMessage) => {
    if (message.kind === "start") hasStarted = true;
    if (message.kind === "result" || message.kind === "failure") hasEnded = true;
    onMessage(message);
  });
  const stop = () => child.kill("SIGTERM");
  signal.addEventListener("abort", stop);
  return new Promise((resolve) => {
    child.on("close", (code, killer) => {
      signal.removeEventListener("abort", stop);
      const ending = killer ? `ended by ${killer}` : `ended with ${code}`;
      const lines = said.trim().split("\n");
      const error = lines.reverse().find((line) => line.startsWith("error: "));
      const hasWorked = hasEnded || (killer !== null && hasStarted);
      resolve({ code, hasWorked, line: error ?? (lines[0] || ending) });
    });
    child.on("error", (error) => resolve({ code: 2, hasWorked: false, line: error.message }));
  });
}
