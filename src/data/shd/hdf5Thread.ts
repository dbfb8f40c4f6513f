/** The thread on which HDF5 files are read, with bounds on the time and the memory that a file may take there. */
import { once } from "node:events";
import { Worker } from "node:worker_threads";

/** Not said where the thread is made: bundlers for browsers, which have no use for it, would look into it. */
const script = "./hdf5Worker.js";

/** Why an answer did not come. */
export class Hdf5Failure extends Error {
  /** Another file that the library wanted to open. */
  readonly abroad: string | undefined;

  constructor(reason: string, abroad?: string) {
    super(reason);
    this.abroad = abroad;
  }
}

/** A group, or a dataset with its values. */
export interface Hdf5Entry {
  /** Its path; the groups above it come before it. */
  readonly name: string;
  /** Absent of a group. */
  readonly data?: string | readonly string[] | Float64Array | BigInt64Array;
  /** Absent of one string. */
  readonly shape?: readonly number[];
}

/** What the thread is asked; `hdf5Worker.js` answers. */
export interface Question {
  readonly call: "open" | "write" | "members" | "find" | "list" | "arrays" | "lengths";
  /** Of the file to open or to write, or of a group or dataset in it. */
  readonly path: string;
  /** Of a file to write. */
  readonly entries?: readonly Hdf5Entry[];
  /** Entries `from` … `to` − 1. */
  readonly from?: number;
  readonly to?: number;
}

type Answer = { readonly value?: unknown; readonly failure?: string; readonly abroad?: string };

/** Bytes of the library's memory. Whole files need a tenth of it; with copies of all of it a process stays below 1 GiB. */
const mostMemory = 256 * 2 ** 20;

/** s of computing that an answer may take. A healthy file needs some hundredths. */
const mostSeconds = 1.5;

/** s of computing that a whole file may take, and what is added for every MiB of it: a hundred times what is needed. */
const [mostInAll, perMebibyte] = [5, 1];

/** ms between two looks at how long an answer takes. */
const interval = 250;

/** A library of its own for one file: what a damaged one has done to it harms no other. */
export class Hdf5Thread {
  readonly #worker: Worker;
  readonly #ready: Promise<unknown>;
  /** s left for the file. */
  #left = mostInAll;

  constructor() {
    this.#worker = new Worker(new URL(script, import.meta.url), {
      workerData: { mostMemory },
      // The process's own options, such as --input-type, are not for it.
      execArgv: [],
      resourceLimits: { maxOldGenerationSizeMb: 256, maxYoungGenerationSizeMb: 64 },
      stdout: true,
      stderr: true,
    });
    this.#ready = once(this.#worker, "message");
    // Whoever asks meets the error; until then nobody waits for it.
    this.#ready.catch(() => {});
  }

  /** @param bytes of the file, by which it is given time */
  async open(path: string, bytes: number): Promise<void> {
    await this.#ready;
    this.#left = mostInAll + (perMebibyte * bytes) / 2 ** 20;
    await this.ask({ call: "open", path });
  }

  /**
   * Writes a file; what was there is lost.
   *
   * @param bytes of its content, by which it is given time
   * @throws Hdf5Failure the library failed, or took too long
   */
  async write(path: string, entries: readonly Hdf5Entry[], bytes: number): Promise<void> {
    await this.#ready;
    this.#left = mostInAll + (perMebibyte * bytes) / 2 ** 20;
    await this.ask({ call: "write", path, entries }, this.#left);
  }

  /**
   * @param most s of computing
   * @throws Hdf5Failure the library failed, or took too long; then nothing more can be asked
   */
  async ask(question: Question, most = mostSeconds): Promise<unknown> {
    const answer = this.#answer(most);
    this.#worker.postMessage(question);
    const { value, failure, abroad } = await answer;
    if (failure !== undefined || abroad !== undefined) throw new Hdf5Failure(failure ?? "", abroad);
    return value;
  }

  /** The time is what this process has computed while it waits: on a busy machine or a slow disk a file may take longer. */
  #answer(most: number): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const worker = this.#worker;
      const [since, start] = [process.cpuUsage(), performance.now()];
      const seconds = () => {
        const { user, system } = process.cpuUsage(since);
        return Math.min((user + system) / 1e6, (performance.now() - start) / 1000);
      };
      const timer = setInterval(() => {
        if (seconds() > Math.min(most, this.#left)) fail(new Error("reading it does not end"));
      }, interval);
      const settled = () => {
        clearInterval(timer);
        this.#left -= seconds();
        worker.off("message", done).off("error", fail).off("exit", ended);
      };
      const done = (answer: Answer) => {
        settled();
        resolve(answer);
      };
      const fail = (error: Error) => {
        settled();
        void worker.terminate();
        const { code, message } = error as NodeJS.ErrnoException;
        const tooLarge = code === "ERR_WORKER_OUT_OF_MEMORY";
        reject(new Hdf5Failure(tooLarge ? "reading it takes too much memory" : message));
      };
      const ended = () => fail(new Error("the library ended"));
      worker.on("message", done).on("error", fail).on("exit", ended);
    });
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }
}
