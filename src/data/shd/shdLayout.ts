/** Where everything in a file of recordings lies. Arrays are asked for when they are written: those of a set may exceed memory. */
import {
  arrayReference,
  arrayType,
  collection,
  collectionLength,
  dataset,
  type Entry,
  type GroupAddresses,
  group,
  stringType,
  superblock,
  superblockBytes,
  uint16Type,
} from "./hdf5Records.ts";

/** Most bytes of arrays in one collection, which readers load as a whole, unless a single array has more. */
const collectionBytes = 1 << 18;

/** A file in the making: pieces one after another, each at a multiple of eight. */
export class ShdLayout {
  readonly #pieces: (() => Uint8Array)[] = [];
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

  /**
   * Arrays of numbers of two bytes.
   *
   * @param counts of numbers
   * @param arrayAt the bytes of one, asked for once, in order, unless it is empty
   */
  arrays(counts: ArrayLike<number>, arrayAt: (index: number) => Uint8Array, of: Uint8Array): number {
    const references: Uint8Array[] = [];
    let from = 0;
    while (from < counts.length) {
      const to = collectionEnd(counts, from);
      // An array without entries has no object.
      const filled = range(from, to).filter((k) => counts[k]! > 0);
      const length = collectionLength(filled.map((k) => 2 * counts[k]!));
      const at = filled.length > 0 ? this.#add(length, () => collection(filled.map(arrayAt))) : 0;
      let object = 0;
      for (let k = from; k < to; k++)
        references.push(counts[k]! > 0 ? arrayReference(counts[k]!, at, ++object) : arrayReference(0, 0, 0));
      from = to;
    }
    return this.#list(counts.length, arrayType(of), Buffer.concat(references));
  }

  group(entries: Readonly<Record<string, Entry["at"]>>): GroupAddresses {
    const list = Object.entries(entries).map(([name, at]) => ({ name, at }));
    const { bytes, addresses } = group(list, this.#end);
    this.#add(bytes.length, () => bytes);
    return addresses;
  }

  /** The file, piece by piece, once. */
  *pieces(root: GroupAddresses): Generator<Uint8Array, undefined> {
    yield superblock(root, this.#end);
    for (const piece of this.#pieces) {
      const bytes = piece();
      yield bytes;
      const padding = paddingOf(bytes.length);
      if (padding > 0) yield new Uint8Array(padding);
    }
  }

  #list(count: number, type: Uint8Array, values: Uint8Array): number {
    const at = this.#add(values.length, () => values);
    const header = dataset(count, type, at, values.length);
    return this.#add(header.length, () => header);
  }

  #add(length: number, piece: () => Uint8Array): number {
    const at = this.#end;
    this.#pieces.push(piece);
    this.#end += length + paddingOf(length);
    return at;
  }
}

/** Little-endian, as all machines are that this runs on. */
export function bytesOf(values: ArrayBufferView): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

/** Behind the last array of the collection that begins with one. */
function collectionEnd(counts: ArrayLike<number>, from: number): number {
  let to = from + 1;
  let bytes = 2 * counts[from]!;
  while (to < counts.length && bytes + 2 * counts[to]! <= collectionBytes && to - from < 65535)
    bytes += 2 * counts[to++]!;
  return to;
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, k) => from + k);
}

function paddingOf(length: number): number {
  return (8 - (length % 8)) % 8;
}
