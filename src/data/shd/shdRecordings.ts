/**
 * Recordings in the file layout of the Spiking Heidelberg Digits (Cramer et al. 2022, zenkelab.org/datasets), one after
 * another: /spikes/times (variable length, float16, seconds), /spikes/units (variable length, uint16), /labels, and
 * possibly /extra/keys, the names of the classes, /extra/speaker and /extra/meta_info/speaker_name. Wider numbers are
 * read as well.
 */
import { ConfigError } from "../../base/errors.ts";
import { shown } from "../../base/parseWith.ts";
import { Hdf5, type Hdf5Arrays } from "./hdf5.ts";
import { type PlainFile, plainFile } from "./plainFile.ts";

export interface ShdRecordings {
  readonly labels: Uint16Array;
  /** Names of the classes, if the file has them. */
  readonly classes: readonly string[] | undefined;
  /** Of each recording, if the file numbers them. */
  readonly speakers: Uint16Array | undefined;
  /** Indexed by `speakers`. */
  readonly speakerNames: readonly string[] | undefined;
  /** Whether times in ms are exact in single precision: a float16 of seconds times 1000 has 18 significant bits. */
  readonly single: boolean;
  /** Events of all recordings. */
  countEvents(): Promise<number>;
  /** In the order of the file, each checked when its turn comes. */
  read(): AsyncGenerator<Recording, undefined>;
}

interface Recording {
  /** ms, ascending. */
  readonly times: Float64Array;
  readonly sources: Uint16Array;
  /** False if times descended somewhere in the file: they were put in order by time, then unit. */
  readonly ascended: boolean;
}

/**
 * Calls `read` with the recordings of a file, plain or packed (.gz), that may have units 0 … `channels` − 1.
 *
 * @throws ConfigError one line that names the file and what is wrong: not there, truncated or damaged, not HDF5,
 *   a dataset missing or of another type, lengths that disagree, two classes of one name, a time, unit or label out of range
 */
export async function withShdRecordings<Result>(
  path: string,
  channels: number,
  read: (recordings: ShdRecordings) => Result | Promise<Result>,
): Promise<Result> {
  // While the library is loaded the file is unpacked.
  const file = new Hdf5(path);
  let plain: PlainFile | undefined;
  try {
    plain = await plainFile(path);
    await file.open(plain.path, plain.bytes);
    // An open file needs no name: whatever ends this process while it reads, nothing is left on the disk.
    plain.remove();
    return await read(await recordingsOf(file, path, channels));
  } finally {
    await file.close();
    plain?.remove();
  }
}

async function recordingsOf(file: Hdf5, source: string, channels: number): Promise<ShdRecordings> {
  const units = await file.arrays("/spikes/units", "integer");
  const seconds = await file.arrays("/spikes/times", "float");
  const labels = await file.integers("/labels");
  const classes = (await file.has("/extra/keys")) ? await file.strings("/extra/keys") : undefined;
  if (classes) requireDistinct(classes, source);
  const { speakers, speakerNames } = await speakersOf(file);
  const counts = { "/spikes/units": units.count, "/spikes/times": seconds.count };
  checkCounts(source, labels.length, speakers ? { ...counts, [speakersPath]: speakers.length } : counts);
  return {
    labels: indices(labels, `a label from 0 to ${(classes?.length ?? 65536) - 1}`, classes?.length, source),
    classes,
    speakers: speakers && indices(speakers, "a speaker from 0 to 65535", 65536, source),
    speakerNames,
    single: seconds.numberBytes === 2,
    countEvents: () => units.countNumbers(),
    read: () => read(units, seconds, channels, source),
  };
}

const speakersPath = "/extra/speaker";

interface Speakers {
  /** Of each recording, indices of the names if there are some. */
  readonly speakers?: ArrayLike<number>;
  readonly speakerNames?: readonly string[] | undefined;
}

