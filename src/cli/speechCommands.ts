/** `goldspike encode --speech-commands`: a whole set, in hours, that may be broken off at any moment and goes on. */
import { realpath } from "node:fs/promises";
import { basename, join } from "node:path";
import { makeFolder } from "../base/files.ts";
import { type Chunk, chunksOf, readChunk } from "../data/encode/speechCommands/chunks.ts";
import { hearChunks } from "../data/encode/speechCommands/hearChunks.ts";
import { type Listing, listSpeechCommands } from "../data/encode/speechCommands/listing.ts";
import {
  chunkFolder,
  partFile,
  readRecord,
  removeChunks,
  removeHalfWritten,
  removeRecord,
  type Summaries,
  writeRecord,
} from "../data/encode/speechCommands/outputFolder.ts";
import { expected, type Part, parts, words } from "../data/encode/speechCommands/published.ts";
import { type PartSummary, writePart } from "../data/encode/speechCommands/writePart.ts";
import type { EncodeOptions } from "../data/encode/spikesOf.ts";
import { lock } from "../run/lock.ts";
import { countBar } from "./bars.ts";
import { pairsLine, print, say } from "./lines.ts";
import { catchSignals } from "./signals.ts";

/**
 * Writes the three parts of Spiking Speech Commands. A file that is no sound is left out, told by its name, and makes the exit
 * code 1.
 *
 * @param folder as the archive is unpacked
 * @param output is made where it is missing
 * @throws ConfigError one line: no such set, another process is at work in the output, or it cannot be written
 */
export async function encodeSpeechCommands(
  folder: string,
  output: string,
  options: EncodeOptions,
  threads: "auto" | number,
): Promise<void> {
  const listing = await listSpeechCommands(folder);
  for (const line of remarks(listing)) say(line);
  await makeFolder(output);
  const unlock = await lock(join(await realpath(output), "ssc.lock"));
  try {
    await removeHalfWritten(output);
    const chunks = chunksOf(listing, chunkFolder(output), options);
    const before = await readRecord(output, chunks);
    if (before) say(`${output}: the files of these recordings and options are there already`);
    const summaries = before ?? (await encode(chunks, output, options, threads, unlock));
    await removeChunks(output);
    for (const part of parts) print(`${lineOf(part, summaries[part])}\n`);
    tellLeftOut(parts.flatMap((part) => summaries[part].leftOut.map((line) => join(folder, line))));
  } finally {
    await unlock();
  }
}

/** A line for each way in which the folder is not the published set. */
function remarks({ recordings, missingWords, otherFolders, misnamed, unreadable }: Listing): string[] {
  const lines: string[] = [];
  if (missingWords.length > 0)
    lines.push(`${words.length} words expected, ${missingWords.length} missing: ${missingWords.join(", ")}`);
  const found = (part: Part) => recordings.filter((spoken) => spoken.part === part).length;
  if (parts.some((part) => found(part) !== expected[part])) {
    const each = parts.map((part) => `${part} ${found(part)} of ${expected[part]}`);
    lines.push(`recordings that are there, of those of v0.02: ${each.join(", ")}`);
  }
  if (otherFolders.length > 0)
    lines.push(`folders that are no words of v0.02 and are left out: ${otherFolders.join(", ")}`);
  if (misnamed.length > 0)
    lines.push(
      `${misnamed.length} WAV files are not named <speaker>_nohash_<n>.wav and are left out, the first is ${misnamed[0]}`,
    );
  if (unreadable.length > 0)
    lines.push(`${unreadable.length} files or folders are left out, the first is ${unreadable[0]}`);
  return lines;
}

async function encode(
  chunks: readonly Chunk[],
  output: string,
  options: EncodeOptions,
  threads: "auto" | number,
  unlock: () => Promise<void>,
): Promise<Summaries> {
  await makeFolder(chunkFolder(output));
  let stopBar = () => {};
  const begin: typeof countBar = (...args) => {
    const bar = countBar(...args);
    stopBar = bar.stop;
    return bar;
  };
  const forget = catchSignals((signal) => {
    stopBar();
    say("stopped; the same command goes on from where it was");
    // Chunks are whole or not there: the process ends as by the signal itself.
    void unlock().finally(() => {
      forget();
      process.kill(process.pid, signal);
    });
  });
  try {
    await hear(chunks, options, threads, begin);
    await removeRecord(output);
    const summaries: [Part, PartSummary][] = [];
    for (const part of parts) summaries.push([part, await write(part, chunks, output, begin)]);
    const all = Object.fromEntries(summaries) as Summaries;
    await writeRecord(output, chunks, options, all);
    return all;
  } finally {
    forget();
  }
}

/** Without a terminal, so many sounds a line. */
const lineSounds = 1000;

async function hear(
  chunks: readonly Chunk[],
  options: EncodeOptions,
  threads: "auto" | number,
  begin: typeof countBar,
): Promise<void> {
  const missing = chunks.filter((chunk) => readChunk(chunk) === undefined);
  const total = soundsOf(chunks);
  const before = total - soundsOf(missing);
  if (before > 0) say(`${before} of ${total} recordings are encoded already`);
  const bar = begin("encoding", total, process.stderr, before);
  const onSound = (count: number) => {
    const done = before + count;
    bar.show(done);
    if (!process.stderr.isTTY && done % lineSounds === 0) say(`${done} of ${total} recordings are encoded`);
  };
  await hearChunks(missing, options, threads, onSound).finally(bar.stop);
}

async function write(
  part: Part,
  chunks: readonly Chunk[],
  output: string,
  begin: typeof countBar,
): Promise<PartSummary> {
  const path = partFile(output, part);
  const own = chunks.filter((chunk) => chunk.part === part);
  // Times and units are written one after the other.
  const bar = begin(`writing ${basename(path)}`, 2 * soundsOf(own), process.stderr);
  let written = 0;
  return writePart(path, own, () => bar.show(++written)).finally(bar.stop);
}

function soundsOf(chunks: readonly Chunk[]): number {
  return chunks.reduce((sum, { sounds }) => sum + sounds.length, 0);
}

function lineOf(part: Part, { recordings, speakers, words: spoken, spikes }: PartSummary): string {
  return pairsLine({ part, recordings, speakers, words: spoken, spikes, file: `ssc_${part}.h5.gz` });
}

function tellLeftOut(lines: readonly string[]): void {
  for (const line of lines) say(`left out: ${line}`);
  if (lines.length > 0) process.exitCode = 1;
}
