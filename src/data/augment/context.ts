/** What the steps of augmentation share: where they draw from and how they write spikes. */
import type { RandomGenerator } from "pure-rand/types/RandomGenerator";
import type { Elementary } from "../../engine/kernel/elementary.ts";
import type { Samples } from "../dataset.ts";

export interface AugmentationContext {
  /** Of the samples; spikes of other channels do not exist. */
  readonly channels: number;
  /** Length T of a trial, ms; spikes at or after it do not exist. */
  readonly duration: number;
  readonly random: RandomGenerator;
  readonly elementary: Elementary;
}

/** Spikes of consecutive trials while they are written: trial after trial, spike after spike. */
export interface Spikes {
  readonly offsets: Uint32Array;
  readonly times: Samples["times"];
  readonly sources: Uint16Array;
}

/** Room for as many trials and spikes as `samples` have, in the same precision. */
export function roomLike({ offsets, times, sources }: Samples): Spikes {
  return {
    offsets: new Uint32Array(offsets.length),
    times: times instanceof Float32Array ? new Float32Array(times.length) : new Float64Array(times.length),
    sources: new Uint16Array(sources.length),
  };
}

/** `samples` with other spikes, as many as `offsets` ends with. */
export function withSpikes(samples: Samples, { offsets, times, sources }: Spikes): Samples {
  const count = offsets.at(-1)!;
  return { ...samples, offsets, times: times.subarray(0, count), sources: sources.subarray(0, count) };
}
