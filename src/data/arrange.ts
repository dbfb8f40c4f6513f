/**
 * The order that spikes of a trial have where the network sees them: by time, coincident ones by channel. Times on a grid
 * are always the product k · step, so that times of the same k are the same number and coincide.
 */

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

/** The largest k with k · step ≤ time as both are rounded; time = k · step itself gives k. */
export function stepOf(time: number, step: number): number {
  const k = Math.floor(time / step);
  if (k * step > time) return k - 1;
  return (k + 1) * step <= time ? k + 1 : k;
}

/** n if `time` is n steps but for rounding, else undefined. */
export function wholeSteps(time: number, step: number): number | undefined {
  const n = Math.round(time / step);
  return Math.abs(n * step - time) <= time * 2 ** -50 ? n : undefined;
}

/** A set of channels that gives them back in ascending order: sorting without comparisons. */
export class ChannelSet {
  /** A bit a channel. */
  readonly #words: Int32Array;
  #first = Infinity;
  #last = -1;

  constructor(channels: number) {
    this.#words = new Int32Array((channels + 31) >>> 5);
  }

  add(channel: number): void {
    const word = channel >>> 5;
    this.#words[word]! |= 1 << channel;
    if (word < this.#first) this.#first = word;
    if (word > this.#last) this.#last = word;
  }

  /** Takes all channels out and writes them from `at` on; returns where they end. */
  drain(into: Uint16Array, at: number): number {
    for (let word = this.#first; word <= this.#last; word++) {
      let bits = this.#words[word]!;
      this.#words[word] = 0;
      while (bits !== 0) {
        const lowest = bits & -bits;
        into[at++] = word * 32 + 31 - Math.clz32(lowest);
        bits ^= lowest;
      }
    }
    this.#first = Infinity;
    this.#last = -1;
    return at;
  }
}
