/** Hears the sounds of chunks that are not there, and writes each when all of its own are done. */
import { threadCount } from "../../../engine/batch/workerThreads.ts";
import { hearOnThreads } from "../earThreads.ts";
import type { EncodeOptions } from "../spikesOf.ts";
import { type Chunk, type Outcome, writeChunk } from "./chunks.ts";
import { numberOf } from "./listing.ts";

/**
 * @param threads at most; what is written does not depend on it
 * @param onSound called with the number of sounds that are done, of these chunks
 * @throws ConfigError a chunk cannot be written; a file that is no sound is none of these: its chunk says so
 */
export async function hearChunks(
  chunks: readonly Chunk[],
  options: EncodeOptions,
  threads: "auto" | number,
  onSound: (count: number) => void,
): Promise<void> {
  const sounds = chunks.flatMap((chunk) => chunk.sounds.map((spoken, place) => ({ chunk, spoken, place })));
  const waiting = new Map<Chunk, Map<number, Outcome>>();
  let done = 0;
  const take = async (index: number, outcome: Outcome) => {
    const { chunk, place } = sounds[index]!;
    const outcomes = waiting.get(chunk) ?? new Map<number, Outcome>();
    waiting.set(chunk, outcomes.set(place, outcome));
    onSound(++done);
    if (outcomes.size < chunk.sounds.length) return;
    waiting.delete(chunk);
    await writeChunk(
      chunk.path,
      chunk.sounds.map((_, k) => outcomes.get(k)!),
    );
  };
  const questions = sounds.map(({ spoken }) => ({ path: spoken.path, recording: numberOf(spoken) }));
  // Never in the thread that asks, which listens to signals.
  await hearOnThreads(questions, options, threadCount(threads, sounds.length), {
    heard: take,
    failed: (index, { message }) => take(index, withoutPath(message, questions[index]!.path)),
  });
}

/** The folder may be called otherwise when this is told. */
function withoutPath(message: string, path: string): string {
  return message.startsWith(`${path}: `) ? message.slice(path.length + 2) : message;
}
