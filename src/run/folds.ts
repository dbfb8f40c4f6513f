/** The folds of a cross-validation: one configuration each, which differ in what is held out. */

import { ConfigError } from "../base/errors.ts";
import { loadDataset } from "../data/loadDataset.ts";
import { speakersOf } from "../data/splits.ts";
import { checkRunConfig } from "../training/config/check.ts";
import type { RunConfig } from "../training/config/run.ts";
import { namingSource } from "./experiment.ts";

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
