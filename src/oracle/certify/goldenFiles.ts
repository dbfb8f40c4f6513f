/** What is known about a case as the files of its folder. */
import { createHash } from "node:crypto";
import type { Tree } from "./certificateTrees.ts";

export type Branches = { readonly [key: string]: Tree };

const provenance = {
  arithmetic: "fixed point of 50 decimal digits; spike times agree with 70 digits to 2^-100 ms",
  gradients: "one pass backwards, confirmed by central differences in the same arithmetic",
};

/** Arrays with more numbers lie in files of their own. */
const longest = 2000;

export interface Files {
  readonly [name: string]: string | Uint8Array;
}

/** The text of one JSON file and what it refers to; names of blobs start with `prefix`. */
export function filesOf(name: string, tree: Branches, prefix: string): Files {
  const files: Record<string, string | Uint8Array> = {};
  const outside = (node: Tree, path: readonly string[]): Tree => {
    if (node === null || typeof node !== "object") return node;
    const numbers = Array.isArray(node) ? flat(node) : undefined;
    if (numbers && numbers.values.length > longest) {
      const { values, shape } = numbers;
      const dtype = dtypeOf(values);
      const file = `${[prefix, ...path].join("-")}.${dtype === "<f8" ? "f64" : dtype === "<f4" ? "f32" : "i32"}`;
      files[file] = bytesOf(values, dtype);
      return { file, dtype, shape };
    }
    if (Array.isArray(node)) return node.map((entry, k) => outside(entry, [...path, String(k)]));
    return Object.fromEntries(
      Object.entries(node).map(([key, entry]) => [key, outside(entry as Tree, [...path, key])]),
    );
  };
  files[name] = `${JSON.stringify(outside(tree, []))}\n`;
  return files;
}

/** A vector, or a matrix whose rows have one length. */
function flat(node: readonly Tree[]): { values: number[]; shape: number[] } | undefined {
  if (node.every((entry) => typeof entry === "number"))
    return { values: node as number[], shape: [node.length] };
  const rows = node as readonly (readonly Tree[])[];
  const columns = rows[0]?.length;
  const regular = rows.every(
    (row) => Array.isArray(row) && row.length === columns && row.every((entry) => typeof entry === "number"),
  );
  return regular ? { values: rows.flat() as number[], shape: [rows.length, columns!] } : undefined;
}

type Dtype = "<f8" | "<f4" | "<i4";

/** The shortest that holds every value. */
function dtypeOf(values: readonly number[]): Dtype {
  if (values.every((value) => Object.is(value | 0, value))) return "<i4";
  return values.every((value) => Object.is(Math.fround(value), value)) ? "<f4" : "<f8";
}

function bytesOf(values: readonly number[], dtype: Dtype): Uint8Array {
  const size = dtype === "<f8" ? 8 : 4;
  const view = new DataView(new ArrayBuffer(size * values.length));
  for (const [k, value] of values.entries()) {
    if (dtype === "<f8") view.setFloat64(8 * k, value, true);
    else if (dtype === "<f4") view.setFloat32(4 * k, value, true);
    else view.setInt32(4 * k, value, true);
  }
  return new Uint8Array(view.buffer);
}

/** Of the case's files in order of their names: what a golden belongs to. */
function hashOf(files: Files): string {
  const hash = createHash("sha256");
  for (const name of Object.keys(files).sort()) hash.update(`${name}\0`).update(files[name]!);
  return hash.digest("hex");
}

type About = { readonly name: string; readonly group: string; readonly catches: string };

/** golden.json and its raw files; `files` are the case's own. */
export function goldenFiles(about: About, files: Files, format: string, tree: Branches): Files {
  return filesOf("golden.json", { ...knownOf(about, files, format), provenance, ...tree }, "golden");
}

/** What every golden.json starts with. */
export function knownOf({ name, group, catches }: About, files: Files, format: string) {
  return { format, case: name, group, catches, case_sha256: hashOf(files) };
}
