/** Answers with their arrays beside them, as bytes: no number loses a bit on its way through decimal digits. */

export interface Packed {
  /** With `{file, dtype, shape}` for each array. */
  readonly tree: unknown;
  /** Base64 of little-endian numbers in C order, by name. */
  readonly files: Readonly<Record<string, string>>;
}

/** A file of its own, bytes as they are. */
export interface File {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** What has files of its own, to which its texts refer by their names. */
export class WithFiles {
  readonly tree: unknown;
  readonly files: readonly File[];

  constructor(tree: unknown, files: readonly File[]) {
    this.tree = tree;
    this.files = files;
  }
}

/** @param value typed arrays for arrays of numbers, lists of equally long ones for matrices */
export function packed(value: unknown): Packed {
  const files: Record<string, string> = {};
  if (value instanceof WithFiles) {
    for (const { name, bytes } of value.files) files[name] = base64(bytes);
    return { tree: value.tree, files };
  }
  let unused = 0;
  const put = (arrays: readonly TypedArray[], shape: readonly number[], dtype: string) => {
    const file = String(unused++);
    files[file] = base64(bytesOf(arrays));
    return { file, dtype, shape };
  };
  const plain = (node: unknown): unknown => {
    if (isTyped(node)) return put([node], [node.length], dtypeOf(node));
    if (Array.isArray(node)) {
      const [first] = node;
      const isMatrix = isTyped(first) && node.every((row) => isTyped(row) && row.length === first.length);
      return isMatrix ? put(node, [node.length, first.length], dtypeOf(first)) : node.map(plain);
    }
    if (typeof node !== "object" || node === null) return node;
    return Object.fromEntries(Object.entries(node).map(([key, part]) => [key, plain(part)]));
  };
  return { tree: plain(value), files };
}

type TypedArray = Float64Array | Int32Array;

function isTyped(node: unknown): node is TypedArray {
  return node instanceof Float64Array || node instanceof Int32Array;
}

function dtypeOf(array: TypedArray): string {
  return array instanceof Float64Array ? "<f8" : "<i4";
}

/** Of all rows, one after the other. */
function bytesOf(arrays: readonly TypedArray[]): Uint8Array {
  const size = arrays[0]!.BYTES_PER_ELEMENT;
  const view = new DataView(new ArrayBuffer(size * arrays.reduce((sum, { length }) => sum + length, 0)));
  let at = 0;
  for (const array of arrays)
    for (const value of array) {
      if (array instanceof Float64Array) view.setFloat64(at, value, true);
      else view.setInt32(at, value, true);
      at += size;
    }
  return new Uint8Array(view.buffer);
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64");
}
