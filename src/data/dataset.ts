/** What a data set is: labelled trials for training and for testing, as plain data; and trials from a program's arrays. */
import { complaint } from "../base/parseWith.ts";

/**
 * Labelled spike trains. The spikes of all trials lie in three flat arrays, those of trial i at
 * offsets[i] … offsets[i + 1]: speech has thousands of trials of thousands of spikes each.
 */
export interface Samples {
  /** Where the trials come from, a file's path or a generator; starts messages about them. */
  readonly source: string;
  /** Shape [trials]; a label is an index of the data set's classes. */
  readonly labels: Uint16Array;
  /** Shape [trials + 1], from 0, ascending. */
  readonly offsets: Uint32Array;
  /** ms, ascending in each trial; single precision where it holds the source's times exactly. */
  readonly times: Float32Array | Float64Array;
  /** The channel of each spike. */
  readonly sources: Uint16Array;
  /** Events of the source that were left out because they are not within a trial's duration. */
  readonly dropped: number;
  /** Trials of the source whose times were not in order. */
  readonly unsorted?: number;
  /** Who spoke each trial, shape [trials], where the source says so. */
  readonly speakers?: Uint16Array;
}

/** A data set in parts. */
export interface Dataset {
  /** Names of the classes; labels index them. */
  readonly classes: readonly string[];
  /** Channels of the recordings, at most 65536; sources of spikes are 0 … channels − 1. */
  readonly channels: number;
  /** What is trained with. */
  readonly train: Samples;
  /** What schedule and selection may look at; absent where there is none. */
  readonly validation?: Samples;
  /** What is looked at in the end; absent where it is kept elsewhere. */
  readonly test?: Samples;
}

/** One with trials for the end. */
export type TestedDataset = Dataset & Required<Pick<Dataset, "test">>;

/** Most spikes a trial has. */
export function mostSpikes(samples: Samples): number {
  let most = 0;
  for (let i = 0; i < samples.labels.length; i++) {
    const spikes = samples.offsets[i + 1]! - samples.offsets[i]!;
    if (spikes > most) most = spikes;
  }
  return most;
}

/** A trial as a program has it: its spikes, and what it is of. */
export interface LabelledTrial {
  /** ms, ascending, in [0, duration). */
  readonly times: ArrayLike<number>;
  /** The channel of each spike, from 0. */
  readonly sources: ArrayLike<number>;
  /** Its class, from 0. */
  readonly label: number;
}

/** What trials must fit. */
export interface SampleLimits {
  /** Channels of the input, from 1 to 65536. */
  readonly channels: number;
  /** Number of classes, from 1 to 65536. */
  readonly classes: number;
  /** Length T of a trial in ms. */
  readonly duration: number;
}

/**
 * Trials of a program, checked and packed for training.
 *
 * @param options what they must fit; `source` starts messages about them, default "samples"
 * @throws ConfigError naming the trial and the value: times that descend or are not in [0, duration), lengths that differ, a
 *   source or a label out of range, an option that is missing or unknown
 */
export function samplesOf(
  trials: readonly LabelledTrial[],
  options: SampleLimits & { readonly source?: string },
): Samples {
  const { source = "samples", ...limits } = options ?? {};
  checkLimits(limits, source);
  if (!Array.isArray(trials)) throw complaint(source, [], "expected an array of trials", trials);
  for (const [k, trial] of trials.entries()) checkTrial(trial, limits, source, k);
  const offsets = new Uint32Array(trials.length + 1);
  for (const [k, { times }] of trials.entries()) offsets[k + 1] = offsets[k]! + times.length;
  const samples = {
    source,
    labels: Uint16Array.from(trials, ({ label }) => label),
    offsets,
    times: new Float64Array(offsets[trials.length]!),
    sources: new Uint16Array(offsets[trials.length]!),
    dropped: 0,
  };
  for (const [k, { times, sources }] of trials.entries()) {
    samples.times.set(times, offsets[k]!);
    samples.sources.set(sources, offsets[k]!);
  }
  return samples;
}

const most = 65536;

function checkLimits({ channels, classes, duration, ...rest }: SampleLimits, source: string): void {
  const [unknown] = Object.entries(rest);
  const keys = "unknown option (expected one of channels, classes, duration, source)";
  if (unknown) throw complaint(source, [unknown[0]], keys, unknown[1]);
  for (const [key, value] of Object.entries({ channels, classes }))
    if (!isIndex(value - 1, most))
      throw complaint(source, [key], `expected an integer from 1 to ${most}`, value);
  if (!(duration > 0 && duration < Infinity))
    throw complaint(source, ["duration"], "expected a positive number", duration);
}

function isIndex(value: unknown, end: number): boolean {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) < end;
}

function checkTrial(
  trial: LabelledTrial,
  { channels, classes, duration }: SampleLimits,
  source: string,
  k: number,
): void {
  const { times, sources, label } = trial ?? {};
  const isList = (value: unknown) => typeof (value as { length?: unknown } | null)?.length === "number";
  for (const [key, list] of Object.entries({ times, sources }))
    if (!isList(list) || typeof list === "string")
      throw complaint(source, [k, key], "expected an array of numbers", list);
  if (sources.length !== times.length)
    throw complaint(
      source,
      [k, "sources"],
      `expected ${times.length} sources, one for each time`,
      sources.length,
    );
  if (!isIndex(label, classes))
    throw complaint(source, [k, "label"], `expected an integer from 0 to ${classes - 1}`, label);
  for (let n = 0; n < times.length; n++) {
    const [time, before] = [times[n]!, n > 0 ? times[n - 1]! : 0];
    if (!(time >= 0 && time < duration))
      throw complaint(source, [k, "times", n], `expected a time in [0, ${duration})`, time);
    if (time < before)
      throw complaint(source, [k, "times", n], `expected a time ≥ the one before, ${before}`, time);
    if (!isIndex(sources[n], channels))
      throw complaint(source, [k, "sources", n], `expected an integer from 0 to ${channels - 1}`, sources[n]);
  }
}

/**
 * Whether a program's samples are some, and fit.
 *
 * @param place of the samples in what was given
 * @throws ConfigError naming the trial and the value, as `samplesOf`
 */
export function checkSamples(samples: Samples, limits: SampleLimits, place: string): void {
  const { labels, offsets, times, sources, source } = samples ?? {};
  const isWhole =
    labels instanceof Uint16Array &&
    offsets instanceof Uint32Array &&
    (times instanceof Float32Array || times instanceof Float64Array) &&
    sources instanceof Uint16Array &&
    offsets.length === labels.length + 1 &&
    offsets.at(-1) === times.length;
  if (!isWhole) throw complaint(place, [], "expected samples, as samplesOf makes them", samples);
  for (let k = 0; k < labels.length; k++) {
    const trial = {
      times: times.subarray(offsets[k]!, offsets[k + 1]!),
      sources: sources.subarray(offsets[k]!, offsets[k + 1]!),
      label: labels[k]!,
    };
    checkTrial(trial, limits, `${place} (${source})`, k);
  }
}
