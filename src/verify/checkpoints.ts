/** Checkpoints by themselves: whole, of one configuration, and with values that a run can have; without the run's data. */
import type { Dataset, Samples } from "../data/dataset.ts";
import { delayLineChannels } from "../data/delayLine.ts";
import { workerThreads } from "../engine/batch/workerThreads.ts";
import { synapsesName } from "../model/tensors.ts";
import { type Checkpoint, readCheckpoint } from "../run/checkpoint.ts";
import { requireConsistent } from "../run/compatible.ts";
import { requirePossibleProgress } from "../run/possible.ts";
import { requireOwn } from "../run/state.ts";
import { resolveRun } from "../training/config/resolve.ts";
import { Trainer } from "../training/trainer.ts";

/**
 * A checkpoint of a configuration's run, checked as far as can be without its data.
 *
 * @throws ConfigError one line
 */
export async function soundCheckpoint(path: string): Promise<Checkpoint> {
  const checkpoint = await readCheckpoint(path);
  await requirePossible(path, checkpoint);
  return checkpoint;
}

/** What it is after, in words. */
export function placeOf({ epoch, batch }: Pick<Checkpoint, "epoch" | "batch">): string {
  return batch === 0 ? `after epoch ${epoch}` : `after batch ${batch} of epoch ${epoch}`;
}

/** Everything that goes by the data is left out: augmentation, and how many batches an epoch has. */
async function requirePossible(path: string, checkpoint: Checkpoint): Promise<void> {
  const { configuration, data, progress } = checkpoint;
  const bare = { ...configuration, augmentation: [], batch_size: 1 };
  const config = resolveRun(bare, data.validation !== undefined);
  const trainer = await Trainer.create(config, emptyData(checkpoint), workerThreads(1));
  try {
    requireOwn(trainer, { ...checkpoint, configuration: config }, path);
    requireConsistent(trainer, checkpoint, path);
    requirePossibleProgress(trainer, { ...checkpoint, progress: { ...progress, batch: 0 } }, path);
  } finally {
    trainer.engine.close();
  }
}

/** A program may train a configuration with data of its own, so only the weights tell how many channels there were. */
function emptyData({ configuration: { input }, classes, data, tensors }: Checkpoint): Dataset {
  const [, inputs = 1] = tensors.get(synapsesName(0, "weight"))?.shape ?? [];
  const channels = Math.floor(inputs / delayLineChannels(1, input));
  return {
    classes,
    channels: Math.min(Math.max(channels, 1), 65536),
    train: noSamples,
    ...(data.validation && { validation: noSamples }),
    test: noSamples,
  };
}

const noSamples: Samples = {
  source: "no data",
  labels: new Uint16Array(),
  offsets: new Uint32Array(1),
  times: new Float64Array(),
  sources: new Uint16Array(),
  dropped: 0,
};
