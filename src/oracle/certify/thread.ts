/** A thread of `threads.ts`: does a job for every message. */
import { parentPort } from "node:worker_threads";
import { ConfigError } from "../../base/errors.ts";
import { type JobName, jobs } from "./jobs.ts";
import type { Answer } from "./threads.ts";

parentPort!.on("message", ({ name, given }: { name: JobName; given: never }) => {
  parentPort!.postMessage(answerTo(name, given));
});

function answerTo(name: JobName, given: never): Answer {
  try {
    return { result: jobs[name](given) };
  } catch (error) {
    const { message, stack } = error as Error;
    return { message, stack, isConfigError: error instanceof ConfigError };
  }
}
