/** What the steps of augmentation share: where they draw from and how they write spikes. */
import type { RandomGenerator } from "pure-rand/types/RandomGenerator";
import type { Elementary } from "../../engine/kernel/elementary.ts";
import { mostSpikes, type Samples } from "../dataset.ts";

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

/** Merges several ascending runs of spikes into one. Runs lie one after another in memory of their own, which is used again after `clear`. */
export class SpikeRuns {
  /** Each run is followed by ∞. */
  readonly times: Float64Array;
  readonly sources: Uint16Array;
  /** Where the next run is to be written. */
  end = 0;
  #count = 0;
  /** For each run its next spike, and when that is. */
  readonly #next: Uint32Array;
  readonly #heads: Float64Array;

  /** With room for as many runs, each as long as the longest trial. */
  constructor(runs: number, samples: Samples) {
    const room = runs * (mostSpikes(samples) + 1);
    this.times = new Float64Array(room);
    this.sources = new Uint16Array(room);
    this.#next = new Uint32Array(runs);
    this.#heads = new Float64Array(runs);
  }

  clear(): void {
    this.#count = 0;
    this.end = 0;
  }

  /** Ends the run that was written from `end` to `at`. */
  close(at: number): void {
    this.times[at] = Infinity;
    this.#next[this.#count] = this.end;
    this.#heads[this.#count] = this.times[this.end]!;
    this.#count++;
    this.end = at + 1;
  }

  /** Writes all in order of time, coincident spikes in the order of runs, from `at` on; returns where they end. */
  merge(into: Spikes, at: number): number {
    const { times, sources } = this;
    const next = this.#next;
    const heads = this.#heads;
    const count = this.#count;
    for (; ; at++) {
      let first = 0;
      let earliest = heads[0]!;
      for (let run = 1; run < count; run++) {
        if (heads[run]! < earliest) {
          earliest = heads[run]!;
          first = run;
        }
      }
      if (earliest === Infinity) return at;
      const k = next[first]!++;
      into.times[at] = earliest;
      into.sources[at] = sources[k]!;
      heads[first] = times[k + 1]!;
    }
  }
}
