/** Threads that share the kernel's work on one memory. The calling thread takes part, so one thread needs no worker. */
import { once } from "node:events";
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import type { KernelMemory } from "../kernel/memory.ts";

/** As many threads as processors for `auto`, but no more than there are tasks to share. */
export function threadCount(wanted: "auto" | number, lanes: number): number {
  return Math.min(wanted === "auto" ? availableParallelism() : wanted, lanes);
}

export class Threads {
  readonly #memory: KernelMemory;
  readonly #work: number;
  readonly #control = new Int32Array(new SharedArrayBuffer(12));
  readonly #workers: readonly Worker[];
  #lost: Error | undefined;

  private constructor(module: WebAssembly.Module, memory: KernelMemory, work: number, count: number) {
    this.#memory = memory;
    this.#work = work;
    const workerData = { module, memory: memory.memory, control: this.#control, work };
    this.#workers = Array.from(
      { length: count - 1 },
      () => new Worker(new URL("./worker.js", import.meta.url), { workerData }),
    );
  }

  /**
   * Returns when all threads wait for work: one that fails before could never be noticed while this one waits for it.
   *
   * @param work address of the Work structure that all of them look at
   * @throws Error if a thread cannot be started
   */
  static async create(
    module: WebAssembly.Module,
    memory: KernelMemory,
    work: number,
    count: number,
  ): Promise<Threads> {
    const threads = new Threads(module, memory, work, count);
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

  /**
   * Does the work and returns, or throws, when every thread is done with it: the memory is then the caller's alone.
   *
   * @param meanwhile is called here when the others have begun, before this thread takes part
   * @throws Error if the kernel failed on a thread; whatever `meanwhile` throws
   */
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
    try {
      this.#memory.functions.work(this.#work);
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
