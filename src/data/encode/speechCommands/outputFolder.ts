/** What lies in the folder of the three files: beside them their record, and, until they are whole, chunks. */
import { createHash } from "node:crypto";
import { readdir, rm, rmdir, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { cannotWrite, isTemporary, readInput, replaceFile } from "../../../base/files.ts";
import { version } from "../../../base/version.ts";
import type { EncodeOptions } from "../spikesOf.ts";
import { type Chunk, isChunk } from "./chunks.ts";
import { type Part, parts } from "./published.ts";
import type { PartSummary } from "./writePart.ts";

export type Summaries = Readonly<Record<Part, PartSummary>>;

export function partFile(folder: string, part: Part): string {
  return join(folder, `ssc_${part}.h5.gz`);
}

export function chunkFolder(folder: string): string {
  return join(folder, "ssc_chunks");
}

function recordFile(folder: string): string {
  return join(folder, "ssc.json");
}

/** Undefined unless all three files are there, made of what these chunks are made of. */
export async function readRecord(folder: string, chunks: readonly Chunk[]): Promise<Summaries | undefined> {
  try {
    const record = JSON.parse(readInput(recordFile(folder)).toString("utf8"));
    if (record.key !== keyOf(chunks)) return undefined;
    const summaries: Summaries = record.parts;
    for (const part of parts)
      if ((await stat(partFile(folder, part))).size !== summaries[part].bytes) return undefined;
    return summaries;
  } catch {
    return undefined;
  }
}

/**
 * Says that the three files are whole.
 *
 * @throws ConfigError it cannot be written
 */
export async function writeRecord(
  folder: string,
  chunks: readonly Chunk[],
  { channels, duration, seed }: EncodeOptions,
  summaries: Summaries,
): Promise<void> {
  const record = { version, channels, duration, seed, key: keyOf(chunks), parts: summaries };
  await replaceFile(recordFile(folder), `${JSON.stringify(record, null, 2)}\n`);
}

/** Before the first of the three files is replaced: from then on they may not be of one set. */
export async function removeRecord(folder: string): Promise<void> {
  await removeThose(folder, (file) => file === basename(recordFile(folder)));
}

function keyOf(chunks: readonly Chunk[]): string {
  const hash = createHash("sha256");
  for (const { path } of chunks) hash.update(`${basename(path)}\n`);
  return hash.digest("hex");
}

/** Removes what a process that was broken off has left half written. */
export async function removeHalfWritten(folder: string): Promise<void> {
  await removeThose(folder, (file) => file.startsWith("ssc") && isTemporary(file));
}

/** Removes chunks and their folder, unless something else is in it. */
export async function removeChunks(folder: string): Promise<void> {
  const chunks = chunkFolder(folder);
  await removeThose(chunks, (file) => isChunk(file.replace(/\.[0-9a-f]{12}\.tmp$/, "")));
  await rmdir(chunks).catch(() => {});
}

async function removeThose(folder: string, isOne: (file: string) => boolean): Promise<void> {
  const files = await readdir(folder).catch(() => []);
  for (const file of files.filter(isOne))
    await rm(join(folder, file), { force: true }).catch((error: unknown) => {
      throw cannotWrite(join(folder, file), error);
    });
}
