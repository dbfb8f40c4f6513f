/** A thread of `threads.ts`: does a job for every message. */
import { parentPort } from "node:worker_threads";
import { toldError } from "../../base/threadErrors.ts";
import { type JobName, jobs } from "./jobs.ts";
import type { Answer } from "./threads.ts";

parentPort!.on("message", ({ name, given }: { name: JobName; given: never }) => {
  parentPort!.postMessage(answerTo(name, given));
});

function answerTo(name: JobName, given: never): Answer {
  try {
    return { result: jobs[name](given) };
  } catch (error) {
    return toldError(error);
  }
}
