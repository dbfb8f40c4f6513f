/** What tells whether a run that goes on still has the data it began with. */
import { createHash } from "node:crypto";
import { z } from "zod";
import type { Dataset, Samples } from "../data/dataset.ts";
import { wholeCount } from "./stateSchema.ts";

export const fingerprintSchema = z.strictObject({
  trials: wholeCount,
  spikes: wholeCount,
  /** Of labels, offsets, times and channels of the trials as they are prepared. */
  sha256: z.string(),
});

export type Fingerprint = z.output<typeof fingerprintSchema>;

export const partNames = ["train", "validation", "test"] as const;

export type Fingerprints = Partial<Record<(typeof partNames)[number], Fingerprint>>;

const known = new WeakMap<Samples, Fingerprint>();

/** Of every part; taken once, at about a second for every 700 MB of spikes. */
export function fingerprintsOf(dataset: Dataset): Fingerprints {
  const parts = partNames.flatMap((name) => {
    const samples = dataset[name];
    return samples ? [[name, fingerprintOf(samples)]] : [];
  });
  return Object.fromEntries(parts);
}

function fingerprintOf(samples: Samples): Fingerprint {
  const found = known.get(samples);
  if (found) return found;
  const { labels, offsets, times, sources } = samples;
  const hash = createHash("sha256");
  for (const array of [labels, offsets, times, sources]) {
    const bytes = new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
    // A hash takes less than 2 GiB at once.
    for (let at = 0; at < bytes.length; at += 2 ** 28) hash.update(bytes.subarray(at, at + 2 ** 28));
  }
  const fingerprint = { trials: labels.length, spikes: times.length, sha256: hash.digest("hex") };
  known.set(samples, fingerprint);
  return fingerprint;
}
