/** Who does the kernel's work on a batch: the calling thread alone, or it and others. */
import type { KernelFunctions } from "../kernel/kernel.ts";

/** Threads that wait for work on one memory. */
export interface Threads {
  /**
   * Does the work that the Work structure holds, and returns, or throws, when every thread is done with it: the memory is then
   * the caller's alone.
   *
   * @param meanwhile is called when the others have begun, before this thread takes part
   * @throws Error if the kernel failed on a thread; whatever `meanwhile` throws
   */
  run(meanwhile?: () => void): void;
  /** Lets the threads go; none of them takes work any more. */
  close(): void;
}

/** What threads share. */
export interface SharedWork {
  /** The compiled kernel. */
  readonly module: WebAssembly.Module;
  /** Shared, of a size that never changes. */
  readonly memory: WebAssembly.Memory;
  /** The kernel's, bound to the memory for the calling thread. */
  readonly functions: KernelFunctions;
  /** Address of the Work structure that all of them look at. */
  readonly work: number;
  /** Most tasks that there are at a time, and hence the most threads that help. */
  readonly tasks: number;
}

/** Starts threads; resolves when all of them wait for work. Results never depend on how many there are. */
export type StartThreads = (shared: SharedWork) => Promise<Threads>;

/** The calling thread alone: works everywhere, in a page too. */
export const oneThread: StartThreads = async ({ functions, work }) => ({
  run(meanwhile) {
    meanwhile?.();
    functions.work(work);
  },
  close() {},
});
