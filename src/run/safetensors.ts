/**
 * The safetensors format: the length of a header (8 bytes, little-endian), the header (JSON: each tensor's dtype, shape
 * and place, and a map of strings called `__metadata__`), and the tensors' bytes without a gap.
 */
import { z } from "zod";
import { ConfigError } from "../base/errors.ts";
import { parseWith } from "../base/parseWith.ts";
import { parseJson } from "../format/parseJson.ts";

const arrays = {
  F64: Float64Array,
  F32: Float32Array,
  I32: Int32Array,
  U32: Uint32Array,
  I16: Int16Array,
  U16: Uint16Array,
  I8: Int8Array,
  U8: Uint8Array,
} as const;

type Dtype = keyof typeof arrays;

/** Row-major values; as many as the product of `shape`, of the type that `dtype` names. */
export interface Tensor {
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  readonly data:
    | Float64Array
    | Float32Array
    | Int32Array
    | Uint32Array
    | Int16Array
    | Uint16Array
    | Int8Array
    | Uint8Array;
}

export interface Safetensors {
  readonly metadata: Readonly<Record<string, string>>;
  readonly tensors: ReadonlyMap<string, Tensor>;
}

/**
 * A file's bytes in pieces, which share the tensors' memory. Equal content gives equal bytes: tensors lie in the order of
 * their names, wide types first, and the header is padded to a multiple of 8, so that all are aligned.
 */
export function encodeSafetensors({ metadata, tensors }: Safetensors): Uint8Array[] {
  const header: Record<string, unknown> = { __metadata__: sortedByName(Object.entries(metadata)) };
  const pieces: Uint8Array[] = [];
  let end = 0;
  for (const [name, { dtype, shape, data }] of inFileOrder(tensors)) {
    const begin = end;
    end += data.byteLength;
    header[name] = { dtype, shape, data_offsets: [begin, end] };
    pieces.push(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  }
  const json = new TextEncoder().encode(JSON.stringify(header));
  const start = new Uint8Array(8 + Math.ceil(json.length / 8) * 8).fill(0x20);
  new DataView(start.buffer).setBigUint64(0, BigInt(start.length - 8), true);
  start.set(json, 8);
  return [start, ...pieces];
}

function inFileOrder(tensors: ReadonlyMap<string, Tensor>): [string, Tensor][] {
  const width = ({ dtype }: Tensor) => arrays[dtype].BYTES_PER_ELEMENT;
  return [...tensors].sort(([a, first], [b, second]) => width(second) - width(first) || (a < b ? -1 : 1));
}

function sortedByName(entries: [string, string][]): Record<string, string> {
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

const count = z
  .number()
  .refine((value) => Number.isSafeInteger(value) && value >= 0, "expected an integer ≥ 0");

const entrySchema = z.strictObject({
  dtype: z.enum(Object.keys(arrays) as [Dtype, ...Dtype[]]),
  shape: z.array(count),
  data_offsets: z.tuple([count, count]),
});

const headerSchema = z
  .object({ __metadata__: z.record(z.string(), z.string()).default({}) })
  .catchall(entrySchema);

/**
 * The content of a file, copied out of it.
 *
 * @param source starts the messages
 * @throws ConfigError one line for bytes that are no such file or not a whole one
 */
export function decodeSafetensors(bytes: Uint8Array, source: string): Safetensors {
  const { header, data } = splitFile(bytes, source);
  const { __metadata__: metadata, ...entries } = parseWith(headerSchema, header, source);
  const inOrder = Object.entries(entries).sort(
    ([, { data_offsets: a }], [, { data_offsets: b }]) => a[0] - b[0] || a[1] - b[1],
  );
  const tensors = new Map<string, Tensor>();
  let at = 0;
  for (const [name, { dtype, shape, data_offsets }] of inOrder) {
    const [begin, end] = data_offsets;
    const length = shape.reduce((product, size) => product * size, arrays[dtype].BYTES_PER_ELEMENT);
    if (begin !== at || end - begin !== length)
      throw new ConfigError(
        `${source}: ${name}: expected bytes ${at} to ${at + length} for ${dtype} [${shape.join(", ")}], got ${begin} to ${end}`,
      );
    if (end <= data.length)
      tensors.set(name, {
        dtype,
        shape,
        data: new arrays[dtype](new Uint8Array(data.subarray(begin, end)).buffer),
      });
    at = end;
  }
  if (data.length !== at) {
    const what = data.length < at ? "is cut short" : "is longer than it should be";
    throw new ConfigError(`${source}: ${what}: expected ${at} bytes of tensors, got ${data.length}`);
  }
  return { metadata, tensors };
}

/** More is no header, but the first bytes of another kind of file. */
const longestHeader = 100_000_000;

function splitFile(bytes: Uint8Array, source: string): { header: unknown; data: Uint8Array } {
  const notThis = (found: string) =>
    new ConfigError(`${source}: expected a safetensors file, got ${bytes.length} bytes ${found}`);
  if (bytes.length < 8) throw notThis("without a header");
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  if (8 + length > bytes.length) {
    const cut = length <= longestHeader ? "is cut short: " : "";
    throw new ConfigError(
      `${source}: ${cut}expected a safetensors file, got ${bytes.length} bytes that end before the header's ${length}`,
    );
  }
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes.subarray(8, 8 + length));
    return { header: parseJson(text, source), data: bytes.subarray(8 + length) };
  } catch (error) {
    if (error instanceof ConfigError && error.message.endsWith("got it again")) throw error;
    throw notThis("whose header is not JSON");
  }
}
