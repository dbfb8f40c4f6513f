/**
 * goldspike/training: training in a program. Files need Node; everything else works in a page too, where one thread
 * computes and a bundler leaves out what is not imported.
 */

export { ConfigError, KernelError } from "./base/errors.ts";
export type { Dataset, LabelledTrial, SampleLimits, Samples } from "./data/dataset.ts";
export { samplesOf } from "./data/dataset.ts";
export type { ShdFile, ShdOptions } from "./data/shd/shdFile.ts";
export { readShdFile } from "./data/shd/shdFile.ts";
export type { YinYangOptions } from "./data/yinyang.ts";
export { yinYang } from "./data/yinyang.ts";
export type { SharedWork, StartThreads, Threads } from "./engine/batch/threads.ts";
export { oneThread } from "./engine/batch/threads.ts";
export { workerThreads } from "./engine/batch/workerThreads.ts";
export { loadData } from "./run/experiment.ts";
export type { NetworkChoice } from "./run/networkFiles.ts";
export { loadNetwork, saveNetwork } from "./run/networkFiles.ts";
export type { LoadChoice } from "./run/saved.ts";
export { loadCheckpoint, saveCheckpoint, saveRun } from "./run/saved.ts";
export { parseRunConfig } from "./training/config/check.ts";
export type { RunOverrides } from "./training/config/load.ts";
export { loadRunConfig } from "./training/config/load.ts";
export type { Normal } from "./training/config/parts.ts";
export type { RunConfig, RunSettings } from "./training/config/run.ts";
export type { DrawnNetwork, DrawnProjection, Uniform } from "./training/initialize.ts";
export { drawNetwork } from "./training/initialize.ts";
export type {
  Augmentation,
  Bounds,
  Optimizer,
  OptimizerGroup,
  Regularization,
  TrainingData,
  TrainingLoss,
  TrainingOptions,
} from "./training/options.ts";
export type { EpochRecord, Score, TrialOutcome } from "./training/records.ts";
export type { Best, StopReason } from "./training/schedule.ts";
export type { EpochOptions, Standing, Training } from "./training/training.ts";
export { configuredTraining, createTraining } from "./training/training.ts";
export type { PartResult } from "./training/trials.ts";
