/** What Speech Commands v0.02 holds, and in which part of Spiking Speech Commands a recording is. */
import { createHash } from "node:crypto";

/** In alphabetical order, which their numbers follow. */
export const words: readonly string[] = (
  "backward bed bird cat dog down eight five follow forward four go happy house learn left marvin nine no off on " +
  "one right seven sheila six stop three tree two up visual wow yes zero"
).split(" ");

export type Part = "train" | "valid" | "test";

/** Recordings of each part in the whole set. */
export const expected: Readonly<Record<Part, number>> = { train: 75466, valid: 9981, test: 20382 };

export const parts = Object.keys(expected) as readonly Part[];

/** Percent of the hash's range, from 0 on. */
const [validBelow, testBelow] = [10, 30];

/**
 * The part of a file by its name, as `which_set` of the set's README decides: all recordings of a speaker are in one. The
 * valid part is the published list's, the test part that of the list and as many again.
 *
 *   percent = (sha1(name up to _nohash_) mod 2²⁷) · 100 / (2²⁷ − 1)
 */
export function partOf(file: string): Part {
  const percent = hashPercent(file);
  if (percent < validBelow) return "valid";
  return percent < testBelow ? "test" : "train";
}

export function hashPercent(file: string): number {
  const digest = createHash("sha1")
    .update(file.replace(/_nohash_.*$/, ""))
    .digest();
  // The last four bytes hold the lowest 27 bits.
  const lowest = digest.readUInt32BE(digest.length - 4) % 2 ** 27;
  return lowest * (100 / (2 ** 27 - 1));
}
