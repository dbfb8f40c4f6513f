/** A point's run, by the code that trains any run: begun or gone on with, to the end or to a comparison. */
import { stringify } from "yaml";
import { exists, replaceFile } from "../base/files.ts";
import { completeRun } from "../run/completeRun.ts";
import { loadExperiment, trainerOf } from "../run/experiment.ts";
import { removeLocksOf } from "../run/lock.ts";
import { RunFolder, runFile } from "../run/runFolder.ts";
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
  const experiment = await loadExperiment({ ...point.config, threads, epochs }, undefined, (config) =>
    data.load(config),
  );
  const trainer = await trainerOf(experiment, undefined);
  try {
    if (claim.heir) await removeLocksOf(folder, claim.heir);
    const isBegun = await mended(folder, experiment.config);
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

/** Whether a run is there to go on with; its settings, if they are lost, are those of the point. */
async function mended(folder: string, config: RunConfig): Promise<boolean> {
  if (await exists(runFile(folder, "config"))) return true;
  if (!(await exists(runFile(folder, "last"))) && !(await exists(runFile(folder, "previous")))) return false;
  await replaceFile(runFile(folder, "config"), stringify(config));
  return true;
}
