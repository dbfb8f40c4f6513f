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
