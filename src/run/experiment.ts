/** A configuration and its data, ready for training; and the folds of a cross-validation, a configuration each. */

import { ConfigError } from "../base/errors.ts";
import { visible } from "../base/visible.ts";
import type { Dataset } from "../data/dataset.ts";
import { loadDataset } from "../data/loadDataset.ts";
import { prepareParts } from "../data/prepare.ts";
import { speakersOf } from "../data/splits.ts";
import { workerThreads } from "../engine/batch/workerThreads.ts";
import { checkRunConfig, parseRunConfig } from "../training/config/check.ts";
import { type ResolvedConfig, resolveRun } from "../training/config/resolve.ts";
import type { RunConfig, RunSettings } from "../training/config/run.ts";
import { driven } from "../training/drive.ts";
import { Trainer } from "../training/trainer.ts";

export interface Experiment {
  readonly config: ResolvedConfig;
  /** Divided and prepared. */
  readonly dataset: Dataset;
}

/**
 * @param source where the configuration stands; starts messages about settings that do not fit the data
 * @param load default: reads the files
 * @throws ConfigError as `loadDataset` and `resolveRun`; `input` leaves a part without spikes
 */
export async function loadExperiment(
  config: RunConfig,
  source?: string,
  load: LoadPrepared = loadPrepared,
): Promise<Experiment> {
  return namingSource(config, source, async () => {
    const dataset = await load(config);
    return { config: resolveRun(await driven(config, dataset), dataset.validation !== undefined), dataset };
  });
}

/** A configuration's recordings, divided and prepared. */
export type LoadPrepared = (config: RunConfig) => Promise<Dataset>;

/** Says on stderr before a large file is read. */
export async function loadPrepared(config: RunConfig): Promise<Dataset> {
  return prepareParts(config, await loadDataset(config, (path) => console.error(visible(`reading ${path}`))));
}

/**
 * @param source where the configuration stands; starts messages
 * @throws ConfigError if network and batch need more than 4 GiB, or the settings do not fit the data
 */
export function trainerOf({ config, dataset }: Experiment, source?: string): Promise<Trainer> {
  const threads = workerThreads(config.threads);
  return namingSource(config, source, () => Trainer.create(config, dataset, threads));
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
async function namingSource<Result>(
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
  if (folds !== "speakers") return checkedFolds(numberedFolds(config, folds), source);
  const speakers = await namingSource(config, source, () => trainingSpeakers(config, "--folds"));
  return checkedFolds(speakerFolds(config, speakers), source);
}

/**
 * The same, where the speakers are known.
 *
 * @throws ConfigError for a split that does not fit the rest of the configuration
 */
export function knownFolds(
  config: RunConfig,
  folds: number | { readonly speakers: readonly number[] },
  source: string,
): Fold[] {
  const all = typeof folds === "number" ? numberedFolds(config, folds) : speakerFolds(config, folds.speakers);
  return checkedFolds(all, source);
}

function checkedFolds(folds: Fold[], source: string): Fold[] {
  for (const { config } of folds) checkRunConfig(config, source);
  return folds;
}

function numberedFolds(config: RunConfig, folds: number): Fold[] {
  const { seed } = config;
  return Array.from({ length: folds }, (_, fold) => ({
    name: `fold-${fold}`,
    config: { ...config, split: { kind: "fold", folds, fold, seed } },
  }));
}

/**
 * Numbers of those who speak in the training part.
 *
 * @param place that asks for them, for messages
 * @throws ConfigError if the data set does not say who spoke, or it is one voice
 */
export async function trainingSpeakers(config: RunConfig, place: string): Promise<number[]> {
  const { train } = await loadDataset({ ...config, split: { kind: "official" } });
  const speakers = speakersOf(train);
  if (speakers.length < 2)
    throw new ConfigError(
      `${place}: expected a data set with several speakers, or a number, got ${train.source}`,
    );
  return speakers;
}

function speakerFolds(config: RunConfig, speakers: readonly number[]): Fold[] {
  return speakers.map((speaker) => ({
    name: `speaker-${speaker}`,
    config: { ...config, split: { kind: "leave_one_speaker_out", speaker } },
  }));
}
