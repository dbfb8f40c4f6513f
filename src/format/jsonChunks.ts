/** JSON text in pieces: a result of a large network is written without ever being held as one string. */
import { visibleJson } from "../base/controls.ts";

/** What a JSON text can hold; typed arrays stand for arrays of numbers. */
export type JsonTree =
  | string
  | number
  | Float64Array
  | Int32Array
  | readonly JsonTree[]
  | { readonly [key: string]: JsonTree };

/** Characters of a piece, roughly: short enough for the youngest part of the heap, where it costs nothing to forget. */
const pieceLength = 1 << 13;

/** Numbers turned to text at a time. */
const runLength = 128;

function* numbers(values: Float64Array | Int32Array): Generator<string> {
  yield "[";
  for (let start = 0; start < values.length; start += runLength) {
    // Not `join`: that keeps the text of every number in a cache.
    const text = JSON.stringify(Array.from(values.subarray(start, start + runLength)));
    yield `${start > 0 ? "," : ""}${text.slice(1, -1)}`;
  }
  yield "]";
}

function* tokens(tree: JsonTree): Generator<string> {
  if (tree instanceof Float64Array || tree instanceof Int32Array) {
    yield* numbers(tree);
  } else if (Array.isArray(tree)) {
    yield "[";
    for (const [k, entry] of tree.entries()) {
      if (k > 0) yield ",";
      yield* tokens(entry);
    }
    yield "]";
  } else if (typeof tree === "object") {
    yield "{";
    for (const [k, [key, entry]] of Object.entries(tree).entries()) {
      yield `${k > 0 ? "," : ""}${visibleJson(key)}:`;
      yield* tokens(entry as JsonTree);
    }
    yield "}";
  } else {
    yield typeof tree === "string" ? visibleJson(tree) : JSON.stringify(tree);
  }
}

/** The text of `tree`, numbers in the shortest digits that round-trip; every number must be finite. */
export function* jsonChunks(tree: JsonTree): Generator<string> {
  let piece = "";
  for (const token of tokens(tree)) {
    piece += token;
    if (piece.length < pieceLength) continue;
    yield piece;
    piece = "";
  }
  yield piece;
}
