/** A growing row of bytes, little-endian. */
export class Bytes {
  #bytes = new Uint8Array(64);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  u8(...values: readonly number[]): this {
    for (const value of values) new DataView(this.#room(1)).setUint8(this.#length++, value);
    return this;
  }

  u16(...values: readonly number[]): this {
    for (const value of values) new DataView(this.#room(2)).setUint16(this.#advance(2), value, true);
    return this;
  }

  u32(...values: readonly number[]): this {
    for (const value of values) new DataView(this.#room(4)).setUint32(this.#advance(4), value, true);
    return this;
  }

  /** Whole numbers below 2^53, and 2^64, all of whose bits are 1. */
  u64(...values: readonly number[]): this {
    for (const value of values) {
      const bits = value === 2 ** 64 ? 2n ** 64n - 1n : BigInt(value);
      new DataView(this.#room(8)).setBigUint64(this.#advance(8), bits, true);
    }
    return this;
  }

  text(value: string): this {
    return this.append(new TextEncoder().encode(value));
  }

  append(bytes: Uint8Array): this {
    this.#room(bytes.length);
    this.#bytes.set(bytes, this.#advance(bytes.length));
    return this;
  }

  /** Zeros up to a length that `multiple` divides. */
  align(multiple: number): this {
    return this.pad(Math.ceil(this.#length / multiple) * multiple);
  }

  /** Zeros up to a length. */
  pad(length: number): this {
    this.#room(length - this.#length);
    this.#length = Math.max(length, this.#length);
    return this;
  }

  done(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
  }

  #advance(bytes: number): number {
    const at = this.#length;
    this.#length += bytes;
    return at;
  }

  #room(more: number): ArrayBuffer {
    if (this.#length + more > this.#bytes.length) {
      const larger = new Uint8Array(2 * (this.#length + more));
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    return this.#bytes.buffer;
  }
}
