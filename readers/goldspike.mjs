/**
 * Reads case.json, golden.json and result.json, and writes results. Node 20 or Deno, no packages; copy this file.
 *
 *   const { projections } = load("suite/smoke/recurrence"); // as in the JSON file, arrays of numbers as Float64Array
 *   projections[0].weight[post][pre]; // two dimensions: an array of Float64Array; from numbers or from a raw file
 *   saveResult(folder, { case: name, backend: "mine 1.0", precision: "f64", spikes, loss, readout, gradients });
 *
 * Values, shapes and unknown keys are for the caller to check. What is wrong throws.
 */
import { lstatSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const readers = { "<f8": ["getFloat64", 8], "<f4": ["getFloat32", 4], "<i4": ["getInt32", 4] };

export function load(folder, name = "case.json") {
  return arrays(JSON.parse(readFileSync(join(folder, name), "utf8")), folder);
}

/** Arrays of more than `long` numbers, or with NaN, which JSON does not have, become raw files array0.f64, … */
export function saveResult(folder, parts, long = 1000) {
  let count = 0;
  const plain = (value) => {
    const shape = shapeOf(value);
    if (shape === undefined) {
      if (Array.isArray(value)) return value.map(plain);
      if (typeof value === "number" && !Number.isFinite(value)) throw new Error(`JSON has no ${value}`);
      if (typeof value !== "object" || value === null) return value;
      return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, plain(part)]));
    }
    const values = Float64Array.from(shape.length === 2 ? value.flatMap((row) => [...row]) : value);
    if (values.length <= long && values.every(Number.isFinite))
      return shape.length === 2 ? value.map((row) => [...row]) : [...value];
    const bytes = new DataView(new ArrayBuffer(8 * values.length));
    values.forEach((x, k) => {
      bytes.setFloat64(8 * k, x, true);
    });
    const file = `array${count++}.f64`;
    writeFileSync(join(folder, file), bytes);
    return { file, dtype: "<f8", shape };
  };
  const text = JSON.stringify(plain({ format: "goldspike/result@1", ...parts }));
  writeFileSync(join(folder, "result.json"), text);
}

/** Of one dimension, or of rows of one length; undefined for what is no array of numbers. */
function shapeOf(value) {
  const list = (x) => ArrayBuffer.isView(x) || (Array.isArray(x) && x.every((n) => typeof n === "number"));
  if (list(value)) return [value.length];
  const rows = Array.isArray(value) && value.every((row) => list(row) && row.length === value[0].length);
  return rows ? [value.length, value[0].length] : undefined;
}

function arrays(value, folder) {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value))
    return value.every((n) => typeof n === "number")
      ? Float64Array.from(value)
      : value.map((part) => arrays(part, folder));
  if (Object.keys(value).sort().join() === "dtype,file,shape") return raw(value, folder);
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, arrays(part, folder)]));
}

function raw({ file, dtype, shape }, folder) {
  if (typeof file !== "string" || !/^[^/\\:\0\n\r]+$/.test(file) || file === "." || file === "..")
    throw new Error(
      `file: expected the plain name of a file in the same folder, got ${JSON.stringify(file)}`,
    );
  const [rows, columns = 1, more] = shape;
  if (!Object.hasOwn(readers, dtype) || !(rows >= 0 && columns >= 0) || more !== undefined)
    throw new Error(`${file}: expected dtype <f8, <f4 or <i4 and one or two lengths, got ${dtype}, ${shape}`);
  const [read, width] = readers[dtype];
  const size = rows * columns * width;
  const found = lstatSync(join(folder, file));
  if (!found.isFile() || found.size !== size)
    throw new Error(`${file}: expected a file of ${size} bytes, no link`);
  const bytes = readFileSync(join(folder, file));
  const view = new DataView(bytes.buffer, bytes.byteOffset, size);
  const values = Float64Array.from({ length: size / width }, (_, k) => view[read](width * k, true));
  if (shape.length === 1) return values;
  return Array.from({ length: rows }, (_, k) => values.subarray(k * columns, (k + 1) * columns));
}
