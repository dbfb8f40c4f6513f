/** Whether a run goes on with the data it began with. */
import { ConfigError } from "../base/errors.ts";
import type { Trainer } from "../training/trainer.ts";
import type { Checkpoint } from "./checkpoint.ts";
import { type Fingerprint, fingerprintsOf, partNames } from "./fingerprint.ts";

/** @throws ConfigError one line naming the first part whose trials are others than those of the checkpoint's run */
export function requireSameData({ dataset }: Trainer, { data }: Checkpoint, path: string): void {
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
