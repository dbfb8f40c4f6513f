/** Arrays of a case file: numbers in JSON, nested as deep as the shape, or a raw file next to it. */
import { complaint } from "../base/parseWith.ts";

type Path = readonly PropertyKey[];

const bytesPerValue = { "<f8": 8, "<f4": 4, "<i4": 4 } as const;

export const dtypes = ["<f8", "<f4", "<i4"] as const;

/** Raw little-endian values in C order, in a file of the case's own folder. */
export interface Blob {
  readonly file: string;
  readonly dtype: (typeof dtypes)[number];
  readonly shape: readonly number[];
}

/** Entries that `readArray` looks at once the shape is known, or a raw file. */
export type RawArray = readonly unknown[] | Blob;

/** Returns the bytes of a file in the case's folder; throws an Error with the reason where it cannot. */
export type ReadBlob = (name: string) => Uint8Array;

/** Where arrays come from: `source` starts error messages. */
export interface ArraySource {
  readonly source: string;
  readonly readBlob: ReadBlob | undefined;
}

/** A name without any way out of the folder it is in. */
export function isPlainName(name: string): boolean {
  return /^[^/\\:\0\n\r]+$/.test(name) && name !== "." && name !== "..";
}

export function isBlob(raw: unknown): raw is Blob {
  return typeof raw === "object" && raw !== null && !Array.isArray(raw);
}

/**
 * All values of an array of any length, shape [n].
 *
 * @throws ConfigError naming the first entry that is no finite number
 */
export function readVector(raw: RawArray, path: Path, from: ArraySource): Float64Array {
  const length = isBlob(raw) ? raw.shape[0] : raw.length;
  return readArray(raw, path, [length ?? 0], from);
}

/**
 * The values of an array, row-major.
 *
 * @param shape one or two lengths
 * @throws ConfigError naming the first row of another length, or the first entry that is no finite number
 */
export function readArray(
  raw: RawArray,
  path: Path,
  shape: readonly number[],
  from: ArraySource,
): Float64Array {
  if (isBlob(raw)) return readBlobValues(raw, path, shape, from);
  const [rows, columns] = shape as readonly [number, number | undefined];
  if (raw.length !== rows) {
    throw complaint(
      from.source,
      path,
      `expected ${rows} ${columns === undefined ? "numbers" : `rows of ${columns} numbers`}`,
      raw,
    );
  }
  if (columns === undefined) return copyNumbers(raw, new Float64Array(rows), 0, path, from);
  const values = new Float64Array(raw.length * columns);
  for (const [row, entries] of raw.entries()) {
    if (!Array.isArray(entries) || entries.length !== columns) {
      throw complaint(from.source, [...path, row], `expected an array of ${columns} numbers`, entries);
    }
    copyNumbers(entries, values, row * columns, [...path, row], from);
  }
  return values;
}

function copyNumbers(
  entries: readonly unknown[],
  values: Float64Array,
  at: number,
  path: Path,
  from: ArraySource,
): Float64Array {
  for (let k = 0; k < entries.length; k++) {
    const entry = entries[k];
    if (typeof entry !== "number" || !Number.isFinite(entry)) {
      throw complaint(from.source, [...path, k], "expected a finite number", entry);
    }
    values[at + k] = entry;
  }
  return values;
}

function readBlobValues(blob: Blob, path: Path, shape: readonly number[], from: ArraySource): Float64Array {
  if (blob.shape.length !== shape.length || blob.shape.some((length, k) => length !== shape[k])) {
    throw complaint(from.source, [...path, "shape"], `expected [${shape.join(", ")}]`, blob.shape);
  }
  const values = readBlob(blob, path, from);
  const bad = values.findIndex((value) => !Number.isFinite(value));
  if (bad < 0) return values;
  const columns = shape[1];
  const index = columns === undefined ? [bad] : [Math.floor(bad / columns), bad % columns];
  throw complaint(from.source, [...path, ...index], "expected a finite number", values[bad]);
}

/**
 * The values of a raw file, finite or not, C order.
 *
 * @throws ConfigError it cannot be read, or is not as long as its shape says
 */
export function readBlob(blob: Blob, path: Path, from: ArraySource): Float64Array {
  if (from.readBlob === undefined) {
    throw complaint(
      from.source,
      [...path, "file"],
      "expected numbers, as there is no folder to read from",
      blob.file,
    );
  }
  const bytes = readBytes(blob.file, [...path, "file"], from.readBlob, from.source);
  const count = blob.shape.reduce((product, length) => product * length, 1);
  const byteLength = count * bytesPerValue[blob.dtype];
  if (bytes.byteLength !== byteLength) {
    const expected = `expected a file of ${byteLength} bytes (${count} values of ${blob.dtype})`;
    throw complaint(
      from.source,
      [...path, "file"],
      `${expected}, found ${bytes.byteLength} bytes`,
      blob.file,
    );
  }
  return decode(bytes, blob.dtype, count);
}

function readBytes(name: string, path: Path, readBlob: ReadBlob, source: string): Uint8Array {
  try {
    return readBlob(name);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw complaint(source, path, `expected a file in the same folder (${reason})`, name);
  }
}

function decode(bytes: Uint8Array, dtype: Blob["dtype"], count: number): Float64Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const values = new Float64Array(count);
  if (dtype === "<f8") for (let k = 0; k < count; k++) values[k] = view.getFloat64(8 * k, true);
  if (dtype === "<f4") for (let k = 0; k < count; k++) values[k] = view.getFloat32(4 * k, true);
  if (dtype === "<i4") for (let k = 0; k < count; k++) values[k] = view.getInt32(4 * k, true);
  return values;
}
