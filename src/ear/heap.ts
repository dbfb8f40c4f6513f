/** Room in the memory of the model, taken from below and given back as a whole. */
import type { CochleaFunctions } from "./cochleaModule.ts";

const alignment = 64;
const pageBytes = 65536;

export class Heap {
  readonly #functions: CochleaFunctions;
  #top: number;

  constructor(functions: CochleaFunctions) {
    this.#functions = functions;
    this.#top = aligned(functions.heapBase());
  }

  /** The address of so many bytes, of any content. */
  take(bytes: number): number {
    const at = this.#top;
    this.#top = aligned(at + bytes);
    const { memory } = this.#functions;
    const missing = this.#top - memory.buffer.byteLength;
    if (missing > 0) memory.grow(Math.ceil(missing / pageBytes));
    return at;
  }

  /** How much is taken, for `release`. */
  mark(): number {
    return this.#top;
  }

  /** Gives back what was taken since. */
  release(mark: number): void {
    this.#top = mark;
  }

  /** The memory may grow, so a view is good until the next `take`. */
  doubles(at: number, count: number): Float64Array {
    return new Float64Array(this.#functions.memory.buffer, at, count);
  }

  words(at: number, count: number): Uint32Array {
    return new Uint32Array(this.#functions.memory.buffer, at, count);
  }
}

function aligned(bytes: number): number {
  return Math.ceil(bytes / alignment) * alignment;
}
