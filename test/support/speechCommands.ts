/** A little Speech Commands, as its archive is unpacked. */
import { createHash } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { vowel, writeWav } from "./sounds.ts";

/** Words that each speaker says once. */
export const spokenWords = ["no", "yes", "zero"] as const;

/**
 * Writes so many speakers' words: a twentieth of a second each, at a rate that is not converted, so that they are heard in
 * milliseconds.
 *
 * @returns the hashes that stand for the speakers
 */
export async function writeSpeechCommands(folder: string, speakers: number): Promise<string[]> {
  const names = Array.from({ length: speakers }, (_, k) =>
    createHash("md5").update(`speaker ${k}`).digest("hex").slice(0, 8),
  );
  for (const [n, word] of spokenWords.entries()) {
    await mkdir(join(folder, word), { recursive: true });
    const sound = vowel(48000, { pitch: 100 + 30 * n }).subarray(0, 2400);
    for (const name of names)
      await writeWav(join(folder, word, `${name}_nohash_0.wav`), 48000, "16", [sound]);
  }
  return names;
}
