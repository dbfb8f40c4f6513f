/** Tensors come back from a safetensors file bit by bit; anything that is not a whole file is one line. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ConfigError } from "../../src/base/errors.ts";
import { decodeSafetensors, encodeSafetensors, type Tensor } from "../../src/run/safetensors.ts";

/** A file's bytes spelt out by the format's description. */
function file(header: unknown, data: readonly number[], length?: number): Uint8Array {
  const json = Buffer.from(typeof header === "string" ? header : JSON.stringify(header));
  const start = Buffer.alloc(8);
  start.writeBigUInt64LE(BigInt(length ?? json.length));
  return Buffer.concat([start, json, Uint8Array.from(data)]);
}

const one = { dtype: "U8", shape: [2, 2], data_offsets: [0, 4] };
const pair = { dtype: "F32", shape: [1], data_offsets: [4, 8] };
const bytes = [1, 2, 3, 4, 0, 0, 0x80, 0x3f];

describe("a file", () => {
  test("is read as the format describes it, padding of the header included", () => {
    const header = `${JSON.stringify({ __metadata__: { a: "b" }, one, pair })}   `;
    const { metadata, tensors } = decodeSafetensors(file(header, bytes), "f");
    expect(metadata).toEqual({ a: "b" });
    expect(tensors).toEqual(
      new Map<string, Tensor>([
        ["one", { dtype: "U8", shape: [2, 2], data: Uint8Array.of(1, 2, 3, 4) }],
        ["pair", { dtype: "F32", shape: [1], data: Float32Array.of(1) }],
      ]),
    );
  });

  test("is written as the format describes it, aligned, in an order of its own", () => {
    const tensors = new Map<string, Tensor>([
      ["b", { dtype: "U8", shape: [1], data: Uint8Array.of(7) }],
      ["c", { dtype: "F64", shape: [], data: Float64Array.of(1) }],
      ["a", { dtype: "U8", shape: [2], data: Uint8Array.of(8, 9) }],
    ]);
    const written = Buffer.concat(encodeSafetensors({ metadata: { y: "2", x: "1" }, tensors }));
    const header =
      '{"__metadata__":{"x":"1","y":"2"},"c":{"dtype":"F64","shape":[],"data_offsets":[0,8]},' +
      '"a":{"dtype":"U8","shape":[2],"data_offsets":[8,10]},"b":{"dtype":"U8","shape":[1],"data_offsets":[10,11]}}';
    const padded = header.padEnd(8 * Math.ceil(header.length / 8));
    expect(written).toEqual(Buffer.from(file(padded, [0, 0, 0, 0, 0, 0, 0xf0, 0x3f, 8, 9, 7])));
    const shuffled = new Map([...tensors].reverse());
    expect(Buffer.concat(encodeSafetensors({ metadata: { x: "1", y: "2" }, tensors: shuffled }))).toEqual(
      written,
    );
  });

  test("gives back what went in", () => {
    const tensor = fc.oneof(
      fc
        .float64Array({ maxLength: 9 })
        .map((data) => ({ dtype: "F64" as const, shape: [data.length], data })),
      fc
        .float32Array({ maxLength: 9 })
        .map((data) => ({ dtype: "F32" as const, shape: [1, data.length], data })),
      fc
        .int32Array({ maxLength: 9 })
        .map((data) => ({ dtype: "I32" as const, shape: [data.length, 1], data })),
      fc.uint16Array({ maxLength: 9 }).map((data) => ({ dtype: "U16" as const, shape: [data.length], data })),
    );
    const name = fc.string().filter((text) => text !== "__metadata__" && text !== "__proto__");
    const metadata = fc.dictionary(name, fc.string(), { noNullPrototype: true });
    fc.assert(
      fc.property(fc.array(fc.tuple(name, tensor)), metadata, (entries, metadata) => {
        const content = { metadata, tensors: new Map<string, Tensor>(entries) };
        const back = decodeSafetensors(Buffer.concat(encodeSafetensors(content)), "f");
        expect(back).toEqual(content);
      }),
      { seed: 1 },
    );
  });

  test("may name empty tensors in any order", () => {
    const empty = { dtype: "U8", shape: [0], data_offsets: [0, 0] };
    expect([...decodeSafetensors(file({ one, empty }, [1, 2, 3, 4]), "f").tensors.keys()]).toEqual([
      "empty",
      "one",
    ]);
  });

  test("is a copy: its tensors do not change with the bytes", () => {
    const given = file({ one }, bytes.slice(0, 4));
    const { tensors } = decodeSafetensors(given, "f");
    given.fill(0);
    expect(tensors.get("one")!.data).toEqual(Uint8Array.of(1, 2, 3, 4));
  });
});

describe("bytes that", () => {
  const whole = { one, pair };
  test.each<[string, Uint8Array, string]>([
    ["are none", new Uint8Array(0), "expected a safetensors file, got 0 bytes without a header"],
    ["end in the header's length", Uint8Array.of(1, 2, 3), "got 3 bytes without a header"],
    [
      "end in the header",
      file(whole, [], 500).subarray(0, 50),
      "got 50 bytes that end before the header's 500",
    ],
    [
      "claim a header beyond all memory",
      new Uint8Array(16).fill(0xff),
      "that end before the header's 18446744073709552000",
    ],
    ["have a header that is not JSON", file("{", []), "whose header is not JSON"],
    ["have a header that is not UTF-8", file("", [0xff], 1), "whose header is not JSON"],
    ["have a header that is no object", file([1], []), "expected an object, got [1]"],
    ["end in a tensor", file(whole, bytes.slice(0, 7)), "expected 8 bytes of tensors, got 7"],
    ["go on after the tensors", file(whole, [...bytes, 0]), "expected 8 bytes of tensors, got 9"],
    [
      "have tensors that overlap",
      file({ one, pair: { ...pair, data_offsets: [2, 6] } }, bytes),
      "pair: expected bytes 4 to 8 for F32 [1], got 2 to 6",
    ],
    [
      "have a gap between tensors",
      file({ one, pair: { ...pair, data_offsets: [5, 9] } }, [...bytes, 0]),
      "pair: expected bytes 4 to 8 for F32 [1], got 5 to 9",
    ],
    [
      "have a shape of another size",
      file({ one: { ...one, shape: [5] } }, bytes),
      "one: expected bytes 0 to 5 for U8 [5], got 0 to 4",
    ],
    [
      "have a negative size",
      file({ one: { ...one, shape: [-4] } }, bytes),
      "one.shape[0]: expected an integer ≥ 0, got -4",
    ],
    ["have an unknown type", file({ one: { ...one, dtype: "Q4" } }, bytes), 'got "Q4"'],
    ["have an unknown key", file({ one: { ...one, name: "x" } }, bytes), "one.name: unknown key"],
    [
      "have metadata that is no text",
      file({ __metadata__: { a: 1 } }, []),
      "__metadata__.a: expected a string, got 1",
    ],
  ])("%s are one line", (_, given, expected) => {
    const read = () => decodeSafetensors(given, "run.safetensors");
    expect(read).toThrow(ConfigError);
    expect(read).toThrow(expected);
    expect(read).toThrow(/^run\.safetensors: .*$/);
  });

  test("have been cut anywhere are one line", () => {
    const given = file(whole, bytes);
    for (let length = 0; length < given.length; length++)
      expect(() => decodeSafetensors(given.subarray(0, length), "f")).toThrow(ConfigError);
  });
});
