/** A configuration and its data, ready for training. */

import { ConfigError } from "../base/errors.ts";
import type { Dataset, Samples } from "../data/dataset.ts";
import { loadDataset, type OnLargeFile } from "../data/loadDataset.ts";
import { prepare, preparedChannels } from "../data/prepare.ts";
import { type ResolvedConfig, resolveRun } from "../training/config/resolve.ts";
import type { RunConfig } from "../training/config/run.ts";

interface Experiment {
  readonly config: ResolvedConfig;
  /** Divided and prepared. */
  readonly dataset: Dataset;
}

/**
 * @param source where the configuration stands; starts messages about settings that do not fit the data
 * @param onLargeFile called before a large file is read; if absent, stderr says so
 * @throws ConfigError as `loadDataset` and `resolveRun`; `input` leaves a part without spikes
 */
export async function loadExperiment(
  config: RunConfig,
  source?: string,
  onLargeFile: OnLargeFile = (path) => console.error(`reading ${path}`),
): Promise<Experiment> {
  return namingSource(config, source, async () => {
    const dataset = await loadDataset(config, onLargeFile);
    const resolved = resolveRun(config, dataset.validation !== undefined);
    return { config: resolved, dataset: prepareParts(config, dataset) };
  });
}

/** Puts the file's name before a message that starts with one of its settings, which those who made it did not know. */
export async function namingSource<Result>(
  config: RunConfig,
  source: string | undefined,
  compute: () => Promise<Result>,
): Promise<Result> {
  try {
    return await compute();
  } catch (error) {
    if (source === undefined || !(error instanceof ConfigError)) throw error;
    const setting = /^(\w+)[.[:]/.exec(error.message)?.[1];
    if (setting === undefined || !Object.hasOwn(config, setting)) throw error;
    throw new ConfigError(`${source}: ${error.message}`);
  }
}

/** @throws ConfigError `input` leaves a part without spikes */
function prepareParts({ input, duration }: RunConfig, dataset: Dataset): Dataset {
  const { channels, train, validation, test } = dataset;
  const part = (samples: Samples) => {
    const ready = prepare(samples, input, channels, duration);
    if (samples.times.length > 0 && ready.times.length === 0) throw noneLeft(samples, input, duration);
    return ready;
  };
  return {
    ...dataset,
    channels: preparedChannels(channels, input),
    train: part(train),
    ...(validation && { validation: part(validation) }),
    // Where the test part stands in for a validation part, both are the same trials.
    test: part(test),
  };
}

function noneLeft(
  { source, times }: Samples,
  { time_scale }: RunConfig["input"],
  duration: number,
): ConfigError {
  const expected = `expected a factor that leaves spikes of ${source} before duration, ${duration} ms`;
  return new ConfigError(
    `input.time_scale: ${expected}, got ${time_scale}, which moves all ${times.length} behind it`,
  );
}
