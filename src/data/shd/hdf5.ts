/** HDF5 files through h5wasm: what a reader of data sets needs of them, with failures as one-line errors. */
import { basename } from "node:path";
import { Float16Array } from "@petamoriken/float16";
import { ConfigError } from "../../base/errors.ts";
import { shown } from "../../base/parseWith.ts";
import { type Hdf5Failure, Hdf5Thread, type Question } from "./hdf5Thread.ts";
import {
  type Description,
  described,
  foreignFilter,
  isReadable,
  type TypeName,
  typeClass,
  variableLength,
} from "./hdf5Types.ts";

export interface Hdf5Arrays {
  readonly count: number;
  /** Size of one number in the file, bytes. */
  readonly numberBytes: number;
  /** How many numbers there are in all. */
  countNumbers(): Promise<number>;
  /** The entries one after another, in blocks. */
  read(): AsyncGenerator<readonly ArrayLike<number>[], undefined>;
}

/** Entries that are read at once. */
const block = 256;

/** Bytes of a list that are read; data sets have some hundred thousand recordings. */
const mostListBytes = 64 * 2 ** 20;

/**
 * A file that is read on a thread of its own: it may be damaged in ways that end the library, or never end it. Every method
 * throws a ConfigError if there is no dataset at `path`, it is of another type or kept in another file, or the file is
 * damaged.
 *
 * The library is loaded here and not with this module: it is large, and most of what imports this package never needs it.
 * Its build for Node reads from the disk what is asked for, so that memory does not grow with the file.
 */
export class Hdf5 {
  readonly #thread = new Hdf5Thread();
  readonly #source: string;
  readonly #found = new Map<string, Description | null | undefined>();
  #bytes = 0;

  /** @param source the file's name for the user, starts messages */
  constructor(source: string) {
    this.#source = source;
  }

