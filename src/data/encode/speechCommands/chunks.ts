/**
 * Spikes of some recordings on the disk, until all of them are heard and the files of the parts are written. A chunk's name
 * tells what went in, so that one of other sounds or settings is never taken for it, and it appears whole.
 *
 * A line of JSON has, for each recording, the number of spikes or what is wrong with its sound; then come the times of all
 * and the units of all, as the parts' files have them.
 */
import { createHash } from "node:crypto";
import { join } from "node:path";
import { readInput, replaceFile } from "../../../base/files.ts";
import { version } from "../../../base/version.ts";
import { bytesOf } from "../../shd/shdLayout.ts";
import { type ShdSpikes, timesBytes } from "../../shd/writeShdFile.ts";
import type { EncodeOptions } from "../spikesOf.ts";
import type { Listing, Spoken } from "./listing.ts";
import { type Part, parts } from "./published.ts";

export interface Chunk {
  readonly path: string;
  readonly part: Part;
  readonly sounds: readonly Spoken[];
}

/** What became of a sound: spikes, or what is wrong with it. */
export type Outcome = ShdSpikes | string;

/** What a chunk says of its sounds: numbers of spikes, or what is wrong. */
type Header = readonly (number | string)[];

export interface ChunkContent {
  readonly header: Header;
  /** Of a sound that has spikes. */
  times(index: number): Uint8Array;
  units(index: number): Uint8Array;
}

/** Recordings of a chunk: half a minute on two processors, which is what is lost where the work is broken off. */
const chunkSounds = 64;

/** Of how chunks are written. */
const layout = 1;

/** The recordings of a set by parts, in order. */
export function chunksOf({ recordings }: Listing, folder: string, options: EncodeOptions): Chunk[] {
  return parts.flatMap((part) => {
    const own = recordings.filter((spoken) => spoken.part === part);
    const count = Math.ceil(own.length / chunkSounds);
    return Array.from({ length: count }, (_, k) => {
      const sounds = own.slice(k * chunkSounds, (k + 1) * chunkSounds);
      const file = `${part}_${String(k).padStart(5, "0")}_${keyOf(sounds, options)}.spikes`;
      return { path: join(folder, file), part, sounds };
    });
  });
}

export function isChunk(file: string): boolean {
  return /^(train|valid|test)_\d{5,}_[0-9a-f]{32}\.spikes$/.test(file);
}

function keyOf(sounds: readonly Spoken[], { channels, duration, seed }: EncodeOptions): string {
  const files = sounds.map(({ name, bytes, written }) => [name, bytes, written]);
  const all = JSON.stringify([version, layout, channels, duration ?? null, seed, files]);
  return createHash("sha256").update(all).digest("hex").slice(0, 32);
}

/** @throws ConfigError it cannot be written */
export async function writeChunk(path: string, outcomes: readonly Outcome[]): Promise<void> {
  const header: Header = outcomes.map((outcome) =>
    typeof outcome === "string" ? outcome : outcome.times.length,
  );
  const heard = outcomes.filter((outcome) => typeof outcome !== "string");
  await replaceFile(path, [
    `${JSON.stringify(header)}\n`,
    ...heard.map(timesBytes),
    ...heard.map(({ channels }) => bytesOf(channels)),
  ]);
}

/** Undefined where it is not there, or not whole. */
export function readChunk({ path, sounds }: Chunk): ChunkContent | undefined {
  let bytes: Buffer;
  try {
    bytes = readInput(path);
  } catch {
    return undefined;
  }
  const start = bytes.indexOf("\n") + 1;
  const header = parseHeader(bytes.subarray(0, start).toString("utf8"));
  if (header?.length !== sounds.length) return undefined;
  const offsets = [0];
  for (const [k, said] of header.entries()) offsets.push(offsets[k]! + (typeof said === "number" ? said : 0));
  const total = offsets.at(-1)!;
  if (bytes.length !== start + 4 * total) return undefined;
  const from = (at: number) => (index: number) =>
    bytes.subarray(at + 2 * offsets[index]!, at + 2 * offsets[index + 1]!);
  return { header, times: from(start), units: from(start + 2 * total) };
}

function parseHeader(line: string): Header | undefined {
  try {
    const found: unknown = JSON.parse(line);
    return Array.isArray(found) ? (found as Header) : undefined;
  } catch {
    return undefined;
  }
}
