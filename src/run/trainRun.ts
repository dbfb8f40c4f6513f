/** Trains to the end, or until it is stopped, and leaves a checkpoint at every point from which to go on. */
import { setImmediate } from "node:timers/promises";
import type { EpochRecord, EpochSeconds, Score } from "../training/records.ts";
import type { StopReason } from "../training/schedule.ts";
import type { Trainer } from "../training/trainer.ts";
import { writeCheckpoint } from "./checkpoint.ts";
import type { RunFolder } from "./runFolder.ts";
import { checkpointOf } from "./state.ts";

/** How far an epoch has come. */
export interface Standing {
  readonly epoch: number;
  readonly part: "train" | "validation";
  /** Batches of training done, and all of the epoch. */
  readonly batch: number;
  readonly batches: number;
  /** Trials of the part so far; and of the whole epoch, all and so far. */
  readonly score: Score;
  readonly trials: number;
  readonly allTrials: number;
}

/** Called with what happens, in the order in which it does. */
export interface Listener {
  /** After every batch. */
  onBatch?(standing: Standing): void;
  onEpoch?(record: EpochRecord, seconds: EpochSeconds): void;
  /** Before `onEpoch`: hidden layers of which no neuron has spiked in the epoch's training, if there are any. */
  onSilence?(layers: readonly string[], epoch: number): void;
}

export type RunEnd = StopReason | "epochs" | "interrupted";

export interface TrainOptions {
  /** Where checkpoints and metrics go; without a folder nothing is kept. */
  readonly folder?: RunFolder | undefined;
  readonly listener?: Listener | undefined;
  /** Ends the run after the batch that is being computed. */
  readonly signal?: AbortSignal | undefined;
}

/** @throws KernelError if a trial gets out of hand; the checkpoints of before are then in place */
export async function trainRun(trainer: Trainer, options: TrainOptions = {}): Promise<RunEnd> {
  const { folder, listener = {}, signal } = options;
  const before = [...trainer.history];
  let begun = false;
  // A run that goes on and fails before there is anything new leaves the folder as it was, with the end it had.
  const begin = async () => {
    if (begun || !folder) return;
    await folder.removeOutcome();
    await folder.accord(trainer.config, before);
    begun = true;
  };
  for (;;) {
    const reason = trainer.stopReason;
    if (reason !== undefined) return reason;
    const start = performance.now();
    await trainBatches(trainer, listener, signal);
    const between = performance.now();
    const validation = signal?.aborted ? undefined : await validate(trainer, listener, signal);
    if (signal?.aborted) {
      await begin();
      if (folder) await writeCheckpoint(folder.file("last"), checkpointOf(trainer));
      return "interrupted";
    }
    const { silentLayers } = trainer;
    const record = trainer.endEpoch(validation);
    await begin();
    const seconds = { train: (between - start) / 1000, validation: (performance.now() - between) / 1000 };
    if (folder) await keepEpoch(folder, trainer, record, seconds);
    if (silentLayers.length > 0) listener.onSilence?.(silentLayers, record.epoch);
    listener.onEpoch?.(record, seconds);
  }
}

async function trainBatches(trainer: Trainer, listener: Listener, signal?: AbortSignal): Promise<void> {
  const { batchCount: batches } = trainer;
  const allTrials = trainer.trialCount + (trainer.dataset.validation?.labels.length ?? 0);
  while (trainer.state.batch < batches && !signal?.aborted) {
    trainer.trainBatch();
    const { epoch, batch } = trainer.state;
    const { score } = trainer;
    listener.onBatch?.({ epoch, part: "train", batch, batches, score, trials: score.trials, allTrials });
    // Signals and the terminal get their turn.
    await setImmediate();
  }
}

/** Undefined if there is no such part, or if the run is to stop before it is through. */
async function validate(
  trainer: Trainer,
  listener: Listener,
  signal?: AbortSignal,
): Promise<Score | undefined> {
  const { epoch, batch } = trainer.state;
  const all = trainer.dataset.validation?.labels.length ?? 0;
  const onBatch = async (score: Score) => {
    const [trials, allTrials] = [trainer.trialCount + score.trials, trainer.trialCount + all];
    listener.onBatch?.({ epoch, part: "validation", batch, batches: batch, score, trials, allTrials });
    await setImmediate();
    return !signal?.aborted;
  };
  return trainer.validate(onBatch);
}

/**
 * `last` comes at the end: whatever a crash has left of the others is written again by the run that goes on from the
 * `last` before, which drops the metrics of later epochs.
 */
async function keepEpoch(
  folder: RunFolder,
  trainer: Trainer,
  record: EpochRecord,
  seconds: EpochSeconds,
): Promise<void> {
  const checkpoint = checkpointOf(trainer);
  await folder.appendMetrics(record, seconds);
  if (trainer.isBest) await writeCheckpoint(folder.file("best"), checkpoint);
  await writeCheckpoint(folder.file("last"), checkpoint);
}
