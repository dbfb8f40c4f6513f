/** The compiled model of the inner ear: its functions as TypeScript sees them, an instance of it, and room in its memory. */
import { embedded } from "../base/embedded.ts";
import { cochleaBytes } from "./cochleaBytes.ts";

/** Numbers named `at` and addresses are in bytes; the meaning of each is in `assembly/cochlea`. */
export interface CochleaFunctions {
  readonly memory: WebAssembly.Memory;
  heapBase(): number;
  placeOf(unit: number, units: number): number;
  taperAt(place: number): number;
  resonance(taper: number): number;
  respond(frequency: number, tapers: number, out: number): void;
  fillResponses(table: number, entries: number, spacing: number, tapers: number): void;
  rootMeanSquare(signal: number, samples: number): number;
  level(signal: number, samples: number): void;
  spectrumBits(samples: number, bins: number): number;
  spectrum(
    signal: number,
    samples: number,
    bins: number,
    factor: number,
    data: number,
    bits: number,
    twiddles: number,
    out: number,
  ): void;
  gridBits(bins: number): number;
  fillTwiddles(twiddles: number, length: number): void;
  shapeOf(taps: number): number;
  fillTaps(at: number, count: number, length: number, taps: number, shape: number): void;
  fillUndo(at: number, bins: number, length: number, taps: number, shape: number): void;
  fillGrid(
    spectrum: number,
    bins: number,
    step: number,
    table: number,
    entries: number,
    spacing: number,
    tapers: number,
    data: number,
    bits: number,
    undo: number,
    scratch: number,
  ): void;
  transform(data: number, bits: number, twiddles: number): void;
  sampleGrid(data: number, bits: number, weights: number, taps: number, count: number, out: number): void;
  hairCells(data: number, samples: number, rate: number): void;
  hazards(data: number, count: number): void;
  releases(
    hazard: number,
    stride: number,
    samples: number,
    fibres: number,
    refractory: number,
    seed: bigint,
    stream: bigint,
    counts: number,
  ): void;
  bushyCells(
    counts: number,
    samples: number,
    fibres: number,
    rate: number,
    spikes: number,
    tally: number,
  ): void;
}

let compiled: Promise<WebAssembly.Module> | undefined;

/** An instance with a memory of its own; compiled once per process. */
export async function cochleaFunctions(): Promise<CochleaFunctions> {
  compiled ??= WebAssembly.compile(embedded(cochleaBytes));
  return new WebAssembly.Instance(await compiled, {}).exports as unknown as CochleaFunctions;
}

const alignment = 64;
const pageBytes = 65536;

/** Room in the memory of an instance, taken from below and given back as a whole. */
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
