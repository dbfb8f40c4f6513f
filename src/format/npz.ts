/** Arrays by name as NumPy keeps them: .npz, a ZIP of .npy files. */
import { unzipSync, type Zippable, zipSync } from "fflate";
import { ConfigError } from "../base/errors.ts";
import type { ArraySource } from "./arrays.ts";
import type { JsonTree } from "./jsonChunks.ts";
import { readTensor, type Tensor } from "./tensor.ts";

/** ZIP knows no earlier time; the same numbers make the same bytes. */
const epoch = new Date(1980, 0, 1);

/** Deflate makes numbers little smaller, and takes long. */
const level = 1;

/** The file's bytes; a text becomes an array without a shape. */
export function npzOf(content: Iterable<readonly [string, Tensor | string]>): Uint8Array {
  const files: Zippable = {};
  for (const [name, value] of content)
    files[`${name}.npy`] = [
      typeof value === "string" ? textNpy(value) : numbersNpy(value),
      { mtime: epoch, level },
    ];
  return zipSync(files);
}

/**
 * Every number and array of numbers of a JSON tree, raw files resolved, under its path: `duration`,
 * `projections[0].weight`, `spikes.hidden.times`. Text is left out.
 */
export function* numbersOf(node: unknown, from: ArraySource, path = ""): Generator<[string, Tensor]> {
  if (typeof node === "number") yield [path, { shape: [], values: Float64Array.of(node) }];
  if (typeof node !== "object" || node === null) return;
  if ("file" in node || (Array.isArray(node) && isNumeric(node))) {
    yield [path, readTensor(node, path, from)];
    return;
  }
  for (const [key, entry] of Object.entries(node)) {
    const place = Array.isArray(node) ? `${path}[${key}]` : path === "" ? key : `${path}.${key}`;
    yield* numbersOf(entry, from, place);
  }
}

/** The same of what is not written as JSON yet. */
export function* treeNumbers(node: JsonTree, path = ""): Generator<[string, Tensor]> {
  if (typeof node === "string") return;
  if (typeof node === "number") yield [path, { shape: [], values: Float64Array.of(node) }];
  else if (isValues(node)) yield [path, { shape: [node.length], values: Float64Array.from(node) }];
  else if (Array.isArray(node) && node.length > 0 && node.every(isValues)) yield [path, matrixOf(node)];
  else
    for (const [key, entry] of Object.entries(node)) {
      const place = Array.isArray(node) ? `${path}[${key}]` : path === "" ? key : `${path}.${key}`;
      yield* treeNumbers(entry as JsonTree, place);
    }
}

function isValues(node: JsonTree): node is Float64Array | Int32Array {
  return node instanceof Float64Array || node instanceof Int32Array;
}

function matrixOf(rows: readonly (Float64Array | Int32Array)[]): Tensor {
  const columns = rows[0]!.length;
  const values = new Float64Array(rows.length * columns);
  for (const [row, entries] of rows.entries()) values.set(entries, row * columns);
  return { shape: [rows.length, columns], values };
}

/** A vector or a matrix; lists of lists of different lengths, as targets are, have one entry for each list. */
function isNumeric(node: readonly unknown[]): boolean {
  if (node.every((entry) => typeof entry === "number")) return true;
  const [first] = node;
  const length = Array.isArray(first) ? first.length : -1;
  return node.every((row) => Array.isArray(row) && row.length === length && length > 0 && isNumeric(row));
}

