/** From the chunks of a part to its file. */
import { stat } from "node:fs/promises";
import { replaceFile } from "../../../base/files.ts";
import { packedPieces, type StoredSpikes } from "../../shd/writeShdFile.ts";
import { type Chunk, type ChunkContent, readChunk } from "./chunks.ts";
import type { Spoken } from "./listing.ts";
import { words } from "./published.ts";

export interface PartSummary {
  /** Size of the file. */
  readonly bytes: number;
  readonly recordings: number;
  readonly speakers: number;
  readonly words: number;
  readonly spikes: number;
  /** Files that are no sounds, with what is wrong: each by its name in the set. */
  readonly leftOut: readonly string[];
}

/** A recording of the part, and where its spikes are. */
interface Heard {
  readonly spoken: Spoken;
  readonly chunk: Chunk;
  readonly place: number;
  readonly count: number;
}

/**
 * Writes the file of a part, packed; a chunk at a time is in memory.
 *
 * @param onRecording called for every recording's times and again for its units
 * @throws ConfigError it cannot be written
 * @throws Error a chunk is gone
 */
export async function writePart(
  path: string,
  chunks: readonly Chunk[],
  onRecording: () => void,
): Promise<PartSummary> {
  const heard: Heard[] = [];
  const leftOut: string[] = [];
  for (const chunk of chunks) {
    for (const [place, said] of contentOf(chunk).header.entries()) {
      const spoken = chunk.sounds[place]!;
      if (typeof said === "string") leftOut.push(`${spoken.name}: ${said}`);
      else heard.push({ spoken, chunk, place, count: said });
    }
  }
  const speakerNames = [...new Set(heard.map(({ spoken }) => spoken.speaker))].sort();
  const numbers = new Map(speakerNames.map((name, number) => [name, number]));
  const labels = heard.map(({ spoken }) => spoken.word);
  const speakers = heard.map(({ spoken }) => numbers.get(spoken.speaker)!);
  const table = { labels, classes: words, speakers, speakerNames };
  await replaceFile(path, packedPieces(table, spikesOf(heard, onRecording)));
  return {
    bytes: (await stat(path)).size,
    recordings: heard.length,
    speakers: speakerNames.length,
    words: new Set(labels).size,
    spikes: heard.reduce((sum, { count }) => sum + count, 0),
    leftOut,
  };
}

function spikesOf(heard: readonly Heard[], onRecording: () => void): StoredSpikes {
  let last: { chunk: Chunk; content: ChunkContent } | undefined;
  const from = (recording: number, kind: "times" | "units") => {
    const { chunk, place } = heard[recording]!;
    if (last?.chunk !== chunk) last = { chunk, content: contentOf(chunk) };
    onRecording();
    return last.content[kind](place);
  };
  return {
    counts: heard.map(({ count }) => count),
    times: (recording) => from(recording, "times"),
    units: (recording) => from(recording, "units"),
  };
}

function contentOf(chunk: Chunk): ChunkContent {
  const content = readChunk(chunk);
  if (content === undefined) throw new Error(`${chunk.path}: it was there, and is gone or damaged`);
  return content;
}
