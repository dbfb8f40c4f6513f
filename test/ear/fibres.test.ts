/** Releases of the auditory-nerve fibres are distributed as those of fibres that are drawn one by one, sample by sample. */
import { describe, expect, test } from "vitest";
import { cochlea } from "../support/cochlea.ts";
import { createSampler } from "../support/training/sampler.ts";

const { functions, heap } = cochlea();
const samples = 240;
const fibres = 40;
const refractory = 23;
const hazard = heap.take(8 * samples);
const counts = heap.take(samples);

/** The number of releases in every sample. */
function releases(probabilities: readonly number[], seed: number, stream = 0): Uint8Array {
  heap.doubles(hazard, samples).set(probabilities);
  functions.hazards(hazard, samples);
  functions.releases(hazard, 8, samples, fibres, refractory, BigInt(seed), BigInt(stream), counts);
  return new Uint8Array(functions.memory.buffer, counts, samples).slice();
}

/** The definition: every fibre draws in every sample; what it draws within 1 ms of its last release is deleted. */
function literally(probabilities: readonly number[], random: ReturnType<typeof createSampler>): Uint8Array {
  const last = new Int32Array(fibres).fill(-refractory - 1);
  return Uint8Array.from(probabilities, (probability, j) => {
    let released = 0;
    for (let fibre = 0; fibre < fibres; fibre++) {
      const drawn = random.uniform(0, 1) < probability;
      if (!drawn || j - last[fibre]! <= refractory) continue;
      last[fibre] = j;
      released++;
    }
    return released;
  });
}

const blocks = samples / 24;

/**
 * What tells distributions apart, of one draw: the sums over blocks of 24 samples of releases, of their squares, and of
 * their products with those of the next sample, of one in the refractory time and of one after it.
 */
function featuresOf(drawn: Uint8Array): Float64Array {
  const features = new Float64Array(5 * blocks);
  for (let j = 0; j < samples; j++) {
    const block = Math.floor(j / 24);
    features[block]! += drawn[j]!;
    for (const [k, lag] of [0, 1, refractory, refractory + 1].entries()) {
      features[(k + 1) * blocks + block]! += drawn[j]! * (drawn[j + lag] ?? 0);
    }
  }
  return features;
}

/** Mean and variance of the features over many draws. */
function statistics(count: number, draw: () => Uint8Array): { mean: Float64Array; variance: Float64Array } {
  const sum = new Float64Array(5 * blocks);
  const squares = new Float64Array(5 * blocks);
  for (let n = 0; n < count; n++) {
    for (const [k, feature] of featuresOf(draw()).entries()) {
      sum[k]! += feature;
      squares[k]! += feature * feature;
    }
  }
  const mean = sum.map((x) => x / count);
  return { mean, variance: squares.map((x, k) => x / count - mean[k]! ** 2) };
}

describe("the distribution is that of forty fibres drawn one by one", () => {
  // Probabilities per sample: as in silence, as in loud speech, a tone's, and as nowhere in an ear.
  const cases: [string, readonly number[]][] = [
    ["of silence", Array(samples).fill(0.0027)],
    ["of loud speech", Array(samples).fill(0.02)],
    ["of a tone", Array.from({ length: samples }, (_, j) => 0.015 * (1 + Math.sin(j / 4)))],
    [
      "beyond the series of the hazard",
      Array.from({ length: samples }, (_, j) => (j % 50 < 5 ? 0.6 : 0.001)),
    ],
  ];
  test.each(cases)("%s", (_name, probabilities) => {
    const count = 6000;
    const random = createSampler(1);
    let seed = 0;
    const expected = statistics(count, () => literally(probabilities, random));
    const actual = statistics(count, () => releases(probabilities, seed++));
    for (const [k, mean] of expected.mean.entries()) {
      const error = Math.sqrt((expected.variance[k]! + actual.variance[k]!) / count);
      expect(Math.abs(actual.mean[k]! - mean), `feature ${k}`).toBeLessThanOrEqual(4.5 * error);
    }
  });
});

test("a probability of 1 and more releases all that can", () => {
  const drawn = releases(
    Array.from({ length: samples }, (_, j) => (j < 100 ? 1 : 1.5)),
    1,
  );
  for (let j = 0; j < samples; j++) expect(drawn[j]).toBe(j % (refractory + 1) === 0 ? fibres : 0);
});

test("no probability, no release", () => {
  expect(releases(Array(samples).fill(0), 1).every((n) => n === 0)).toBe(true);
});

describe("streams", () => {
  const probabilities = Array(samples).fill(0.02);

  test("the same seed and number give the same releases, others give others", () => {
    expect(releases(probabilities, 3, 7)).toEqual(releases(probabilities, 3, 7));
    expect(releases(probabilities, 3, 7)).not.toEqual(releases(probabilities, 3, 8));
    expect(releases(probabilities, 3, 7)).not.toEqual(releases(probabilities, 4, 7));
  });

  test("neighbours are not correlated", () => {
    let product = 0;
    let mean = 0;
    const count = 3000;
    for (let stream = 0; stream < count; stream++) {
      const total = (of: Uint8Array) => of.reduce((sum, n) => sum + n, 0);
      const [a, b] = [
        total(releases(probabilities, 1, stream)),
        total(releases(probabilities, 1, stream + 1)),
      ];
      product += (a * b) / count;
      mean += (a + b) / (2 * count);
    }
    // Some 110 releases with a deviation of 8: the covariance of independent ones is 0 ± 64/√3000.
    expect(Math.abs(product - mean * mean)).toBeLessThan(5);
  });
});
