/** Writes recordings in the file layout of the Spiking Heidelberg Digits, as `readShdFile` and h5py read it. */
import { Float16Array } from "@petamoriken/float16";
import { Gzip, gzipSync } from "fflate";
import { replaceFile } from "../../base/files.ts";
import { float16Type, uint16Type } from "./hdf5Records.ts";
import { bytesOf, ShdLayout } from "./shdLayout.ts";

/** What a file says of its recordings. */
export interface ShdTable {
  /** Of each recording, an index of `classes`. */
  readonly labels: ArrayLike<number>;
  readonly classes: readonly string[];
  /** Of each recording, an index of `speakerNames`; absent where nobody says who spoke. */
  readonly speakers?: ArrayLike<number>;
  readonly speakerNames?: readonly string[];
}

export interface ShdContent extends ShdTable {
  readonly spikes: readonly ShdSpikes[];
}

export interface ShdSpikes {
  /** ms, ascending; written in seconds as float16, which has 11 significant bits. */
  readonly times: Float64Array;
  readonly channels: Uint16Array;
}

/** Spikes as a file has them, asked for one recording after another: first for the times of all, then for the units. */
export interface StoredSpikes {
  /** Spikes of each recording. */
  readonly counts: ArrayLike<number>;
  times(recording: number): Uint8Array;
  units(recording: number): Uint8Array;
}

/**
 * Writes a file, packed if its name ends in .gz; the same bytes for the same content.
 *
 * @throws ConfigError it cannot be written
 */
export async function writeShdFile(path: string, content: ShdContent): Promise<void> {
  await replaceFile(path, shdBytes(path, content));
}

/** What a file of that name holds, in pieces. */
export function shdBytes(path: string, content: ShdContent): Uint8Array[] {
  const pieces = shdFile(content);
  return path.endsWith(".gz") ? [packed(pieces)] : pieces;
}

/** Without a time of its own, which gzip would keep. */
const packing = { level: 9, mtime: 0 } as const;

function packed(pieces: readonly Uint8Array[]): Uint8Array {
  return gzipSync(Buffer.concat(pieces), packing);
}

/** The same not packed. */
export function shdFile(content: ShdContent): Uint8Array[] {
  const { spikes } = content;
  const stored: StoredSpikes = {
    counts: spikes.map(({ channels }) => channels.length),
    times: (recording) => timesBytes(spikes[recording]!),
    units: (recording) => bytesOf(spikes[recording]!.channels),
  };
  return [...piecesOf(content, stored)];
}

/**
 * A file of recordings of any number, packed: a piece at a time is in memory. Its bytes are others than those of `shdBytes`,
 * which packs the whole at once and a little smaller.
 */
export function* packedPieces(table: ShdTable, spikes: StoredSpikes): Generator<Uint8Array, undefined> {
  const done: Uint8Array[] = [];
  const gzip = new Gzip(packing, (bytes) => done.push(bytes));
  for (const piece of piecesOf(table, spikes)) {
    gzip.push(piece);
    yield* done.splice(0);
  }
  gzip.push(new Uint8Array(), true);
  yield* done;
}

function piecesOf(table: ShdTable, { counts, times, units }: StoredSpikes): Generator<Uint8Array, undefined> {
  const file = new ShdLayout();
  const { labels, classes, speakers, speakerNames } = table;
  const extra = file.group({
    keys: file.strings(classes),
    ...(speakers && {
      meta_info: file.group({ speaker_name: file.strings(speakerNames ?? []) }),
      speaker: file.integers(speakers),
    }),
  });
  const root = file.group({
    extra,
    labels: file.integers(labels),
    spikes: file.group({
      times: file.arrays(counts, times, float16Type),
      units: file.arrays(counts, units, uint16Type),
    }),
  });
  return file.pieces(root);
}

/** Times in ms as a file has them. */
export function secondsOf(times: Float64Array): Float16Array {
  // An eighth of the time that `Float16Array.from` takes.
  return new Float16Array(times.map((time) => time / 1000));
}

/** The bytes of a recording's times in a file. */
export function timesBytes({ times }: ShdSpikes): Uint8Array {
  return bytesOf(secondsOf(times));
}
