/** Encoded sounds as trials. */
import type { Samples } from "../data/dataset.ts";
import { countBefore } from "../data/shdFile.ts";
import { type ShdSpikes, secondsOf } from "../data/writeShdFile.ts";

/**
 * Trials whose labels, all 0, mean nothing, with the times that a file would give them.
 *
 * @param source starts messages
 * @param duration ms; later spikes are left out
 */
export function samplesOf(spikes: readonly ShdSpikes[], source: string, duration: number): Samples {
  const offsets = new Uint32Array(spikes.length + 1);
  const rounded = spikes.map(({ times }) => Float64Array.from(secondsOf(times), (second) => 1000 * second));
  const kept = rounded.map((times) => countBefore(duration, times));
  for (const [k, count] of kept.entries()) offsets[k + 1] = offsets[k]! + count;
  const total = offsets[spikes.length]!;
  const [times, sources] = [new Float64Array(total), new Uint16Array(total)];
  for (const [k, { channels }] of spikes.entries()) {
    times.set(rounded[k]!.subarray(0, kept[k]), offsets[k]);
    sources.set(channels.subarray(0, kept[k]), offsets[k]);
  }
  const all = spikes.reduce((sum, { channels }) => sum + channels.length, 0);
  return { source, labels: new Uint16Array(spikes.length), offsets, times, sources, dropped: all - total };
}
