/** Merging several ascending runs of spikes into one. */
import { mostSpikes, type Samples } from "../data/dataset.ts";
import type { Spikes } from "./context.ts";

/** Runs that lie one after another in memory of their own, which is used again after `clear`. */
export class SpikeRuns {
  readonly times: Float64Array;
  readonly sources: Uint16Array;
  /** Run r is at #ends[r] … #ends[r + 1]. */
  readonly #ends: Uint32Array;
  readonly #next: Uint32Array;
  #count = 0;

  /** With room for as many runs, each as long as the longest trial. */
  constructor(runs: number, samples: Samples) {
    const room = runs * mostSpikes(samples);
    this.times = new Float64Array(room);
    this.sources = new Uint16Array(room);
    this.#ends = new Uint32Array(runs + 1);
    this.#next = new Uint32Array(runs);
  }

  clear(): void {
    this.#count = 0;
  }

  /** Where the next run is to be written. */
  get end(): number {
    return this.#ends[this.#count]!;
  }

  /** Ends the run that was written from `end` to `at`. */
  close(at: number): void {
    this.#next[this.#count] = this.end;
    this.#ends[++this.#count] = at;
  }

  /** Writes all in order of time, coincident spikes in the order of runs, from `at` on; returns where they end. */
  merge(into: Spikes, at: number): number {
    const { times, sources } = this;
    const next = this.#next;
    const ends = this.#ends;
    const count = this.#count;
    const stop = at + this.end;
    for (; at < stop; at++) {
      let first = 0;
      let earliest = Infinity;
      for (let run = 0; run < count; run++) {
        const k = next[run]!;
        if (k < ends[run + 1]! && times[k]! < earliest) {
          earliest = times[k]!;
          first = run;
        }
      }
      into.times[at] = earliest;
      into.sources[at] = sources[next[first]!++]!;
    }
    return at;
  }
}
