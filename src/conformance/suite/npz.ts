/** A case's numbers as numpy reads them: .npy arrays in a .zip (numpy.lib.format, version 1.0). */
import { type Zippable, zipSync } from "fflate";
import type { ArraySource } from "../../format/arrays.ts";
import { readTensor, type Tensor } from "../../format/tensor.ts";

/**
 * Every number and array of numbers of a JSON tree, raw files resolved, as float64 under its path: `duration`,
 * `projections[0].weight`, `spikes.hidden.times`. Text is left out.
 */
export function npzOf(json: unknown, from: ArraySource): Uint8Array {
  const files: Zippable = {};
  for (const [path, tensor] of numbersOf(json, "", from))
    files[`${path}.npy`] = [npyOf(tensor), { mtime: epoch }];
  return zipSync(files);
}

/** ZIP knows no earlier time; the same numbers make the same bytes. */
const epoch = new Date(1980, 0, 1);

function* numbersOf(node: unknown, path: string, from: ArraySource): Generator<[string, Tensor]> {
  if (typeof node === "number") yield [path, { shape: [], values: Float64Array.of(node) }];
  if (typeof node !== "object" || node === null) return;
  if ("file" in node || (Array.isArray(node) && isNumeric(node))) {
    yield [path, readTensor(node, path, from)];
    return;
  }
  for (const [key, entry] of Object.entries(node)) {
    const place = Array.isArray(node) ? `${path}[${key}]` : path === "" ? key : `${path}.${key}`;
    yield* numbersOf(entry, place, from);
  }
}

/** A vector or a matrix; lists of lists of different lengths, as targets are, have one entry for each list. */
function isNumeric(node: readonly unknown[]): boolean {
  if (node.every((entry) => typeof entry === "number")) return true;
  const [first] = node;
  const length = Array.isArray(first) ? first.length : -1;
  return node.every((row) => Array.isArray(row) && row.length === length && length > 0 && isNumeric(row));
}

function npyOf({ shape, values }: Tensor): Uint8Array {
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(", ")})`;
  const header = `{'descr': '<f8', 'fortran_order': False, 'shape': ${tuple}, }`;
  // Magic, version and length take ten bytes; what follows the header starts at a multiple of 64.
  const length = Math.ceil((10 + header.length + 1) / 64) * 64;
  const bytes = new Uint8Array(length + 8 * values.length);
  bytes.set([0x93, ...new TextEncoder().encode("NUMPY"), 1, 0]);
  const view = new DataView(bytes.buffer);
  view.setUint16(8, length - 10, true);
  bytes.set(new TextEncoder().encode(`${header.padEnd(length - 11)}\n`), 10);
  for (const [k, value] of values.entries()) view.setFloat64(length + 8 * k, value, true);
  return bytes;
}
