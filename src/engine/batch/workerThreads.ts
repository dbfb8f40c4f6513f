/** Worker threads of Node that share the kernel's work. The calling thread takes part, so one thread needs no worker. */
import { once } from "node:events";
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import { complaint } from "../../base/parseWith.ts";
import type { SharedWork, StartThreads, Threads } from "./threads.ts";

/** As many threads as processors for `auto`, but no more than there are tasks to share. */
export function threadCount(wanted: "auto" | number, tasks: number): number {
  return Math.min(wanted === "auto" ? availableParallelism() : wanted, tasks);
}

/**
 * Worker threads of Node that share the trials of a batch with the calling thread.
 *
 * @param wanted number of threads, the calling one included; default `auto`: one a processor
 * @returns for `createTraining`; it throws an Error if a thread cannot be started
 * @throws ConfigError for another number
 */
export function workerThreads(wanted: "auto" | number = "auto"): StartThreads {
  if (wanted !== "auto" && !(Number.isInteger(wanted) && wanted >= 1))
    throw complaint("threads", [], 'expected "auto" or an integer ≥ 1', wanted);
  return (shared) => WorkerThreads.create(shared, threadCount(wanted, shared.tasks));
}

class WorkerThreads implements Threads {
  readonly #shared: SharedWork;
  readonly #control = new Int32Array(new SharedArrayBuffer(12));
  readonly #workers: readonly Worker[];
  #lost: Error | undefined;

  private constructor(shared: SharedWork, count: number) {
    this.#shared = shared;
    const { module, memory, work } = shared;
    const workerData = { module, memory, control: this.#control, work };
    // The process's own options, such as --input-type, are not for them.
    this.#workers = Array.from(
      { length: count - 1 },
      () => new Worker(new URL("./worker.js", import.meta.url), { workerData, execArgv: [] }),
    );
  }

  /** Returns when all threads wait: one that fails before could never be noticed while this one waits for it. */
  static async create(shared: SharedWork, count: number): Promise<Threads> {
    const threads = new WorkerThreads(shared, count);
    try {
      await Promise.all(threads.#workers.map((worker) => once(worker, "message")));
    } catch (error) {
      threads.close();
      throw new Error(`a thread could not be started: ${(error as Error).message}`);
    }
    for (const worker of threads.#workers) {
      worker.on("error", (error) => {
        threads.#lost = error;
      });
      // A thread that waits must not keep the process alive.
      worker.unref();
    }
    return threads;
  }

  run(meanwhile: () => void = () => {}): void {
    if (this.#lost) throw new Error(`a thread was lost: ${this.#lost.message}`);
    const control = this.#control;
    Atomics.store(control, 1, 0);
    Atomics.add(control, 0, 1);
    Atomics.notify(control, 0);
    try {
      meanwhile();
    } finally {
      this.#finish();
    }
  }

  /** Takes part in the work, and waits for the others. */
  #finish(): void {
    const control = this.#control;
    const { functions, work } = this.#shared;
    try {
      functions.work(work);
    } finally {
      for (;;) {
        const done = Atomics.load(control, 1);
        if (done === this.#workers.length) break;
        Atomics.wait(control, 1, done);
      }
    }
    if (Atomics.load(control, 2) > 0) throw new Error("the kernel failed on a thread");
  }

  close(): void {
    Atomics.store(this.#control, 0, -1);
    Atomics.notify(this.#control, 0);
  }
}
