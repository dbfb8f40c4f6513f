/** Sounds heard by several threads at a time, each with an ear of its own. */
import { Worker } from "node:worker_threads";
import { ConfigError } from "../../base/errors.ts";
import { errorOf, type ToldError } from "../../base/threadErrors.ts";
import type { ShdSpikes } from "../shd/writeShdFile.ts";
import type { EncodeOptions } from "./spikesOf.ts";

/** What a thread is asked. */
export interface Question {
  readonly path: string;
  /** The number that its releases are drawn by besides the seed. */
  readonly recording: number;
}

/** What it answers. */
export type Answer = ShdSpikes | ToldError;

/** Takes what becomes of sounds, by their place in the list, in whichever order they are done. */
export interface Listener {
  heard(index: number, spikes: ShdSpikes): void | Promise<void>;
  /** Of a file that is no sound; where it is absent such a file ends the work. */
  failed?(index: number, error: ConfigError): void | Promise<void>;
}

/**
 * Hears sounds. A thread has one at a time, and takes the next in order when it is done and the listener has it.
 *
 * @param count of threads
 * @throws Error of the listener, or that names the file, of several the first in order: a ConfigError for what `spikesOf`
 *   throws one for
 */
export async function hearOnThreads(
  sounds: readonly Question[],
  options: EncodeOptions,
  count: number,
  listener: Listener,
): Promise<void> {
  let next = 0;
  const failures: Error[] = [];

  const take = async (worker: Worker): Promise<void> => {
    // After a failure nothing is begun; what came before it is, and may have failed as well.
    while (next < sounds.length && failures.length === 0) {
      const index = next++;
      try {
        await hear(worker, sounds[index]!, index, listener);
      } catch (error) {
        failures[index] = error as Error;
      }
    }
  };
  const workers = Array.from({ length: count }, () => begin(options));
  try {
    await Promise.all(workers.map(take));
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
  const first = failures.find((error) => error !== undefined);
  if (first !== undefined) throw first;
}

function begin(workerData: EncodeOptions): Worker {
  // The process's own options, such as --input-type, are not for them.
  return new Worker(new URL("./earThread.js", import.meta.url), { workerData, execArgv: [] });
}

async function hear(worker: Worker, question: Question, index: number, listener: Listener): Promise<void> {
  const { path } = question;
  const answer = await replyOf(worker, question).catch((error: Error) => {
    throw new Error(`${path}: its thread was lost: ${error.message}`, { cause: error });
  });
  if ("times" in answer) return listener.heard(index, answer);
  const error = errorOf(answer.isConfigError ? answer : { ...answer, message: `${path}: ${answer.message}` });
  if (!(error instanceof ConfigError && listener.failed)) throw error;
  return listener.failed(index, error);
}

/** A thread that breaks off, for want of memory or the like, answers nothing. */
function replyOf(worker: Worker, question: Question): Promise<Answer> {
  return new Promise<Answer>((resolve, reject) => {
    worker.once("message", resolve).once("error", reject);
    worker.once("exit", (code) => reject(new Error(`it ended with code ${code}`)));
    worker.postMessage(question);
  }).finally(() => {
    for (const event of ["message", "error", "exit"]) worker.removeAllListeners(event);
  });
}