/** Numbers, with names for them or without; or names themselves. */
async function speakersOf(file: Hdf5): Promise<Speakers> {
  if (!(await file.has(speakersPath))) return {};
  if (await file.has(speakersPath, "string")) {
    const said = await file.strings(speakersPath);
    const speakerNames = [...new Set(said)].sort(new Intl.Collator("en", { numeric: true }).compare);
    const numbers = new Map(speakerNames.map((name, number) => [name, number]));
    return { speakers: said.map((name) => numbers.get(name)!), speakerNames };
  }
  const names = "/extra/meta_info/speaker_name";
  return {
    speakers: await file.integers(speakersPath),
    speakerNames: (await file.has(names, "string")) ? await file.strings(names) : undefined,
  };
}

function checkCounts(source: string, recordings: number, counts: Readonly<Record<string, number>>): void {
  for (const [path, count] of Object.entries(counts)) {
    if (count !== recordings) {
      throw new ConfigError(`${source}: ${path}: expected ${recordings} entries as in /labels, got ${count}`);
    }
  }
}

/** Numbers below `end`, checked. */
function indices(
  values: ArrayLike<number>,
  expected: string,
  end: number | undefined,
  source: string,
): Uint16Array {
  for (let k = 0; k < values.length; k++) {
    const value = values[k]!;
    if (value >= 0 && value < (end ?? 65536)) continue;
    throw new ConfigError(`${source}: recording ${k}: expected ${expected}, got ${value}`);
  }
  return Uint16Array.from(values);
}

async function* read(
  units: Hdf5Arrays,
  seconds: Hdf5Arrays,
  channels: number,
  source: string,
): AsyncGenerator<Recording, undefined> {
  const allSeconds = seconds.read();
  let index = 0;
  for await (const someUnits of units.read()) {
    const someSeconds = (await allSeconds.next()).value!;
    for (const [k, itsUnits] of someUnits.entries())
      yield recording(someSeconds[k]!, itsUnits, channels, `${source}: recording ${index++}`);
  }
}

function recording(
  seconds: ArrayLike<number>,
  units: ArrayLike<number>,
  channels: number,
  place: string,
): Recording {
  const count = units.length;
  if (seconds.length !== count) {
    throw new ConfigError(`${place}: expected as many times as units, got ${seconds.length} and ${count}`);
  }
  const times = new Float64Array(count);
  let ascended = true;
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
    if (k > 0 && times[k]! < times[k - 1]!) ascended = false;
  }
  return ascended ? { times, sources: new Uint16Array(units), ascended } : sorted(times, units);
}

function sorted(times: Float64Array, units: ArrayLike<number>): Recording {
  const order = Array.from(times, (_, k) => k).sort((a, b) => times[a]! - times[b]! || units[a]! - units[b]!);
  return {
    times: Float64Array.from(order, (k) => times[k]!),
    sources: Uint16Array.from(order, (k) => units[k]!),
    ascended: false,
  };
}

/** Names tell the classes apart. @throws ConfigError two classes have one name */
function requireDistinct(names: readonly string[], source: string): void {
  const again = names.findIndex((name, k) => names.indexOf(name) < k);
  if (again < 0) return;
  const name = names[again]!;
  const both = `${names.indexOf(name)} and ${again}`;
  throw new ConfigError(
    `${source}: /extra/keys: expected a name for each class, got ${shown(name)} for classes ${both}`,
  );
}

/** The files of a data set agree on them. @throws ConfigError a file's classes are not those of the file `from` */
export function requireSameClasses(
  own: readonly string[],
  source: string,
  classes: readonly string[],
  from: string,
): void {
  const expected = `${source}: /extra/keys: expected the`;
  if (own.length !== classes.length)
    throw new ConfigError(`${expected} ${classes.length} classes of ${from}, got ${own.length}`);
  const other = own.findIndex((name, k) => name !== classes[k]);
  if (other < 0) return;
  const names = `${shown(classes[other])} as class ${other}, got ${shown(own[other])}`;
  throw new ConfigError(`${expected} classes of ${from} with ${names}`);
}
