/** A checkpoint's network with recordings that its run has not seen: it scores them, and trains nothing. */
import type { Dataset, Samples } from "../data/dataset.ts";
import { prepare, preparedChannels } from "../data/prepare.ts";
import { workerThreads } from "../engine/batch/workerThreads.ts";
import { resolveRun } from "../training/config/resolve.ts";
import { Trainer } from "../training/trainer.ts";
import type { Checkpoint } from "./checkpoint.ts";
import { restoreParameters } from "./state.ts";

/**
 * The trials are its `test` part, prepared as those of the run were.
 *
 * @param channels of the samples
 */
export async function scoringTrainer(
  { configuration, classes, tensors }: Pick<Checkpoint, "configuration" | "classes" | "tensors">,
  samples: Samples,
  channels: number,
): Promise<Trainer> {
  const { input, duration } = configuration;
  const given = prepare(samples, input, channels, duration);
  const dataset: Dataset = {
    classes,
    channels: preparedChannels(channels, input),
    train: given,
    test: given,
  };
  // Nothing is trained, so nothing is augmented.
  const config = resolveRun({ ...configuration, augmentation: [] }, true);
  const trainer = await Trainer.create(config, dataset, workerThreads(configuration.threads));
  restoreParameters(trainer.parameters, { tensors });
  return trainer;
}