function numbersNpy({ shape, values }: Tensor): Uint8Array {
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(", ")})`;
  const { bytes, start } = npy("<f8", tuple, 8 * values.length);
  const view = new DataView(bytes.buffer);
  for (const [k, value] of values.entries()) view.setFloat64(start + 8 * k, value, true);
  return bytes;
}

/** NumPy keeps four bytes a character. */
function textNpy(text: string): Uint8Array {
  const characters = Array.from(text);
  const { bytes, start } = npy(`<U${characters.length}`, "()", 4 * characters.length);
  const view = new DataView(bytes.buffer);
  for (const [k, character] of characters.entries())
    view.setUint32(start + 4 * k, character.codePointAt(0)!, true);
  return bytes;
}

function npy(type: string, shape: string, length: number): { bytes: Uint8Array; start: number } {
  const header = `{'descr': '${type}', 'fortran_order': False, 'shape': ${shape}, }`;
  // Magic, version and length take ten bytes; what follows the header starts at a multiple of 64.
  const start = Math.ceil((10 + header.length + 1) / 64) * 64;
  const bytes = new Uint8Array(start + length);
  bytes.set([...magic, 1, 0]);
  new DataView(bytes.buffer).setUint16(8, start - 10, true);
  bytes.set(new TextEncoder().encode(`${header.padEnd(start - 11)}\n`), 10);
  return { bytes, start };
}

const magic = [0x93, ...new TextEncoder().encode("NUMPY")];

/** What one file may unpack to: the arrays of the largest network. */
const mostUnpacked = 2 ** 31;

/**
 * What is in a file, as `npzOf` or NumPy's `savez` writes it.
 *
 * @param source starts messages
 * @throws ConfigError one line for bytes that are no such file or not a whole one, and for an array of a type or order
 *   other than `<f8`, `<f4`, `<i4`, `<i8` and `<U` in C order
 */
export function readNpz(bytes: Uint8Array, source: string): Map<string, Tensor | string> {
  let all = 0;
  const files = unzipped(bytes, source, ({ originalSize }) => {
    all += originalSize;
    if (all > mostUnpacked) throw new ConfigError(`${source}: expected at most 2 GiB of arrays, got more`);
    return true;
  });
  return new Map(
    Object.entries(files).map(([file, content]) => {
      const name = file.replace(/\.npy$/, "");
      return [name, readNpy(content, `${source}: ${name}`)];
    }),
  );
}

function unzipped(
  bytes: Uint8Array,
  source: string,
  filter: (file: { readonly originalSize: number }) => boolean,
): Record<string, Uint8Array> {
  try {
    return unzipSync(bytes, { filter });
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    throw new ConfigError(`${source}: expected an .npz file, a ZIP of arrays (${(error as Error).message})`);
  }
}

const readers = {
  "<f8": [8, (view: DataView, at: number) => view.getFloat64(at, true)],
  "<f4": [4, (view: DataView, at: number) => view.getFloat32(at, true)],
  "<i4": [4, (view: DataView, at: number) => view.getInt32(at, true)],
  "<i8": [8, (view: DataView, at: number) => Number(view.getBigInt64(at, true))],
} as const;

function readNpy(bytes: Uint8Array, source: string): Tensor | string {
  const isNpy = bytes.length >= 12 && magic.every((byte, k) => bytes[k] === byte);
  if (!isNpy)
    throw new ConfigError(
      `${source}: expected an array in the .npy format, got ${bytes.length} bytes of something else`,
    );
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [length, from] = bytes[6] === 1 ? [view.getUint16(8, true), 10] : [view.getUint32(8, true), 12];
  const header = new TextDecoder("latin1").decode(bytes.subarray(from, from + length));
  const type = /'descr': *'([^']*)'/.exec(header)?.[1];
  const shape = /'shape': *\(([\d, ]*)\)/.exec(header)?.[1]?.match(/\d+/g)?.map(Number) ?? [];
  const count = shape.reduce((product, size) => product * size, 1);
  const start = from + length;
  const isFortran = /'fortran_order': *True/.test(header) && shape.length > 1;
  const text = /^<U(\d+)$/.exec(type ?? "")?.[1];
  if (text !== undefined && count === 1) {
    requireLength(bytes.length - start, 4 * Number(text), source);
    const points = Array.from({ length: Number(text) }, (_, k) => view.getUint32(start + 4 * k, true));
    return points
      .map((point) => (point <= 0x10ffff ? String.fromCodePoint(point) : "\ufffd"))
      .join("")
      .replace(/\0+$/, "");
  }
  if (type === undefined || !Object.hasOwn(readers, type) || isFortran)
    throw new ConfigError(
      `${source}: expected an array of ${Object.keys(readers).join(", ")} in C order, got ${type ?? "a header without a type"}${isFortran ? " in Fortran's order" : ""}`,
    );
  const [width, read] = readers[type as keyof typeof readers];
  requireLength(bytes.length - start, width * count, source);
  return { shape, values: Float64Array.from({ length: count }, (_, k) => read(view, start + width * k)) };
}

function requireLength(found: number, expected: number, source: string): void {
  if (found !== expected)
    throw new ConfigError(`${source}: expected ${expected} bytes of numbers, got ${found}`);
}
