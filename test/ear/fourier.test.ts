/** Transforms of the inner ear against sums written out, in the size of the signal. */
import { describe, expect, test } from "vitest";
import { cochlea } from "../support/cochlea.ts";
import { createSampler } from "../support/training/sampler.ts";

const { functions, heap } = cochlea();
const random = createSampler(1);
const twiddles = heap.take(16 * 4096);
functions.fillTwiddles(twiddles, 4096);

function noise(count: number): Float64Array {
  return Float64Array.from({ length: count }, () => random.uniform(-1, 1));
}

/** Σ_k (re + i im)_k e^(sign 2πi kn/period) */
function sum(re: Float64Array, im: Float64Array, n: number, period: number, sign: 1 | -1): [number, number] {
  let [x, y] = [0, 0];
  for (let k = 0; k < re.length; k++) {
    const angle = (sign * 2 * Math.PI * ((k * n) % period)) / period;
    x += re[k]! * Math.cos(angle) - im[k]! * Math.sin(angle);
    y += re[k]! * Math.sin(angle) + im[k]! * Math.cos(angle);
  }
  return [x, y];
}

function bitReversed(k: number, bits: number): number {
  return Number.parseInt(k.toString(2).padStart(bits, "0").split("").reverse().join(""), 2);
}

test.each([1, 2, 3, 6, 7, 10])("two transforms of 2^%i values at a time", (bits) => {
  const length = 2 ** bits;
  const values = [noise(length), noise(length), noise(length), noise(length)];
  const data = heap.take(32 * length);
  const elements = heap.doubles(data, 4 * length);
  for (let k = 0; k < length; k++) {
    for (const [lane, part] of values.entries()) elements[4 * bitReversed(k, bits) + lane] = part[k]!;
  }
  functions.transform(data, bits, twiddles);
  const [a, b, c, d] = values as [Float64Array, Float64Array, Float64Array, Float64Array];
  for (let n = 0; n < length; n += Math.ceil(length / 37)) {
    const expected = [sum(a, c, n, length, 1), sum(b, d, n, length, 1)];
    for (const lane of [0, 1]) {
      expect(elements[4 * n + lane]).toBeCloseTo(expected[lane]![0], 11);
      expect(elements[4 * n + 2 + lane]).toBeCloseTo(expected[lane]![1], 11);
    }
  }
});

test.each([2, 3, 8, 101, 480, 1021])("the spectrum of %i samples", (samples) => {
  const bins = Math.floor(samples / 2) + 1;
  const signal = noise(samples);
  const at = heap.take(8 * samples);
  const bits = functions.spectrumBits(samples, bins);
  const [data, out] = [heap.take(32 * 2 ** bits), heap.take(16 * bins)];
  heap.doubles(at, samples).set(signal);
  functions.spectrum(at, samples, bins, 0.5, data, bits, twiddles, out);
  const values = heap.doubles(out, 2 * bins);
  for (let k = 0; k < bins; k++) {
    const [re, im] = sum(signal, new Float64Array(samples), k, samples, -1);
    expect(values[2 * k]).toBeCloseTo(re / 2, 11);
    expect(values[2 * k + 1]).toBeCloseTo(im / 2, 11);
  }
});

describe("values between the points of a grid", () => {
  // The errors that assembly/cochlea/taps.ts states, of the largest value.
  const stated = { 8: 3e-5, 16: 4e-10 };
  const bands = [51, 64, 100, 102] as const;
  const cases = ([8, 16] as const).flatMap((taps) => bands.map((bins) => [taps, bins] as const));

  test.each(cases)("%i taps, a band of %i bins", (taps, bins) => {
    const points = 331;
    const spectrum = [noise(bins), noise(bins)] as const;
    const bits = functions.gridBits(bins);
    const length = 2 ** bits;
    const shape = functions.shapeOf(taps);
    const [undo, weights] = [heap.take(8 * bins), heap.take(8 * points * taps)];
    const [data, out] = [heap.take(32 * length), heap.take(32 * points)];
    functions.fillUndo(undo, bins, length, taps, shape);
    functions.fillTaps(weights, points, length, taps, shape);
    const factors = heap.doubles(undo, bins);
    const grid = heap.doubles(data, 4 * length).fill(0);
    for (let k = 0; k < bins; k++) {
      const [re, im] = [spectrum[0][k]! * factors[k]!, spectrum[1][k]! * factors[k]!];
      // The real part: half at k, half of the conjugate at −k; `undo` has the half.
      grid[4 * bitReversed(k, bits)] = re;
      if (k === 0) continue;
      grid[4 * bitReversed(k, bits) + 2] = im;
      grid[4 * bitReversed(length - k, bits)] = re;
      grid[4 * bitReversed(length - k, bits) + 2] = -im;
    }
    functions.transform(data, bits, twiddles);
    functions.sampleGrid(data, bits, weights, taps, points, out);
    const expected = Array.from({ length: points }, (_, j) => sum(...spectrum, j, points, 1)[0]);
    const values = heap.doubles(out, 4 * points);
    const size = Math.max(...expected.map(Math.abs));
    const errors = expected.map((value, j) => Math.abs(values[4 * j]! - value) / size);
    expect(Math.max(...errors)).toBeLessThan(stated[taps]);
  });
});
