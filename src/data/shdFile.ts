/**
 * Spiking speech in the file layout of the Spiking Heidelberg Digits (Cramer et al. 2022, zenkelab.org/datasets):
 * /spikes/times (variable length, float16, seconds), /spikes/units (variable length, uint16), /labels,
 * and possibly /extra/speaker and /extra/keys, the names of the classes. Wider numbers are read as well.
 */
import { ConfigError } from "../errors.ts";
import type { Samples } from "./dataset.ts";
import { fileBytes } from "./fileBytes.ts";
import { type Hdf5, type Hdf5Arrays, withHdf5 } from "./hdf5.ts";

export interface ShdFile {
  readonly samples: Samples;
  /** Names of the classes, if the file has them. */
  readonly classes: readonly string[] | undefined;
}

export interface ShdOptions {
  /** Units are 0 … channels − 1. */
  readonly channels: number;
  /** ms; events at or after it are dropped. */
  readonly duration: number;
}

/**
 * The recordings of a file, plain or packed (.gz). A recording whose times descend somewhere is sorted by time, then unit.
 *
 * @throws ConfigError one line that names the file and what is wrong: not there, truncated or damaged, not HDF5,
 *   a dataset missing or of another type, lengths that disagree, a time, unit or label out of range
 */
export async function readShdFile(path: string, options: ShdOptions): Promise<ShdFile> {
  return withHdf5(await fileBytes(path), path, (file) => readRecordings(file, path, options));
}

function readRecordings(file: Hdf5, source: string, options: ShdOptions): ShdFile {
  const units = file.arrays("/spikes/units", "integer");
  const seconds = file.arrays("/spikes/times", "float");
  const labels = file.integers("/labels");
  const classes = file.has("/extra/keys") ? file.strings("/extra/keys") : undefined;
  const speakers = file.has("/extra/speaker") ? file.integers("/extra/speaker") : undefined;
  const counts = { "/spikes/units": units.count, "/spikes/times": seconds.count };
  checkCounts(source, labels.length, speakers ? { ...counts, "/extra/speaker": speakers.length } : counts);
  checkLabels(source, labels, classes?.length ?? 65536);
  const samples: Samples = {
    source,
    labels: Uint16Array.from(labels),
    ...readSpikes(source, units, seconds, options),
    ...(speakers && { speakers: Uint16Array.from(speakers) }),
  };
  return { samples, classes };
}

type Spikes = Pick<Samples, "offsets" | "times" | "sources" | "dropped">;

function readSpikes(source: string, units: Hdf5Arrays, seconds: Hdf5Arrays, options: ShdOptions): Spikes {
  const events = countNumbers(units);
  // A float16 of seconds times 1000 has 18 significant bits at most.
  const times = seconds.numberBytes === 2 ? new Float32Array(events) : new Float64Array(events);
  const sources = new Uint16Array(events);
  const offsets = new Uint32Array(units.count + 1);
  const allSeconds = seconds.read();
  let recording = 0;
  let kept = 0;
  for (const itsUnits of units.read()) {
    const its = spikesOf(allSeconds.next().value!, itsUnits, options, `${source}: recording ${recording}`);
    times.set(its.times, kept);
    sources.set(its.sources, kept);
    kept += its.times.length;
    offsets[++recording] = kept;
  }
  return {
    offsets,
    times: times.subarray(0, kept),
    sources: sources.subarray(0, kept),
    dropped: events - kept,
  };
}

function countNumbers(arrays: Hdf5Arrays): number {
  let total = 0;
  for (const entry of arrays.read()) total += entry.length;
  return total;
}

/** The events of one recording before `duration`, checked, in ms and in order. */
function spikesOf(
  seconds: ArrayLike<number>,
  units: ArrayLike<number>,
  { channels, duration }: ShdOptions,
  place: string,
): { times: Float64Array; sources: Uint16Array } {
  const count = units.length;
  if (seconds.length !== count) {
    throw new ConfigError(`${place}: expected as many times as units, got ${seconds.length} and ${count}`);
  }
  const times = new Float64Array(count);
  let ascending = true;
  for (let k = 0; k < count; k++) {
    const second = seconds[k]!;
    const unit = units[k]!;
    if (!(second >= 0 && second < Infinity)) {
      throw new ConfigError(`${place}: expected times ≥ 0 s, got ${second}`);
    }
    if (!(unit >= 0 && unit < channels)) {
      throw new ConfigError(`${place}: expected units from 0 to ${channels - 1}, got ${unit}`);
    }
    times[k] = second * 1000;
    if (k > 0 && times[k]! < times[k - 1]!) ascending = false;
  }
  const all = ascending ? { times, sources: Uint16Array.from(units) } : sorted(times, units);
  const end = all.times.findIndex((time) => time >= duration);
  return end < 0 ? all : { times: all.times.subarray(0, end), sources: all.sources.subarray(0, end) };
}

function sorted(
  times: Float64Array,
  units: ArrayLike<number>,
): { times: Float64Array; sources: Uint16Array } {
  const order = Array.from(times, (_, k) => k).sort((a, b) => times[a]! - times[b]! || units[a]! - units[b]!);
  return {
    times: Float64Array.from(order, (k) => times[k]!),
    sources: Uint16Array.from(order, (k) => units[k]!),
  };
}

function checkCounts(source: string, recordings: number, counts: Readonly<Record<string, number>>): void {
  for (const [path, count] of Object.entries(counts)) {
    if (count !== recordings) {
      throw new ConfigError(`${source}: ${path}: expected ${recordings} entries as in /labels, got ${count}`);
    }
  }
}

function checkLabels(source: string, labels: ArrayLike<number>, classes: number): void {
  for (let k = 0; k < labels.length; k++) {
    const label = labels[k]!;
    if (!(label >= 0 && label < classes)) {
      throw new ConfigError(
        `${source}: recording ${k}: expected a label from 0 to ${classes - 1}, got ${label}`,
      );
    }
  }
}
