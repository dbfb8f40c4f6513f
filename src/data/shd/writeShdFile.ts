/** Writes recordings in the file layout of the Spiking Heidelberg Digits, as `readShdFile` and h5py read it. */
import { Float16Array } from "@petamoriken/float16";
import { gzipSync } from "fflate";
import { replaceFile } from "../../base/files.ts";
import {
  arrayReference,
  arrayType,
  collection,
  dataset,
  type Entry,
  float16Type,
  type GroupAddresses,
  group,
  stringType,
  superblock,
  superblockBytes,
  uint16Type,
} from "./hdf5Records.ts";

export interface ShdContent {
  /** Of each recording, an index of `classes`. */
  readonly labels: ArrayLike<number>;
  readonly classes: readonly string[];
  /** Of each recording, an index of `speakerNames`; absent where nobody says who spoke. */
  readonly speakers?: ArrayLike<number>;
  readonly speakerNames?: readonly string[];
  readonly spikes: readonly ShdSpikes[];
}

export interface ShdSpikes {
  /** ms, ascending; written in seconds as float16, which has 11 significant bits. */
  readonly times: Float64Array;
  readonly channels: Uint16Array;
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

function packed(pieces: readonly Uint8Array[]): Uint8Array {
  // Without a time of its own, which gzip would keep.
  return gzipSync(Buffer.concat(pieces), { level: 9, mtime: 0 });
}

/** The same not packed. */
export function shdFile(content: ShdContent): Uint8Array[] {
  const file = new Layout();
  const { labels, classes, speakers, speakerNames, spikes } = content;
  const bits = spikes.map(({ times }) => bytesOf(secondsOf(times)));
  const units = spikes.map(({ channels }) => bytesOf(channels));
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
    spikes: file.group({ times: file.arrays(bits, float16Type), units: file.arrays(units, uint16Type) }),
  });
  return file.done(root);
}

/** Times in ms as a file has them. */
export function secondsOf(times: Float64Array): Float16Array {
  return Float16Array.from(times, (time) => time / 1000);
}

/** Little-endian, as all machines are that this runs on. */
function bytesOf(values: ArrayBufferView): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

/** Most bytes of arrays in one collection, which readers load as a whole, unless a single array has more. */
const collectionBytes = 1 << 18;

/** A file in the making: pieces one after another, each at a multiple of eight. */
class Layout {
  readonly #pieces: Uint8Array[] = [];
  #end = superblockBytes;

  strings(texts: readonly string[]): number {
    const encoded = texts.map((text) => new TextEncoder().encode(text));
    const length = Math.max(1, ...encoded.map((bytes) => bytes.length));
    const all = new Uint8Array(length * texts.length);
    for (const [k, bytes] of encoded.entries()) all.set(bytes, k * length);
    return this.#list(texts.length, stringType(length), all);
  }

  integers(values: ArrayLike<number>): number {
    return this.#list(values.length, uint16Type, bytesOf(Uint16Array.from(values)));
  }

  /** Arrays of numbers of two bytes. */
  arrays(entries: readonly Uint8Array[], of: Uint8Array): number {
    const references: Uint8Array[] = [];
    let from = 0;
    while (from < entries.length) {
      let to = from + 1;
      let bytes = entries[from]!.length;
      while (to < entries.length && bytes + entries[to]!.length <= collectionBytes && to - from < 65535) {
        bytes += entries[to++]!.length;
      }
      const some = entries.slice(from, to);
      // An array without entries has no object.
      const filled = some.filter(({ length }) => length > 0);
      const at = filled.length > 0 ? this.#add(collection(filled)) : 0;
      let object = 0;
      for (const { length } of some) {
        references.push(length > 0 ? arrayReference(length / 2, at, ++object) : arrayReference(0, 0, 0));
      }
      from = to;
    }
    return this.#list(entries.length, arrayType(of), Buffer.concat(references));
  }

  group(entries: Readonly<Record<string, Entry["at"]>>): GroupAddresses {
    const list = Object.entries(entries).map(([name, at]) => ({ name, at }));
    const { bytes, addresses } = group(list, this.#end);
    this.#add(bytes);
    return addresses;
  }

  done(root: GroupAddresses): Uint8Array[] {
    return [superblock(root, this.#end), ...this.#pieces];
  }

  #list(count: number, type: Uint8Array, values: Uint8Array): number {
    const at = this.#add(values);
    return this.#add(dataset(count, type, at, values.length));
  }

  #add(bytes: Uint8Array): number {
    const at = this.#end;
    const padding = (8 - (bytes.length % 8)) % 8;
    this.#pieces.push(bytes);
    if (padding > 0) this.#pieces.push(new Uint8Array(padding));
    this.#end += bytes.length + padding;
    return at;
  }
}
