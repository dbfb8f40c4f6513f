/**
 * Reads case.json, golden.json and result.json, writes results, serves requests. Node 20 or Deno; copy this file.
 *
 *   const { projections } = load("suite/smoke/recurrence"); // as in the JSON file, numbers in a Float64Array
 *   projections[0].weight[post][pre]; // an array of Float64Array, from numbers or from a raw file
 *   saveResult(folder, { case: name, backend: "mine 1.0", precision: "f64", spikes, loss, gradients });
 *   await serve((caseDir, resultDir) => …); // for each request of conform run --worker
 *
 * Values, shapes and unknown keys are for the caller to check. What is wrong throws. Needs a little-endian
 * machine.
 */
import { lstatSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";

const types = new Map([
  ["<f8", Float64Array],
  ["<f4", Float32Array],
  ["<i4", Int32Array],
]);

export function load(folder, name = "case.json") {
  const text = readFileSync(join(folder, name), "utf8").replace(/^\ufeff/, ""); // a byte order mark
  return JSON.parse(text, (_, value) => {
    if (Array.isArray(value) && value.every((x) => typeof x === "number")) return Float64Array.from(value);
    const keys = Object.keys(value ?? {});
    return keys.sort().join() === "dtype,file,shape" ? readRaw(folder, value) : value;
  });
}

/** Typed arrays and rows of them that are long, or have NaN, which JSON does not have, become raw files. */
export function saveResult(folder, parts) {
  let count = 0;
  const text = JSON.stringify({ format: "goldspike/result@1", ...parts }, (_, value) => {
    if (typeof value === "number" && !Number.isFinite(value)) throw new Error(`JSON has no ${value}`);
    const rows = ArrayBuffer.isView(value) ? [value] : value;
    const isRow = (row) => ArrayBuffer.isView(row) && row.length === rows[0].length;
    if (!Array.isArray(rows) || !rows.every(isRow)) return value;
    const values = Float64Array.from(rows.flatMap((row) => [...row]));
    if (values.length <= 1000 && values.every(Number.isFinite)) return rows === value ? value : [...value];
    const file = `array${count++}.f64`;
    writeFileSync(join(folder, file), values);
    return { file, dtype: "<f8", shape: rows === value ? [rows.length, rows[0].length] : [values.length] };
  });
  writeFileSync(join(folder, "result.json"), text);
}

/** A legal case that this backend cannot solve. Anything but it and Refused is a failure. */
export class Unsupported extends Error {}
/** A case that no backend should solve. */
export class Refused extends Error {}

/**
 * Answers requests until stdin ends. Only answers go to stdout; what is printed there goes to stderr, but for what children
 * print to an inherited stdout, and fs.writeSync(1, …): there must be none.
 */
export async function serve(solve) {
  const write = process.stdout.write.bind(process.stdout);
  process.stdout.write = process.stderr.write.bind(process.stderr);
  for await (const line of createInterface({ input: process.stdin })) {
    const { id, case: caseDir, result: resultDir } = JSON.parse(line);
    let [status, message] = ["done", ""];
    try {
      await solve(caseDir, resultDir);
    } catch (error) {
      const isKnown = error instanceof Unsupported || error instanceof Refused;
      status = isKnown ? error.constructor.name.toLowerCase() : "failed";
      message = String(isKnown ? error.message : error);
      if (!isKnown) console.error(error);
    }
    write(`${JSON.stringify({ id, status, message })}\n`);
  }
}

function readRaw(folder, { file, dtype, shape }) {
  if (!/^(?!\.\.?$)[^/\\:\0\r\n]+$/.test(file))
    throw new Error(`file: expected the plain name of a file in the same folder, got ${file}`);
  const Values = types.get(dtype);
  const [rows, columns = 1, more] = shape;
  if (!Values || more !== undefined || ![rows, columns].every((n) => Number.isInteger(n) && n >= 0))
    throw new Error(`${file}: expected dtype <f8, <f4 or <i4 and one or two lengths, got ${dtype}, ${shape}`);
  const size = rows * columns * Values.BYTES_PER_ELEMENT;
  const found = lstatSync(join(folder, file));
  if (!found.isFile() || found.size !== size)
    throw new Error(`${file}: expected a file of ${size} bytes, no link`);
  // A copy starts at an offset that every type may start at.
  const values = Float64Array.from(new Values(Uint8Array.from(readFileSync(join(folder, file))).buffer));
  if (shape.length === 1) return values;
  return Array.from({ length: rows }, (_, k) => values.subarray(k * columns, (k + 1) * columns));
}
