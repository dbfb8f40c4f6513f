/** The data set a configuration names, divided as its `split` says. */
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { ConfigError } from "../base/errors.ts";
import { exists } from "../base/files.ts";
import { batches, randomStream, stream } from "../base/random.ts";
import type { Dataset, Samples } from "./dataset.ts";
import { latencyMnist } from "./latencyMnist.ts";
import type { DatasetConfig, InputConfig, SplitConfig } from "./settings.ts";
import { readShdFile, type ShdFile } from "./shd/shdFile.ts";
import { requireSameClasses } from "./shd/shdRecordings.ts";
import { splitDataset, subset } from "./splits.ts";
import { yinYang } from "./yinyang.ts";

/** What of a configuration says which recordings it is about. */
export interface DatasetSettings {
  /** Where recordings come from. */
  readonly dataset: DatasetConfig;
  /** What is kept for validation. */
  readonly split: SplitConfig;
  /** What `prepare` will do to them. */
  readonly input: InputConfig;
  /** Length of a trial, ms. */
  readonly duration: number;
}

/** Called before a large file is read. */
export type OnLargeFile = (path: string) => void;

/** Bytes of a file that takes a second or more. */
const large = 10e6;

/**
 * The data set that a configuration names, divided as it says. Spikes are as recorded: `prepare` applies `input`.
 *
 * @throws ConfigError as `readShdFile`, `latencyMnist` and `splitDataset`; files whose classes differ; a file without
 *   recordings or without any spike within a trial's duration
 */
export async function loadDataset(settings: DatasetSettings, onLargeFile?: OnLargeFile): Promise<Dataset> {
  return splitDataset(await loadUndivided(settings, onLargeFile), settings.split);
}

async function loadUndivided(
  { dataset, input, duration }: DatasetSettings,
  onLargeFile: OnLargeFile | undefined,
): Promise<Dataset> {
  switch (dataset.kind) {
    case "yinyang": {
      const { train, test, train_seed: trainSeed, test_seed: testSeed } = dataset;
      return yinYang({ train, test, trainSeed, testSeed, duration });
    }
    case "latency_mnist":
      return latencyMnist({ train: dataset.train, test: dataset.test, duration });
    case "shd":
      // Times that shrink may move into the trial.
      return loadShd(dataset, input.time_scale < 1 ? Infinity : duration, onLargeFile);
  }
}

type ShdConfig = Extract<DatasetConfig, { kind: "shd" }>;

async function loadShd(config: ShdConfig, duration: number, onLargeFile?: OnLargeFile): Promise<Dataset> {
  const { folder, channels } = config;
  const read = async (name: string) => {
    const path = await plainOrPacked(join(folder, name));
    const size = (await stat(path).catch(() => undefined))?.size ?? 0;
    if (size >= large) onLargeFile?.(path);
    return readShdFile(path, { channels, duration });
  };
  const train = await read(config.train);
  const validation = config.validation === undefined ? undefined : await read(config.validation);
  const test = config.test === undefined ? undefined : await read(config.test);
  const files = [train, validation, test].filter((file) => file !== undefined);
  for (const { samples } of files) checkSpikes(samples, duration);
  return {
    classes: commonClasses(train, files),
    channels,
    train: some(train.samples, config.recordings),
    ...(validation && { validation: validation.samples }),
    ...(test && { test: test.samples }),
  };
}

/** So many of the trials, in the order of the file. */
function some(samples: Samples, wanted: number | undefined): Samples {
  const trials = samples.labels.length;
  if (wanted === undefined || wanted === trials) return samples;
  if (wanted > trials)
    throw new ConfigError(
      `dataset.recordings: expected at most the ${trials} of ${samples.source}, got ${wanted}`,
    );
  return subset(samples, batches(trials, wanted, randomStream(1, stream.recordings))[0]!.sort());
}

/** Data sets are published packed: NAME.gz serves where there is no NAME. */
export async function plainOrPacked(path: string): Promise<string> {
  const packed = `${path}.gz`;
  return !(await exists(path)) && (await exists(packed)) ? packed : path;
}

function checkSpikes({ source, labels, times, dropped }: Samples, duration: number): void {
  if (labels.length === 0) throw new ConfigError(`${source}: expected recordings, found none`);
  if (times.length > 0) return;
  const reason = dropped > 0 ? `all ${dropped} are later` : "found none";
  throw new ConfigError(`${source}: expected spikes before ${duration} ms, ${reason}`);
}

/** The files' names of the classes; without names, as many as the labels for training need. */
function commonClasses(train: ShdFile, files: readonly ShdFile[]): readonly string[] {
  const classes = train.classes ?? numbered(train.samples.labels);
  for (const file of files) checkClasses(file, classes, train.samples.source);
  return classes;
}

function checkClasses({ samples, classes: own }: ShdFile, classes: readonly string[], from: string): void {
  const { source, labels } = samples;
  if (own !== undefined) requireSameClasses(own, source, classes, from);
  const wrong = labels.findIndex((label) => label >= classes.length);
  if (wrong < 0) return;
  const expected = `a label from 0 to ${classes.length - 1} as in ${from}`;
  throw new ConfigError(`${source}: recording ${wrong}: expected ${expected}, got ${labels[wrong]}`);
}

function numbered(labels: Uint16Array): string[] {
  const count = labels.reduce((most, label) => (label >= most ? label + 1 : most), 0);
  return Array.from({ length: count }, (_, label) => String(label));
}
