/** From a sound to the velocities of all places of the membrane, four at a time. */
import { ConfigError } from "../base/errors.ts";
import type { CochleaFunctions, Heap } from "./cochleaModule.ts";
import type { Method, Places } from "./places.ts";

/** Four places as the module has them: where their values start, and how many samples of 32 bytes there are. */
export interface Four {
  readonly first: number;
  readonly data: number;
  readonly samples: number;
}

/** s. What the transforms take grows with the length: some 0.6 GiB for this one at 48 kHz. */
export const longestSound = 60;

/**
 * The velocities of each four in turn; those of one are overwritten by the next. What is taken from the heap is the
 * caller's to give back.
 *
 * @param wanted whether the four places from `first` on are
 * @param rate of the velocities, Hz: half the sound's
 * @throws ConfigError the sound is too short, too long, silent, or has a sample that is not a finite number
 */
export function* membraneVelocities(
  functions: CochleaFunctions,
  heap: Heap,
  places: readonly Places[],
  { entries, taps }: Method,
  rate: number,
  sound: ArrayLike<number>,
  wanted: (first: number) => boolean,
): Generator<Four, undefined> {
  checkSound(sound, 2 * rate);
  const samples = Math.floor(sound.length / 2) + 1;
  const bits = functions.spectrumBits(sound.length, samples);
  const most = Math.max(bits, functions.gridBits(samples));
  const twiddles = heap.take(16 * 2 ** most);
  functions.fillTwiddles(twiddles, 2 ** most);
  const data = heap.take(32 * 2 ** most);
  const spectrum = spectrumOf(functions, heap, sound, samples, data, bits, twiddles);
  const undo = heap.take(8 * samples);
  const weights = heap.take(8 * samples * taps);
  const velocities = heap.take(32 * samples);
  const scratch = heap.take(64);
  const shape = functions.shapeOf(taps);
  const step = (rate - 1) / (samples - 1);
  let prepared = { grid: 0, bins: 0 };
  for (const [four, { tapers, cutoff, table, spacing }] of places.entries()) {
    if (!wanted(4 * four)) continue;
    const bins = Math.min(samples, Math.ceil((cutoff - 1) / step) + 1);
    const grid = functions.gridBits(bins);
    // Bands narrow from base to apex, but for the steps in which their ends are found.
    if (grid !== prepared.grid || bins > prepared.bins) {
      functions.fillTaps(weights, samples, 2 ** grid, taps, shape);
      functions.fillUndo(undo, bins, 2 ** grid, taps, shape);
      prepared = { grid, bins };
    }
    functions.fillGrid(spectrum, bins, step, table, entries, spacing, tapers, data, grid, undo, scratch);
    functions.transform(data, grid, twiddles);
    functions.sampleGrid(data, grid, weights, taps, samples, velocities);
    yield { first: 4 * four, data: velocities, samples };
  }
}

/** Of the sound at its one loudness, divided by the number of bins; 16 bytes a bin. */
function spectrumOf(
  functions: CochleaFunctions,
  heap: Heap,
  sound: ArrayLike<number>,
  bins: number,
  data: number,
  bits: number,
  twiddles: number,
): number {
  const out = heap.take(16 * bins);
  const signal = heap.take(8 * sound.length);
  heap.doubles(signal, sound.length).set(sound);
  const loudness = functions.rootMeanSquare(signal, sound.length);
  if (loudness === 0) throw new ConfigError("expected a sound, got silence: the mean square is 0");
  if (loudness === Infinity)
    throw new ConfigError("expected samples whose squares are numbers, got some beyond 1e154");
  functions.level(signal, sound.length);
  functions.spectrum(signal, sound.length, bins, 1 / bins, data, bits, twiddles, out);
  return out;
}

function checkSound(sound: ArrayLike<number>, rate: number): void {
  const { length } = sound;
  const least = Math.ceil(rate / 100);
  if (length < least) {
    throw new ConfigError(`expected at least 10 ms of sound, ${least} samples, got ${length}`);
  }
  if (length > longestSound * rate) {
    const seconds = (length / rate).toFixed(1);
    throw new ConfigError(`expected at most ${longestSound} s of sound, got ${seconds} s; cut it into words`);
  }
  for (let n = 0; n < length; n++) {
    const sample = sound[n]!;
    if (!Number.isFinite(sample))
      throw new ConfigError(`sample ${n}: expected a finite number, got ${sample}`);
  }
}
