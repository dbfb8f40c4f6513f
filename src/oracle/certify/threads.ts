/** Threads that do the jobs of a certificate, one at a time each. */
import { Worker } from "node:worker_threads";
import { errorOf, type ToldError } from "../../base/threadErrors.ts";
import type { JobName, Workers } from "./jobs.ts";

/** What a thread answers. */
export type Answer = { readonly result: unknown } | ToldError;

interface Queued {
  readonly request: { readonly name: JobName; readonly given: unknown };
  readonly resolve: (result: never) => void;
  readonly reject: (error: Error) => void;
}

export interface Threads extends Workers {
  /** Ends them, whatever they are doing. */
  close(): Promise<void>;
}

/**
 * Each is started when there is work for it.
 *
 * @param progress called with the jobs done so far, and how many there will be
 */
export function createThreads(most: number, progress: (done: number, all: number) => void): Threads {
  const workers: Worker[] = [];
  const idle: Worker[] = [];
  const queue: Queued[] = [];
  let [done, all] = [0, 1];

  const start = (worker: Worker, { request, resolve, reject }: Queued): void => {
    worker.once("message", (answer: Answer) => {
      worker.off("error", reject);
      if ("result" in answer) {
        done += 1;
        progress(done, all);
        resolve(answer.result as never);
      } else reject(errorOf(answer));
      idle.push(worker);
      next();
    });
    // A thread that breaks off, for want of memory or the like, is no longer there to be asked.
    worker.once("error", reject);
    worker.postMessage(request);
  };
  const next = (): void => {
    while (queue.length > 0) {
      const worker = idle.pop() ?? (workers.length < most ? begin(workers) : undefined);
      if (worker === undefined) return;
      start(worker, queue.shift()!);
    }
  };
  return {
    run: (name, given) =>
      new Promise((resolve, reject) => {
        queue.push({ request: { name, given }, resolve, reject });
        next();
      }),
    expect: (count) => {
      all += count - 1;
      progress(done, all);
    },
    close: async () => {
      queue.length = 0;
      await Promise.all(workers.map((worker) => worker.terminate()));
    },
  };
}

function begin(workers: Worker[]): Worker {
  const worker = new Worker(new URL("./thread.js", import.meta.url), {
    execArgv: [],
    // Nearly all numbers live for moments: where there is room for many, few are looked at twice.
    resourceLimits: { maxYoungGenerationSizeMb: 192 },
  });
  workers.push(worker);
  return worker;
}
