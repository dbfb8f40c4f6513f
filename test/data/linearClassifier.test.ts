/** The linear classifier on spike counts finds what is linear in them, and nothing else. */
import { expect, test } from "vitest";
import type { Samples } from "../../src/data/dataset.ts";
import { linearAccuracy } from "../../src/training/linearClassifier.ts";
import { createSampler } from "../support/training/sampler.ts";

/** Trials of so many spikes per channel, all at time 0. */
function samplesOf(trials: readonly { label: number; counts: readonly number[] }[]): Samples {
  const sources = trials.flatMap(({ counts }) =>
    counts.flatMap((count, channel) => Array(count).fill(channel)),
  );
  const offsets = new Uint32Array(trials.length + 1);
  for (const [i, { counts }] of trials.entries())
    offsets[i + 1] = offsets[i]! + counts.reduce((a, b) => a + b, 0);
  return {
    source: "a test",
    labels: Uint16Array.from(trials, ({ label }) => label),
    offsets,
    times: new Float64Array(sources.length),
    sources: Uint16Array.from(sources),
    dropped: 0,
  };
}

const random = createSampler(1);
const counts = () => [random.integer(0, 20), random.integer(0, 20), random.integer(0, 20)];

test("classes that the most active channel tells are told apart", () => {
  const draw = () => {
    const label = random.integer(0, 2);
    return { label, counts: counts().map((count, channel) => count + (channel === label ? 25 : 0)) };
  };
  const [train, other] = [Array.from({ length: 300 }, draw), Array.from({ length: 200 }, draw)];
  expect(linearAccuracy(samplesOf(train), samplesOf(other), 3, 3)).toBe(1);
});

test("whether a count is even is not linear", () => {
  const draw = () => {
    const drawn = counts();
    return { label: drawn[0]! % 2, counts: drawn };
  };
  const [train, other] = [Array.from({ length: 500 }, draw), Array.from({ length: 500 }, draw)];
  expect(Math.abs(linearAccuracy(samplesOf(train), samplesOf(other), 3, 2) - 0.5)).toBeLessThan(0.08);
});

test("channels without a spike, and more channels than trials, do no harm", () => {
  const trials = [
    { label: 0, counts: [3, 0, 0, 0, 0] },
    { label: 1, counts: [0, 3, 0, 0, 0] },
  ];
  expect(linearAccuracy(samplesOf(trials), samplesOf(trials), 5, 2)).toBe(1);
});
