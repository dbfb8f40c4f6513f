/** Run folders of tiny trainings: made, gone on with, and compared. */
import { readFile } from "node:fs/promises";
import { restoreLast } from "../../../src/run/restoreRun.ts";
import { RunFolder, runFile } from "../../../src/run/runFolder.ts";
import { type RunEnd, type TrainOptions, trainRun } from "../../../src/run/trainRun.ts";
import { resolved, trainerOf } from "./tinyTraining.ts";

/** Trains in a new folder, or goes on in one; `spoil` stands between the run and its folder. */
export async function trainIn(
  path: string,
  changes: Record<string, unknown>,
  options: Omit<TrainOptions, "folder"> & { resume?: boolean; spoil?: (folder: RunFolder) => RunFolder } = {},
): Promise<RunEnd> {
  const { resume = false, spoil = (folder: RunFolder) => folder, ...rest } = options;
  const trainer = await trainerOf(changes);
  const folder = resume ? await RunFolder.resume(path) : await RunFolder.create(path, resolved(changes));
  try {
    if (resume) await restoreLast(trainer, folder);
    return await trainRun(trainer, { ...rest, folder: spoil(folder) });
  } finally {
    await folder.close();
    trainer.engine.close();
  }
}

/** What must be the same in the end: checkpoints as bytes, metrics without what a clock has measured. */
export async function traces(path: string) {
  const metrics = (await readFile(runFile(path, "metrics"), "utf8")).trimEnd().split("\n");
  const checkpoints = [runFile(path, "last"), runFile(path, "best")].map((file) => readFile(file, "base64"));
  const [last, best] = await Promise.all(checkpoints);
  return { last, best, metrics: metrics.map((line) => ({ ...JSON.parse(line), seconds: undefined })) };
}

/** Names in the folder of a run that has ended, in order. */
export const finishedFiles: readonly string[] = [
  "best.safetensors",
  "config.yaml",
  "last.safetensors",
  "metrics.jsonl",
  "previous.safetensors",
  "report.html",
  "result.json",
];
