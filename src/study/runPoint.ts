/** A point's run, by the code that trains any run: begun or gone on with, to the end or to a comparison. */
import { stringify } from "yaml";
import { ConfigError } from "../base/errors.ts";
import { exists, replaceFile, Unreadable } from "../base/files.ts";
import { readCheckpoint } from "../run/checkpoint.ts";
import { completeRun } from "../run/completeRun.ts";
import { loadExperiment, trainerOf } from "../run/experiment.ts";
import { readLast } from "../run/lastCheckpoint.ts";
import { removeLocksOf } from "../run/lock.ts";
import { type RunFile, RunFolder, removeRun, runFile } from "../run/runFolder.ts";
import type { RunEnd, TrainOptions } from "../run/trainRun.ts";
import type { RunConfig } from "../training/config/run.ts";
import type { Claim } from "./claims.ts";
import type { Point } from "./points.ts";
import type { PreparedData } from "./preparedData.ts";
import { pointFolder, type StudyFolder } from "./studyFolder.ts";

export interface PointOptions extends Pick<TrainOptions, "signal"> {
  readonly data: PreparedData;
  readonly threads: RunConfig["threads"];
  /** To which it is trained. */
  readonly epochs: number;
  /** Gets what people should know of a checkpoint. */
  readonly onRemark: (line: string) => void;
}

/**
 * @param claim on the point, which is checked before anything is written
 * @throws ConfigError settings that do not fit the data, a folder that cannot be written or has lost its checkpoints
 * @throws KernelError a trial that gets out of hand
 * @throws ClaimLost
 */
export async function runPoint(
  { path }: StudyFolder,
  point: Point,
  claim: Claim,
  { data, threads, epochs, ...options }: PointOptions,
): Promise<RunEnd> {
  const folder = pointFolder(path, point.hash);
  for (const holder of claim.former) await removeLocksOf(folder, holder);
  const experiment = await loadExperiment({ ...point.config, threads, epochs }, undefined, (config) =>
    data.load(config),
  );
  const trainer = await trainerOf(experiment, undefined);
  try {
    // To read the data may have taken long.
    await claim.requireHeld();
    const isBegun = await mended(folder, experiment.config, options.onRemark);
    const run = isBegun ? await RunFolder.resume(folder) : await RunFolder.create(folder, experiment.config);
    try {
      return (await completeRun(trainer, run, { resume: isBegun, guard: claim.requireHeld, ...options })).end;
    } finally {
      await run.close();
    }
  } finally {
    trainer.engine.close();
  }
}

/**
 * Whether a run is there to go on with: its settings, if they are lost, are those of the point; without a checkpoint that can
 * be read it is begun anew, to the same bits.
 */
async function mended(folder: string, config: RunConfig, onRemark: (line: string) => void): Promise<boolean> {
  const lost = await checkpointFault(folder);
  if (lost === undefined) {
    if (!(await exists(runFile(folder, "config"))))
      await replaceFile(runFile(folder, "config"), stringify(config));
    return true;
  }
  if (await exists(runFile(folder, "metrics"))) onRemark(`${lost}; the run is begun anew`);
  await removeRun(folder);
  return false;
}

/** What is wrong with the checkpoints, if there is none to go on from, or none of the epoch that is selected so far. */
async function checkpointFault(folder: string): Promise<string | undefined> {
  const missing = (name: RunFile) => `${runFile(folder, name)}: is missing`;
  try {
    const found = await readLast({ file: (name) => runFile(folder, name) });
    if (found === undefined) return missing("last");
    if (found.checkpoint.history.length === 0) return undefined;
    if (!(await exists(runFile(folder, "best")))) return missing("best");
    await readCheckpoint(runFile(folder, "best"));
    return undefined;
  } catch (error) {
    if (error instanceof ConfigError && !(error instanceof Unreadable)) return error.message;
    throw error;
  }
}
