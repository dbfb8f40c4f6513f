/** Merging several ascending runs of spikes into one. */
import { mostSpikes, type Samples } from "../dataset.ts";
import type { Spikes } from "./context.ts";

/** Runs that lie one after another in memory of their own, which is used again after `clear`. */
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
