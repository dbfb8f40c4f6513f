/** A configuration and its data, ready for training. */
import { type ResolvedConfig, resolveRun } from "../config/resolve.ts";
import type { RunConfig } from "../config/run.ts";
import type { Dataset, Samples } from "../data/dataset.ts";
import { prepare, preparedChannels } from "../data/prepare.ts";
import { loadDataset } from "../training/loadDataset.ts";

export interface Experiment {
  readonly config: ResolvedConfig;
  /** Divided and prepared. */
  readonly dataset: Dataset;
}

/** @throws ConfigError as `loadDataset` and `resolveRun` */
export async function loadExperiment(config: RunConfig): Promise<Experiment> {
  const dataset = await loadDataset(config);
  const resolved = resolveRun(config, dataset.validation !== undefined);
  return { config: resolved, dataset: prepared(config, dataset) };
}

function prepared({ input, duration }: RunConfig, dataset: Dataset): Dataset {
  const { channels, train, validation, test } = dataset;
  const part = (samples: Samples) => prepare(samples, input, channels, duration);
  return {
    ...dataset,
    channels: preparedChannels(channels, input),
    train: part(train),
    ...(validation && { validation: part(validation) }),
    // Where the test part stands in for a validation part, both are the same trials.
    test: part(test),
  };
}
