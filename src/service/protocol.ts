/**
 * Requests of another program and their answers: `goldspike service`, a line of JSON each on stdin and stdout, in UTF-8.
 *
 *     {"id": 1, "op": "solve", "given": {"case": {"path": "smoke/recurrence"}}, "files": {}}
 *     {"id": 1, "value": {"spikes": …}, "files": {"0": "…"}}
 *     {"id": 2, "error": {"kind": "input", "message": "case: duration: expected a positive number, got 0"}}
 *
 * One request is answered after the other, until stdin ends. `operations.ts` lists what may be asked; each operation's file
 * has the schema of what is `given`, and says what the answer is.
 *
 * Arrays: wherever a file of the kit may refer to a raw file, `{"file": NAME, "dtype": "<f8" | "<f4" | "<i4", "shape": […]}`,
 * so may `given` and `value`, and `files` has the bytes by this name: little-endian, C order, base64. All arrays of an answer
 * travel so; in requests numbers may stand in the JSON as well. `{"not_finite": "NaN" | "Infinity" | "-Infinity"}` stands for
 * these numbers, which JSON has not.
 *
 * Kinds of errors, with a message of one line: `input`, what is given is wrong; `unsolvable`, a budget was used up or a loss
 * is not defined for the spikes; `bug`, the program itself is wrong.
 */
import { z } from "zod";
import { visibleJson } from "../base/controls.ts";
import { ConfigError, KernelError } from "../base/errors.ts";
import { parseWith } from "../base/parseWith.ts";
import { visible } from "../base/visible.ts";
import type { ReadBlob } from "../format/arrays.ts";
import { type Packed, packed } from "./arrays.ts";

const requestSchema = z.strictObject({
  id: z.union([z.number(), z.string()]),
  op: z.string(),
  given: z.record(z.string(), z.unknown()).default({}),
  files: z.record(z.string(), z.string()).default({}),
});

export interface Request {
  readonly id: number | string;
  readonly op: string;
  readonly given: unknown;
  /** Of arrays that `given` refers to. */
  readonly readBlob: ReadBlob;
}

/** @throws ConfigError a line that is no request */
export function requestOf(line: string): Request {
  const { id, op, given, files } = parseWith(requestSchema, parsed(line), "request");
  return { id, op, given: withNumbers(given), readBlob: readerOf(files) };
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw new ConfigError("request: expected a line of JSON");
  }
}

/** Numbers in place of the objects that stand for them. */
function withNumbers(tree: unknown): unknown {
  if (Array.isArray(tree)) return tree.map(withNumbers);
  if (typeof tree !== "object" || tree === null) return tree;
  const entries = Object.entries(tree);
  if (entries.length === 1 && entries[0]![0] === "not_finite" && typeof entries[0]![1] === "string")
    return Number(entries[0]![1]);
  return Object.fromEntries(entries.map(([key, part]) => [key, withNumbers(part)]));
}

function readerOf(files: Readonly<Record<string, string>>): ReadBlob {
  return (name) => {
    const bytes = Object.hasOwn(files, name) ? files[name] : undefined;
    if (bytes === undefined) throw new Error("no such array came with the request");
    return Buffer.from(bytes, "base64");
  };
}

/** The line of an answer. */
export function answerLine(id: Request["id"] | null, value: unknown): string {
  const { tree, files }: Packed = packed(value);
  return visibleJson({ id, value: tree, files });
}

/** The line that says what was wrong. */
export function errorLine(id: Request["id"] | null, error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const message = visible(text.replaceAll(/\s*[\r\n]\s*/g, " "));
  return visibleJson({ id, error: { kind: kindOf(error), message } });
}

function kindOf(error: unknown): "input" | "unsolvable" | "bug" {
  if (error instanceof ConfigError) return "input";
  return error instanceof KernelError ? "unsolvable" : "bug";
}