  /**
   * @param path a plain file that exists
   * @param bytes its size
   * @throws ConfigError it is not a whole HDF5 file
   */
  async open(path: string, bytes: number): Promise<void> {
    this.#bytes = bytes;
    await this.#thread.open(path, bytes).catch((error: Error) => {
      throw new ConfigError(`${this.#source}: not a whole HDF5 file (${reasonOf(error)})`);
    });
  }

  /** The file can be removed when it is closed. */
  async close(): Promise<void> {
    await this.#thread.close();
  }

  async has(path: string, of?: TypeName): Promise<boolean> {
    const found = await this.#at(path);
    return Boolean(found) && (of === undefined || found!.type === typeClass[of]);
  }

  /** In Unicode's composed form (NFC), in which equal names are equal. */
  async strings(path: string): Promise<readonly string[]> {
    await this.#find(path, "a list of strings", ({ type }) => type === typeClass.string);
    return ((await this.#list(path)) as readonly string[]).map((text) => text.normalize());
  }

  async integers(path: string): Promise<ArrayLike<number>> {
    await this.#find(path, "a list of integers", ({ type }) => type === typeClass.integer);
    return numbers(await this.#list(path));
  }

  /** A dataset whose entries are arrays of different lengths. */
  async arrays(path: string, of: "integer" | "float"): Promise<Hdf5Arrays> {
    const { shape, vlen_type } = await this.#find(
      path,
      variableLength(`${of} numbers`),
      ({ type, vlen_type }) => type === typeClass.variableLength && vlen_type?.type === typeClass[of],
    );
    const numberBytes = vlen_type!.size;
    const half = of === "float" && numberBytes === 2;
    const count = shape![0]!;
    return {
      count,
      numberBytes,
      countNumbers: () => this.#countNumbers(path, count, numberBytes),
      read: () => this.#entries(path, count, numberBytes, half),
    };
  }

  /** The dataset at a path; null if something else is there, undefined if nothing. */
  async #at(path: string): Promise<Description | null | undefined> {
    if (!this.#found.has(path)) {
      const found = (await this.#ask({ call: "find", path })) as Description | null | undefined;
      const virtual = found?.virtual_sources?.[0];
      if (virtual) throw this.#elsewhere(path, "a virtual data set of", virtual.file_name);
      this.#found.set(path, found);
    }
    return this.#found.get(path);
  }

  async #find(path: string, expected: string, fits: (found: Description) => boolean): Promise<Description> {
    const found = await this.#at(path);
    if (!found) {
      const what = found === null ? "a group or link" : "none";
      throw new ConfigError(`${this.#source}: expected a dataset ${path}, found ${what}`);
    }
    const isFit = found.shape?.length === 1 && fits(found);
    if (!isFit)
      throw new ConfigError(`${this.#source}: ${path}: expected ${expected}, got ${described(found)}`);
    if (isReadable(found.vlen_type ?? found)) return found;
    throw new ConfigError(
      `${this.#source}: ${path}: expected ${expected} of at most 64 bits, got ${described(found)}`,
    );
  }

  async #list(path: string): Promise<unknown> {
    const { shape, size } = (await this.#at(path))!;
    const bytes = shape![0]! * size;
    if (bytes > mostListBytes)
      throw new ConfigError(
        `${this.#source}: ${path}: expected a list of at most 64 MiB, got ${shape![0]} entries of ${size} bytes`,
      );
    return this.#ask({ call: "list", path });
  }

  async *#entries(
    path: string,
    count: number,
    numberBytes: number,
    half: boolean,
  ): AsyncGenerator<ArrayLike<number>[], undefined> {
    let total = 0;
    for (let from = 0; from < count; from += block) {
      const question = { call: "arrays", path, from, to: Math.min(from + block, count) } as const;
      const { lengths, numbers: read } = (await this.#ask(question)) as Arrays;
      const all = half ? halves(read as Uint16Array) : numbers(read);
      total += all.length;
      this.#requireRoom(path, total, numberBytes);
      yield cut(all, lengths);
    }
  }

  async #countNumbers(path: string, count: number, numberBytes: number): Promise<number> {
    let total = 0;
    for (let from = 0; from < count; from += block) {
      const question = { call: "lengths", path, from, to: Math.min(from + block, count) } as const;
      for (const length of (await this.#ask(question)) as Uint32Array) total += length;
      this.#requireRoom(path, total, numberBytes);
    }
    return total;
  }

  /** Arrays are never compressed, and each has bytes of its own. */
  #requireRoom(path: string, total: number, numberBytes: number): void {
    if (total * numberBytes > this.#bytes) throw this.#damaged(path, "its arrays are longer than the file");
  }

  async #ask(question: Question): Promise<unknown> {
    const { call, path } = question;
    try {
      return await this.#thread.ask(question);
    } catch (error) {
      const { abroad } = error as Hdf5Failure;
      if (abroad !== undefined)
        throw this.#elsewhere(
          path,
          call === "find" ? "an external link to" : "raw data in",
          basename(abroad),
        );
      const known = this.#found.get(path);
      const filter = known && foreignFilter(known);
      if (filter === undefined) throw this.#damaged(path, reasonOf(error as Error));
      const way = "write it anew with gzip, as h5repack -f GZIP=6 OLD NEW does";
      throw new ConfigError(
        `${this.#source}: ${path}: is compressed with ${filter}, which cannot be read here; ${way}`,
      );
    }
  }

  #damaged(path: string, reason: string): ConfigError {
    return new ConfigError(`${this.#source}: ${path}: damaged HDF5 file (${reason})`);
  }

  #elsewhere(path: string, kind: string, file: string): ConfigError {
    const found = `${kind} ${shown(file)}`;
    return new ConfigError(
      `${this.#source}: ${path}: expected data in this file, found ${found}; copy everything into one file`,
    );
  }
}

interface Arrays {
  readonly lengths: Uint32Array;
  readonly numbers: unknown;
}

/** Pieces of these lengths. */
function cut(all: Numbers, lengths: Uint32Array): ArrayLike<number>[] {
  let end = 0;
  return Array.from(lengths, (length) => {
    end += length;
    return all.subarray(end - length, end);
  });
}

type Numbers = Float32Array | Float64Array | Uint8Array | Uint16Array | Uint32Array;

function numbers(read: unknown): Numbers {
  const wide = read instanceof BigInt64Array || read instanceof BigUint64Array;
  return wide ? Float64Array.from(read, Number) : (read as Numbers);
}

/** The numbers whose float16 bits are given. */
export function halves(bits: ArrayLike<number>): Float32Array {
  halfValues ??= Float32Array.from(new Float16Array(Uint16Array.from({ length: 65536 }, (_, k) => k).buffer));
  const values = new Float32Array(bits.length);
  for (let k = 0; k < bits.length; k++) values[k] = halfValues[bits[k]!]!;
  return values;
}

/** The value of every float16, indexed by its bits: 50 times faster than decoding each. */
let halfValues: Float32Array | undefined;

/** HDF5 reports a stack of ten lines; the innermost one tells the reason. Of what ended the library, its name says enough. */
export function reasonOf({ message }: Error): string {
  const lines = message.split("\n");
  const frames = lines.filter((line) => /^\s*#\d+:/.test(line));
  const reason = frames.at(-1)?.replace(/^.*\(\): /, "") ?? lines[0]!;
  return /^Aborted/.test(reason) ? "the library gave up" : reason;
}
