/** A thread of `earThreads.ts`: hears a sound for every message, all with one ear. */
import { parentPort, workerData } from "node:worker_threads";
import { toldError } from "../../base/threadErrors.ts";
import type { Ear } from "../../ear/ear.ts";
import type { Answer, Question } from "./earThreads.ts";
import { createEar, type EncodeOptions, spikesOf } from "./spikesOf.ts";

const options = workerData as EncodeOptions;
let ear: Ear | undefined;

parentPort!.on("message", async ({ path, recording }: Question) => {
  try {
    ear ??= await createEar(options);
    const { times, channels } = await spikesOf(path, ear, recording, options);
    const answer: Answer = { times, channels };
    parentPort!.postMessage(answer, [times.buffer as ArrayBuffer, channels.buffer as ArrayBuffer]);
  } catch (error) {
    parentPort!.postMessage(toldError(error));
  }
});
