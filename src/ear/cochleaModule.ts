/** The compiled model of the inner ear: its functions as TypeScript sees them, and how to bring one to life. */
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
  bushyCell(counts: number, samples: number, fibres: number, rate: number, spikes: number): number;
}

let compiled: Promise<WebAssembly.Module> | undefined;

/** An instance with a memory of its own; compiled once per process. */
export async function cochleaFunctions(): Promise<CochleaFunctions> {
  compiled ??= WebAssembly.compile(
    Uint8Array.from(atob(cochleaBytes), (character) => character.charCodeAt(0)),
  );
  return new WebAssembly.Instance(await compiled, {}).exports as unknown as CochleaFunctions;
}
