/**
 * The few structures of the HDF5 file format (version 3.0 of its specification, in the layout that every library since
 * 1.0 reads) of which a file of recordings is made: groups, and lists of numbers, strings and arrays of numbers. h5wasm
 * reads all of this but cannot write arrays of different lengths.
 */
/** A growing row of bytes, little-endian. */
class Bytes {
  #bytes = new Uint8Array(64);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  u8(...values: readonly number[]): this {
    for (const value of values) new DataView(this.#room(1)).setUint8(this.#length++, value);
    return this;
  }

  u16(...values: readonly number[]): this {
    for (const value of values) new DataView(this.#room(2)).setUint16(this.#advance(2), value, true);
    return this;
  }

  u32(...values: readonly number[]): this {
    for (const value of values) new DataView(this.#room(4)).setUint32(this.#advance(4), value, true);
    return this;
  }

  /** Whole numbers below 2^53, and 2^64, all of whose bits are 1. */
  u64(...values: readonly number[]): this {
    for (const value of values) {
      const bits = value === 2 ** 64 ? 2n ** 64n - 1n : BigInt(value);
      new DataView(this.#room(8)).setBigUint64(this.#advance(8), bits, true);
    }
    return this;
  }

  text(value: string): this {
    return this.append(new TextEncoder().encode(value));
  }

  append(bytes: Uint8Array): this {
    this.#room(bytes.length);
    this.#bytes.set(bytes, this.#advance(bytes.length));
    return this;
  }

  /** Zeros up to a length that `multiple` divides. */
  align(multiple: number): this {
    return this.pad(Math.ceil(this.#length / multiple) * multiple);
  }

  /** Zeros up to a length. */
  pad(length: number): this {
    this.#room(length - this.#length);
    this.#length = Math.max(length, this.#length);
    return this;
  }

  done(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
  }

  #advance(bytes: number): number {
    const at = this.#length;
    this.#length += bytes;
    return at;
  }

  #room(more: number): ArrayBuffer {
    if (this.#length + more > this.#bytes.length) {
      const larger = new Uint8Array(2 * (this.#length + more));
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    return this.#bytes.buffer;
  }
}

/** An address that stands for none. */
const nowhere = 2 ** 64;

const message = {
  dataspace: 0x0001,
  datatype: 0x0003,
  fillValue: 0x0005,
  layout: 0x0008,
  symbolTable: 0x0011,
};

/** Bytes of the superblock, which is at the start of the file. */
export const superblockBytes = 96;

/** Superblock version 0 with 8-byte addresses. */
export function superblock(root: GroupAddresses, fileBytes: number): Uint8Array {
  return new Bytes()
    .u8(0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a)
    .u8(0, 0, 0, 0, 0, 8, 8, 0)
    .u16(leafK, internalK)
    .u32(0)
    .u64(0, nowhere, fileBytes, nowhere)
    .append(symbolTableEntry(0, root))
    .done();
}

/** Half the number of entries in a symbol table node, and of children in a node of its tree: HDF5's defaults. */
const leafK = 4;
const internalK = 16;

export interface GroupAddresses {
  readonly header: number;
  readonly tree: number;
  readonly heap: number;
}

/** Of a header whose one message names a tree and a heap. */
const groupHeaderBytes = 40;

export type Entry = { readonly name: string; readonly at: number | GroupAddresses };

/** A group of at most eight entries, to be written at `at`, and its addresses. */
export function group(
  entries: readonly Entry[],
  at: number,
): { bytes: Uint8Array; addresses: GroupAddresses } {
  const sorted = [...entries].sort((a, b) => (a.name < b.name ? -1 : 1));
  const names = new Bytes().u64(0);
  const offsets = sorted.map(({ name }) => {
    const offset = names.length;
    names.text(name).u8(0).align(8);
    return offset;
  });
  const addresses = { header: at, tree: at + groupHeaderBytes, heap: 0 };
  const treeBytes = 24 + (2 * internalK * 2 + 1) * 8;
  addresses.heap = addresses.tree + treeBytes;
  const node = addresses.heap + 32 + names.length;
  const header = objectHeader([
    [message.symbolTable, new Bytes().u64(addresses.tree, addresses.heap).done()],
  ]);
  const tree = new Bytes()
    .text("TREE")
    .u8(0, 0)
    .u16(1)
    .u64(nowhere, nowhere)
    .u64(0, node, offsets.at(-1) ?? 0)
    .pad(treeBytes);
  const heap = new Bytes()
    .text("HEAP")
    .u32(0)
    .u64(names.length, 1, addresses.heap + 32);
  const leaf = new Bytes().text("SNOD").u8(1, 0).u16(sorted.length);
  for (const [k, { at: where }] of sorted.entries()) leaf.append(symbolTableEntry(offsets[k]!, where));
  leaf.pad(8 + 2 * leafK * 40);
  const bytes = new Bytes().append(header).append(tree.done()).append(heap.done()).append(names.done());
  return { bytes: bytes.append(leaf.done()).done(), addresses };
}

function symbolTableEntry(nameOffset: number, at: number | GroupAddresses): Uint8Array {
  const entry = new Bytes();
  if (typeof at === "number") return entry.u64(nameOffset, at).u32(0, 0).u64(0, 0).done();
  return entry.u64(nameOffset, at.header).u32(1, 0).u64(at.tree, at.heap).done();
}

/** A list whose values are at `data`; HDF5 takes an address where nothing lies for damage. */
export function dataset(count: number, type: Uint8Array, data: number, bytes: number): Uint8Array {
  return objectHeader([
    [message.dataspace, new Bytes().u8(1, 1, 0, 0).u32(0).u64(count).done()],
    [message.datatype, type],
    // Allocated when written, no value defined.
    [message.fillValue, new Bytes().u8(2, 2, 2, 0).done()],
    [
      message.layout,
      new Bytes()
        .u8(3, 1)
        .u64(bytes > 0 ? data : nowhere, bytes)
        .done(),
    ],
  ]);
}

function objectHeader(messages: readonly (readonly [number, Uint8Array])[]): Uint8Array {
  const body = new Bytes();
  for (const [type, data] of messages) {
    const padded = new Bytes().append(data).align(8).done();
    body.u16(type, padded.length).u8(0, 0, 0, 0).append(padded);
  }
  const start = new Bytes().u8(1, 0).u16(messages.length).u32(1, body.length, 0);
  return start.append(body.done()).done();
}

/** Datatypes, little-endian. */
export const uint16Type = new Bytes().u8(0x10, 0, 0, 0).u32(2).u16(0, 16).done();
export const float16Type = new Bytes()
  .u8(0x11, 0x20, 15, 0)
  .u32(2)
  .u16(0, 16)
  .u8(10, 5, 0, 10)
  .u32(15)
  .done();

/** Of UTF-8 strings of so many bytes, filled up with zeros. */
export function stringType(bytes: number): Uint8Array {
  return new Bytes().u8(0x13, 0x11, 0, 0).u32(bytes).done();
}

/** Of arrays of different lengths. */
export function arrayType(of: Uint8Array): Uint8Array {
  return new Bytes().u8(0x19, 0, 0, 0).u32(16).append(of).done();
}

/** Where an array lies: in the collection at an address, as its object of a number from 1 on. */
export function arrayReference(length: number, collection: number, object: number): Uint8Array {
  return new Bytes().u32(length).u64(collection).u32(object).done();
}

/** A global heap collection of these objects. */
export function collection(objects: readonly Uint8Array[]): Uint8Array {
  const body = new Bytes();
  for (const [k, object] of objects.entries()) {
    body
      .u16(k + 1, 1)
      .u32(0)
      .u64(object.length)
      .append(object)
      .align(8);
  }
  const free = freeBytes(body.length);
  body
    .u16(0, 0)
    .u32(0)
    .u64(free)
    .pad(body.length - 16 + free);
  return new Bytes()
    .text("GCOL")
    .u8(1, 0, 0, 0)
    .u64(16 + body.length)
    .append(body.done())
    .done();
}

/** Bytes of a collection whose objects have these many. */
export function collectionLength(objectBytes: readonly number[]): number {
  const body = objectBytes.reduce((sum, bytes) => sum + 16 + 8 * Math.ceil(bytes / 8), 0);
  return 16 + body + freeBytes(body);
}

/** Of the object that stands for what is left of a collection: none is smaller than a page. */
function freeBytes(body: number): number {
  return Math.max(16, 4096 - 16 - body);
}
