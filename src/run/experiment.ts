/** A configuration and its data, ready for training; and the folds of a cross-validation, a configuration each. */

import { ConfigError } from "../base/errors.ts";
import { visible } from "../base/visible.ts";
import type { Dataset } from "../data/dataset.ts";
import { loadDataset, type OnLargeFile } from "../data/loadDataset.ts";
import { prepareParts } from "../data/prepare.ts";
import { speakersOf } from "../data/splits.ts";
import { checkRunConfig, parseRunConfig } from "../training/config/check.ts";
import { type ResolvedConfig, resolveRun } from "../training/config/resolve.ts";
import type { RunConfig, RunSettings } from "../training/config/run.ts";
import { driven } from "../training/drive.ts";

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
  onLargeFile: OnLargeFile = (path) => console.error(visible(`reading ${path}`)),
): Promise<Experiment> {
  return namingSource(config, source, async () => {
    const dataset = await loadDataset(config, onLargeFile);
    const prepared = prepareParts(config, dataset);
    const resolved = resolveRun(await driven(config, prepared), dataset.validation !== undefined);
    return { config: resolved, dataset: prepared };
  });
}

/**
 * The recordings that a configuration names, divided as it says; nothing is done to them yet.
 *
 * @param settings from `loadRunConfig`, or as its file would hold them; a folder is then relative to the working folder
 * @throws ConfigError for settings that a file may not have, and for files that cannot be read or are damaged
 */
export async function loadData(settings: RunSettings): Promise<Dataset> {
  return loadDataset(parseRunConfig(settings));
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

export interface Fold {
  /** Of its folder. */
  readonly name: string;
  readonly config: RunConfig;
}

/**
 * A fold for each speaker of the training part, or `folds` of them by chance.
 *
 * @param source starts messages about what does not fit the rest of the configuration
 * @throws ConfigError if the data set does not say who spoke, or cannot be divided
 */
export async function foldsOf(
  config: RunConfig,
  folds: "speakers" | number,
  source: string,
): Promise<Fold[]> {
  const all =
    folds === "speakers"
      ? await namingSource(config, source, () => speakerFolds(config))
      : numberedFolds(config, folds);
  for (const fold of all) checkRunConfig(fold.config, source);
  return all;
}

function numberedFolds(config: RunConfig, folds: number): Fold[] {
  const { seed } = config;
  return Array.from({ length: folds }, (_, fold) => ({
    name: `fold-${fold}`,
    config: { ...config, split: { kind: "fold", folds, fold, seed } },
  }));
}

async function speakerFolds(config: RunConfig): Promise<Fold[]> {
  const { train } = await loadDataset({ ...config, split: { kind: "official" } });
  const speakers = speakersOf(train);
  if (speakers.length < 2)
    throw new ConfigError(
      `--folds: expected a data set with several speakers, or a number, got ${train.source}`,
    );
  return speakers.map((speaker) => ({
    name: `speaker-${speaker}`,
    config: { ...config, split: { kind: "leave_one_speaker_out", speaker } },
  }));
}

interface MeanAndDeviation {
  readonly mean: number;
  /** Of the population: divided by their number. */
  readonly deviation: number;
}

export function meanAndDeviation(values: readonly number[]): MeanAndDeviation {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const square = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return { mean, deviation: Math.sqrt(square) };
}
