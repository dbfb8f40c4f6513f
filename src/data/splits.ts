/** Which trials of a data set are for validation: what the schedule and the choice of an epoch may look at. */

import { ConfigError } from "../base/errors.ts";
import { batches, randomStream, stream } from "../base/random.ts";
import type { Dataset, Samples } from "./dataset.ts";
import type { SplitConfig } from "./settings.ts";

/**
 * The data set, divided. The test part stays as it is: where a speaker is left out, it has other recordings of all of
 * them, and only the validation part tells how the network does on a new voice.
 *
 * @throws ConfigError one line: no such speaker, too few trials, or a data set that is divided already
 */
export function splitDataset(dataset: Dataset, split: SplitConfig): Dataset {
  if (split.kind === "official") return dataset;
  if (dataset.validation !== undefined) {
    const reason = `expected "official" for a data set with a validation part (${dataset.validation.source})`;
    throw new ConfigError(`split.kind: ${reason}, got "${split.kind}"`);
  }
  if (split.kind === "train_test") return { ...dataset, validation: testOf(dataset) };
  const { train } = dataset;
  const chosen = chosenTrials(train, split);
  const inTraining = new Uint8Array(train.labels.length).fill(1);
  for (const trial of chosen) inTraining[trial] = 0;
  return {
    ...dataset,
    train: subset(train, indicesOf(inTraining, 1)),
    validation: subset(train, indicesOf(inTraining, 0)),
  };
}

function testOf({ train, test }: Dataset): Samples {
  if (test !== undefined) return test;
  throw new ConfigError(`split.kind: expected a data set with a test part, got ${train.source} alone`);
}

type ChoosingSplit = Exclude<SplitConfig, { kind: "official" | "train_test" }>;

/** Those of the training part that are for validation. */
function chosenTrials(train: Samples, split: ChoosingSplit): ArrayLike<number> & Iterable<number> {
  switch (split.kind) {
    case "random":
      return randomTrials(train, split.validation, split.seed);
    case "fold":
      return foldOf(train, split.folds, split.fold, split.seed);
    case "leave_one_speaker_out":
      return trialsOf(train, split.speaker);
  }
}

/** The trials at `indices`, copied. `dropped` and `unsorted` stay those of the whole source. */
export function subset(samples: Samples, indices: ArrayLike<number>): Samples {
  const trials = Array.from(indices);
  const offsets = new Uint32Array(trials.length + 1);
  trials.forEach((trial, k) => {
    offsets[k + 1] = offsets[k]! + samples.offsets[trial + 1]! - samples.offsets[trial]!;
  });
  const count = offsets[trials.length]!;
  const times = samples.times instanceof Float32Array ? new Float32Array(count) : new Float64Array(count);
  const sources = new Uint16Array(count);
  trials.forEach((trial, k) => {
    const from = samples.offsets[trial]!;
    const to = samples.offsets[trial + 1]!;
    times.set(samples.times.subarray(from, to), offsets[k]!);
    sources.set(samples.sources.subarray(from, to), offsets[k]!);
  });
  const { labels, speakers } = samples;
  return {
    ...samples,
    labels: Uint16Array.from(trials, (trial) => labels[trial]!),
    offsets,
    times,
    sources,
    ...(speakers && { speakers: Uint16Array.from(trials, (trial) => speakers[trial]!) }),
  };
}

/** The speakers' numbers, each once, ascending; none where the source does not say who spoke. */
export function speakersOf({ speakers }: Pick<Samples, "speakers">): number[] {
  return [...new Set(speakers)].sort((a, b) => a - b);
}

function randomTrials(train: Samples, count: number, seed: number): Uint32Array {
  const trials = train.labels.length;
  if (count >= trials) {
    throw new ConfigError(
      `split.validation: expected fewer than the ${trials} trials of ${train.source}, got ${count}`,
    );
  }
  return batches(trials, count, randomStream(seed, stream.split))[0]!;
}

/** Part `fold` of `folds` into which the trials, in an order drawn from the seed, are cut. */
function foldOf({ source, labels }: Samples, folds: number, fold: number, seed: number): Uint32Array {
  const trials = labels.length;
  if (folds > trials) {
    throw new ConfigError(`split.folds: expected at most the ${trials} trials of ${source}, got ${folds}`);
  }
  const order = batches(trials, trials, randomStream(seed, stream.split))[0]!;
  return order.subarray(foldStart(trials, folds, fold), foldStart(trials, folds, fold + 1));
}

/** Where a part begins: their sizes differ by one trial at most. */
function foldStart(trials: number, folds: number, fold: number): number {
  return Math.floor((fold * trials) / folds);
}

function trialsOf({ source, speakers, labels }: Samples, speaker: number): number[] {
  if (speakers === undefined) {
    throw new ConfigError(`split.kind: expected a data set with speakers, got ${source} without`);
  }
  const its = [...speakers.keys()].filter((trial) => speakers[trial] === speaker);
  if (its.length > 0 && its.length < labels.length) return its;
  const known = listed(speakersOf({ speakers }));
  const expected = its.length > 0 ? "one of several speakers" : "a speaker";
  throw new ConfigError(`split.speaker: expected ${expected} of ${source} (${known}), got ${speaker}`);
}

/** At most a line of them: speech commands have thousands of speakers. */
function listed(speakers: readonly number[]): string {
  const most = 20;
  if (speakers.length <= most) return speakers.join(", ");
  return `${speakers.slice(0, most).join(", ")} … ${speakers.at(-1)}, ${speakers.length} in all`;
}

function indicesOf(marks: Uint8Array, mark: number): number[] {
  return [...marks.keys()].filter((trial) => marks[trial] === mark);
}
