/** Sounds heard by several threads at a time, each with an ear of its own. */
import { Worker } from "node:worker_threads";
import { errorOf, type ToldError } from "../../base/threadErrors.ts";
import type { ShdSpikes } from "../shd/writeShdFile.ts";
import type { EncodeOptions } from "./spikesOf.ts";

/** What a thread is asked. */
export interface Question {
  readonly path: string;
  readonly recording: number;
}

/** What it answers. */
export type Answer = ShdSpikes | ToldError;

/**
 * The spikes of sounds, in their order, whichever is done first. A thread has one sound at a time, and takes the next in order
 * when it is done.
 *
 * @param count of threads
 * @param onSound called with the number of sounds that are done
 * @throws Error that names the file, of several the first in order: a ConfigError for what `spikesOf` throws one for
 */
export async function hearOnThreads(
  paths: readonly string[],
  options: EncodeOptions,
  count: number,
  onSound: (count: number) => void,
): Promise<ShdSpikes[]> {
  const spikes: ShdSpikes[] = [];
  let [next, done] = [0, 0];
  const failures: Error[] = [];

  const take = async (worker: Worker): Promise<void> => {
    // After a failure nothing is begun; what came before it is, and may have failed as well.
    while (next < paths.length && failures.length === 0) {
      const recording = next++;
      try {
        spikes[recording] = await answerOf(worker, { path: paths[recording]!, recording });
        onSound(++done);
      } catch (error) {
        failures[recording] = error as Error;
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
  return spikes;
}

function begin(workerData: EncodeOptions): Worker {
  // The process's own options, such as --input-type, are not for them.
  return new Worker(new URL("./earThread.js", import.meta.url), { workerData, execArgv: [] });
}

async function answerOf(worker: Worker, question: Question): Promise<ShdSpikes> {
  const { path } = question;
  const answer = await replyOf(worker, question).catch((error: Error) => {
    throw new Error(`${path}: its thread was lost: ${error.message}`, { cause: error });
  });
  if ("times" in answer) return answer;
  throw errorOf(answer.isConfigError ? answer : { ...answer, message: `${path}: ${answer.message}` });
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
