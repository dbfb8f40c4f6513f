/** Trains to the end, or until it is stopped, and leaves a checkpoint at every point from which to go on. */
import type { EpochRecord, EpochSeconds } from "../training/records.ts";
import type { StopReason } from "../training/schedule.ts";
import type { Trainer } from "../training/trainer.ts";
import { runEpoch, type Standing } from "../training/training.ts";
import { writeCheckpoint } from "./checkpoint.ts";
import { mendLast, writeLast } from "./lastCheckpoint.ts";
import type { RunFolder } from "./runFolder.ts";
import { checkpointOf } from "./state.ts";

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
  /** Called before anything is written; what it throws ends the run without. */
  readonly guard?: (() => Promise<void>) | undefined;
}

/** @throws KernelError if a trial gets out of hand; the checkpoints of before are then in place */
export async function trainRun(trainer: Trainer, options: TrainOptions = {}): Promise<RunEnd> {
  const { folder, listener = {}, signal, guard = async () => {} } = options;
  const before = [...trainer.history];
  let begun = false;
  // A run that goes on and fails before there is anything new leaves the folder as it was, with the end it had.
  const begin = async () => {
    if (begun || !folder) return;
    await mendLast(folder);
    await folder.removeOutcome();
    await folder.accord(trainer.config, before);
    begun = true;
  };
  for (;;) {
    const reason = trainer.stopReason;
    if (reason !== undefined) return reason;
    const end = await runEpoch(trainer, { onBatch: (standing) => listener.onBatch?.(standing), signal });
    if (folder) await guard();
    await begin();
    if (end === undefined) {
      if (folder) await writeLast(folder, checkpointOf(trainer));
      return "interrupted";
    }
    const { record, silentLayers, seconds } = end;
    if (folder) await keepEpoch(folder, trainer, record, seconds);
    if (silentLayers.length > 0) listener.onSilence?.(silentLayers, record.epoch);
    listener.onEpoch?.(record, seconds);
  }
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
  await writeLast(folder, checkpoint);
}
