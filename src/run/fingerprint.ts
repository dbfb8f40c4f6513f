/** What tells whether a run that goes on still has the data it began with. */
import { createHash } from "node:crypto";
import { ConfigError } from "../base/errors.ts";
import type { Dataset, Samples } from "../data/dataset.ts";
import type { Trainer } from "../training/trainer.ts";

export interface Fingerprint {
  readonly trials: number;
  readonly spikes: number;
  /** Of labels, offsets, times and channels of the trials as they are prepared. */
  readonly sha256: string;
}

const partNames = ["train", "validation", "test"] as const;

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

/**
 * @param path of the checkpoint that knows `data`
 * @throws ConfigError one line naming the first part whose trials are others than those of the checkpoint's run
 */
export function requireSameData(
  { dataset }: Trainer,
  { data }: { readonly data: Fingerprints },
  path: string,
): void {
  const found = fingerprintsOf(dataset);
  for (const part of partNames) {
    if (found[part]?.sha256 === data[part]?.sha256) continue;
    const place = dataset[part] === undefined ? path : `${dataset[part].source}: as ${part} part`;
    throw new ConfigError(
      `${place}: expected ${described(data[part])} as in ${path}, got ${described(found[part])}; name the folder of the ` +
        "run's own data with --data, or train another run",
    );
  }
}

function described(fingerprint: Fingerprint | undefined): string {
  if (fingerprint === undefined) return "nothing";
  const { trials, spikes, sha256 } = fingerprint;
  return `${trials} trials with ${spikes} spikes (SHA-256 ${sha256.slice(0, 8)}…)`;
}
