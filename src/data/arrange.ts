/** The order that spikes of a trial have where the network sees them: by time, coincident ones by channel. */

import { stepOf } from "./grid.ts";
import type { ChannelSet } from "./shd/channelSet.ts";

/**
 * Arranges the spikes `from` … `to`, whose times ascend, in place. With a time step > 0 times fall to its grid first, and
 * a channel keeps one spike there.
 *
 * @param channels an empty set of all channels
 * @returns where the spikes end now
 */
export function arrange(
  times: Float64Array,
  sources: Uint16Array,
  from: number,
  to: number,
  step: number,
  channels: ChannelSet,
): number {
  if (step > 0) return settle(times, sources, from, to, step, channels);
  orderTies(times, sources, from, to);
  return to;
}

/** Spikes are written behind those that have been read: a grid point never gets more of them. */
function settle(
  times: Float64Array,
  sources: Uint16Array,
  from: number,
  to: number,
  step: number,
  channels: ChannelSet,
): number {
  let at = from;
  for (let k = from; k < to; ) {
    const point = stepOf(times[k]!, step);
    const next = (point + 1) * step;
    do channels.add(sources[k]!);
    while (++k < to && times[k]! < next);
    const end = channels.drain(sources, at);
    for (const time = point * step; at < end; at++) times[at] = time;
  }
  return at;
}

/** Insertion, as few spikes coincide and most are in order already. */
function orderTies(times: Float64Array, sources: Uint16Array, from: number, to: number): void {
  for (let k = from + 1; k < to; k++) {
    const channel = sources[k]!;
    let at = k;
    for (; at > from && times[at - 1] === times[k] && sources[at - 1]! > channel; at--) {
      sources[at] = sources[at - 1]!;
    }
    sources[at] = channel;
  }
}
