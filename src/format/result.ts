/** What a backend wrote: result.json and its raw files, taken apart without trust. */
import { lstat } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { ConfigError } from "../base/errors.ts";
import { cannotRead } from "../base/files.ts";
import { parseWith } from "../base/parseWith.ts";
import { readText } from "../base/text.ts";
import { arraySchema } from "./arraySchemas.ts";
import type { ArraySource, RawArray, ReadBlob } from "./arrays.ts";
import { gradientsSchema, type NamedTensors, readGradients } from "./gradients.ts";
import { blobsOf } from "./loadCase.ts";
import { parseJson } from "./parseJson.ts";
import { readTensor, type Tensor } from "./tensor.ts";

/** Spikes of one population as the backend gave them. */
export interface FoundSpikes {
  readonly times: Float64Array;
  readonly neurons: Float64Array;
}

export interface Result {
  /** The case's name. */
  readonly case: string;
  readonly backend: string;
  readonly precision: string;
  /** What could be read, by population. */
  readonly spikes: ReadonlyMap<string, FoundSpikes>;
  readonly loss: number | undefined;
  readonly readout: Tensor | undefined;
  readonly gradients: NamedTensors;
  /** Why other parts could not be read, by name. */
  readonly unreadable: ReadonlyMap<string, string>;
}

/** What every result file starts with. */
export const sender = {
  case: z.string().describe("The case's name."),
  backend: z.string().describe("Who has computed it, with a version."),
  precision: z.string().describe("Of the backend's numbers: f64 or f32."),
};

/** What a trial yields before its backward pass. */
export const trialParts = {
  spikes: z
    .record(
      z.string(),
      z.strictObject({
        times: arraySchema.describe("ms, ascending."),
        neurons: arraySchema.describe("Index of the neuron of each."),
      }),
    )
    .describe("By `lif` population; a silent one has empty arrays."),
  loss: z.number().optional().describe("Absent in a case without a loss."),
  readout: arraySchema.optional().describe("What the loss compares, a number a class."),
};

export const resultSchema = z.strictObject({
  format: z.literal("goldspike/result@1"),
  ...sender,
  ...trialParts,
  gradients: gradientsSchema.optional().describe("Derivatives of the loss; what is left out is not judged."),
  diagnostics: z.unknown().optional().describe("Not looked at: nothing in it is asked of a backend."),
});

const mostBytes = 2 ** 28;

/** A result that lies in no file: what result.json would hold, and the bytes of arrays that it refers to by name. */
interface ResultInMemory {
  /** Undefined where there is none. */
  readonly json: unknown;
  readonly readBlob: ReadBlob;
}

/** Where a backend's result lies: in its RESULT_DIR, or in memory. */
export type ResultPlace = string | ResultInMemory;

/**
 * @param name of the case that was to be solved; any if absent
 * @param source of a folder; starts messages
 * @throws ConfigError one line that says what to mend: no result.json, not JSON, another format, another case, unknown keys
 */
export async function readResult(place: ResultPlace, name?: string, source = "result.json"): Promise<Result> {
  const { json, from } = await writtenTo(place, source);
  return parseResult(json, from, name);
}

/** What `json` holds, raw files read from where `from` says. Throws as `readResult`. */
export function parseResult(json: unknown, from: ArraySource, name?: string): Result {
  const raw = parseWith(resultSchema, json, from.source);
  requireName(raw.case, name, from.source);
  return { case: raw.case, backend: raw.backend, precision: raw.precision, ...readParts(raw, from) };
}

/** @throws ConfigError the result is of another case */
export function requireName(found: string, wanted: string | undefined, source: string): void {
  if (wanted !== undefined && found !== wanted)
    throw new ConfigError(
      `${source}: case: expected ${JSON.stringify(wanted)}, got ${JSON.stringify(found)}`,
    );
}

interface RawParts {
  readonly spikes?: z.output<typeof resultSchema>["spikes"] | undefined;
  readonly loss?: number | undefined;
  readonly readout?: RawArray | undefined;
  readonly gradients?: z.output<typeof gradientsSchema> | undefined;
}

/** Whatever of a result can be read, and why other parts cannot. */
export function readParts(
  { spikes: rawSpikes = {}, loss, readout: rawReadout, gradients }: RawParts,
  from: ArraySource,
): Omit<Result, keyof typeof sender> {
  const unreadable = new Map<string, string>();
  const attempt = <T>(part: string, read: () => T): T | undefined => {
    try {
      return read();
    } catch (error) {
      unreadable.set(part, (error as Error).message);
      return undefined;
    }
  };
  const spikes = new Map<string, FoundSpikes>();
  for (const [population, { times, neurons }] of Object.entries(rawSpikes)) {
    const place = `spikes.${population}`;
    const found = attempt(place, () => ({
      times: readTensor(times, `${place}.times`, from).values,
      neurons: readTensor(neurons, `${place}.neurons`, from).values,
    }));
    if (found) spikes.set(population, found);
  }
  const readout = rawReadout && attempt("readout", () => readTensor(rawReadout, "readout", from));
  return { spikes, loss, readout, gradients: readGradients(gradients ?? {}, from), unreadable };
}

/** The JSON of a result, without trust, and where its arrays come from. Throws as `readResult`. */
export async function writtenTo(
  place: ResultPlace,
  source: string,
): Promise<{ readonly json: unknown; readonly from: ArraySource }> {
  if (typeof place !== "string")
    return { json: place.json, from: { source: "result", readBlob: place.readBlob } };
  const json = parseJson(await textOf(join(place, "result.json"), source), source);
  return { json, from: { source, readBlob: blobsOf(place) } };
}

async function textOf(path: string, source: string): Promise<string> {
  try {
    const found = await lstat(path);
    if (found.isSymbolicLink()) throw new Error("it is a link, which may lead out of the folder");
    if (found.size > mostBytes) throw new Error("it is larger than 256 MiB; write long arrays as raw files");
  } catch (error) {
    throw cannotRead(source, error);
  }
  return readText(path, mostBytes, source);
}
