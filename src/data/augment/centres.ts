/** Where a trial's spikes lie on average. */
import type { Samples } from "../dataset.ts";

/** Shape [trials]; NaN where a trial has no spikes. */
export interface Centres {
  readonly channels: Float64Array;
  readonly times: Float64Array;
}

export function centresOf({ labels, offsets, times, sources }: Samples): Centres {
  const centres = { channels: new Float64Array(labels.length), times: new Float64Array(labels.length) };
  for (let i = 0; i < labels.length; i++) {
    const from = offsets[i]!;
    const to = offsets[i + 1]!;
    let channel = 0;
    let time = 0;
    for (let k = from; k < to; k++) {
      channel += sources[k]!;
      time += times[k]!;
    }
    centres.channels[i] = channel / (to - from);
    centres.times[i] = time / (to - from);
  }
  return centres;
}
