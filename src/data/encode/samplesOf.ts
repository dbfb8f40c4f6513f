/** Encoded sounds as trials. */
import type { Samples } from "../dataset.ts";
import { type ShdSpikes, secondsOf } from "../shd/writeShdFile.ts";

/**
 * Trials whose labels, all 0, mean nothing, with the times that a file would give them.
 *
 * @param source starts messages
 */
export function samplesOf(spikes: readonly ShdSpikes[], source: string): Samples {
  const offsets = new Uint32Array(spikes.length + 1);
  for (const [k, { channels }] of spikes.entries()) offsets[k + 1] = offsets[k]! + channels.length;
  const total = offsets[spikes.length]!;
  const [times, sources] = [new Float64Array(total), new Uint16Array(total)];
  for (const [k, recording] of spikes.entries()) {
    const milliseconds = Float64Array.from(secondsOf(recording.times), (second) => 1000 * second);
    times.set(milliseconds, offsets[k]);
    sources.set(recording.channels, offsets[k]);
  }
  return { source, labels: new Uint16Array(spikes.length), offsets, times, sources, dropped: 0 };
}
