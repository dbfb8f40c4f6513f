/** Blends are what their definition says, against a second implementation that knows the parents from their spikes. */
import { describe, expect, test } from "vitest";
import { augment } from "../../src/data/augment/augment.ts";
import type { Samples } from "../../src/data/dataset.ts";
import {
  chiSquareExcess,
  contextOf,
  randomTrials,
  type Spike,
  samplesOf,
  trialsOf,
} from "../support/training/samples.ts";

const channels = 64;
const duration = 128;

/** Trial i has times i/1024 beyond whole ms, which whole shifts leave as it is. */
const trials = randomTrials({ trials: 60, channels, duration, grain: 1 }).map((trial, i) => ({
  ...trial,
  spikes: trial.spikes.map(([time, channel]): Spike => [time + i / 1024, channel]),
}));
const parentOf = ([time]: Spike) => Math.round((time - Math.floor(time)) * 1024);

function blended(samples: Samples, keep: number[], total: number, seed = 1): Samples {
  return augment(samples, [{ kind: "blend", keep, total }], contextOf(channels, duration, seed));
}

const mean = (numbers: readonly number[]) => numbers.reduce((sum, x) => sum + x, 0) / numbers.length;

/** All spikes of the parents, moved, clipped and in order. */
function mixed(parents: readonly number[]): Spike[] {
  const centres = parents.map((p) => ({
    time: mean(trials[p]!.spikes.map(([time]) => time)),
    channel: mean(trials[p]!.spikes.map(([, channel]) => channel)),
  }));
  const moved = parents.flatMap((p, i) => {
    const byTime = Math.trunc(mean(centres.map(({ time }) => time)) - centres[i]!.time);
    const byChannel = Math.trunc(mean(centres.map(({ channel }) => channel)) - centres[i]!.channel);
    return trials[p]!.spikes.map(([time, channel]): Spike => [time + byTime, channel + byChannel]);
  });
  return moved
    .filter(([time, channel]) => time >= 0 && time < duration && channel >= 0 && channel < channels)
    .sort(([a], [b]) => a - b);
}

describe("blends", () => {
  const samples = samplesOf(trials);
  const total = 1060;
  const whole = blended(samples, [1, 1], total);
  const blends = trialsOf(whole).slice(60);
  const parents = blends.map((spikes) => [...new Set(spikes.map(parentOf))]);

  test("come after the trials they are made of, as many as are asked for", () => {
    expect(whole.labels).toHaveLength(total);
    expect(trialsOf(whole).slice(0, 60)).toEqual(trials.map(({ spikes }) => spikes));
    expect(whole.labels.subarray(0, 60)).toEqual(samples.labels);
    expect(whole.speakers!.subarray(0, 60)).toEqual(samples.speakers);
    expect(blended(samples, [1, 1], 60)).toBe(samples);
    expect(blended(samples, [1, 1], 50)).toBe(samples);
  });

  test("that keep everything are all spikes of the parents, moved to their common centre", () => {
    for (const [k, spikes] of blends.entries()) {
      const [first, second] = parents[k]!;
      const both = mixed([first!, second ?? first!]);
      const sorted = (list: Spike[]) => list.sort(([a, c], [b, d]) => a - b || c - d);
      expect(sorted([...spikes])).toEqual(sorted(both));
      expect(spikes.map(([time]) => time)).toEqual(both.map(([time]) => time));
    }
  });

  test("have parents whose centres lie within one unit of their mean", () => {
    const inner = trials.map((trial) => ({
      ...trial,
      spikes: trial.spikes.map(([time, channel]): Spike => [48 + time / 4, 24 + (channel >> 2)]),
    }));
    const centreOf = (spikes: readonly Spike[], part: 0 | 1) => mean(spikes.map((spike) => spike[part]));
    let compared = 0;
    for (const spikes of trialsOf(blended(samplesOf(inner), [1, 1], 400)).slice(60)) {
      const parentOf = ([time]: Spike) => Math.round((time % 0.25) * 4096);
      const found = [...new Set(spikes.map(parentOf))];
      if (found.length === 1) continue;
      for (const part of [0, 1] as const) {
        const common = mean(found.map((parent) => centreOf(inner[parent]!.spikes, part)));
        for (const parent of found) {
          const its = spikes.filter((spike) => parentOf(spike) === parent);
          expect(Math.abs(centreOf(its, part) - common)).toBeLessThan(1);
          compared++;
        }
      }
    }
    expect(compared).toBeGreaterThan(1000);
  });

  test("have the class of all their parents, which are drawn with replacement", () => {
    let same = 0;
    for (const [k, found] of parents.entries()) {
      for (const parent of found) expect(whole.labels[60 + k]).toBe(trials[parent]!.label);
      if (found.length === 1) same++;
    }
    const sizes = [0, 1, 2].map((label) => trials.filter((trial) => trial.label === label).length);
    const expected = 1000 * sizes.reduce((sum, size) => sum + (size / 60) * (1 / size), 0);
    expect(Math.abs(same - expected)).toBeLessThan(4 * Math.sqrt(expected));
    const counts = [0, 1, 2].map((label) => whole.labels.subarray(60).filter((own) => own === label).length);
    const shares = sizes.map((size) => (1000 * size) / 60);
    expect(chiSquareExcess(counts, shares)).toBeLessThan(4);
  });

  test("have the speaker of the first parent", () => {
    const first = blended(samples, [1, 2 ** -50], 400);
    for (const [k, spikes] of trialsOf(first).slice(60).entries()) {
      if (spikes.length > 0) expect(first.speakers![60 + k]).toBe(parentOf(spikes[0]!));
    }
  });

  test("have Σ pᵢ nᵢ spikes of parents in expectation, where nothing leaves", () => {
    const centred = Array.from({ length: 20 }, (_, i) => ({
      spikes: Array.from({ length: 100 }, (_, k): Spike => [64 + (k % 2) + i / 1024, 32]),
    }));
    for (const keep of [[0.5, 0.5], [0.8, 0.2], [1 / 3, 1 / 3, 1 / 3], [0.1]]) {
      const { times } = blended(samplesOf(centred), keep, 520);
      const expected = 500 * 100 * keep.reduce((sum, p) => sum + p, 0);
      const variance = 500 * 100 * keep.reduce((sum, p) => sum + p * (1 - p), 0);
      expect(Math.abs(times.length - 2000 - expected)).toBeLessThan(4 * Math.sqrt(variance));
    }
  });

  test("take nothing from parents without spikes", () => {
    const spikes: Spike[] = [
      [3, 5],
      [9, 5],
    ];
    const some = blended(samplesOf([{ spikes: [] }, { spikes }]), [1, 1], 100);
    const kinds = new Set(
      trialsOf(some)
        .slice(2)
        .map((list) => JSON.stringify(list)),
    );
    expect(kinds).toEqual(
      new Set(
        [
          [],
          spikes,
          [
            [3, 5],
            [3, 5],
            [9, 5],
            [9, 5],
          ],
        ].map((l) => JSON.stringify(l)),
      ),
    );
  });

  test("hold times in single precision only where whole ms keep them exact", () => {
    const times = (grain: number) =>
      blended(samplesOf(randomTrials({ trials: 9, channels, duration, grain }), "f32"), [0.5, 0.5], 12).times;
    expect(times(1)).toBeInstanceOf(Float32Array);
    expect(times(2 ** -16)).toBeInstanceOf(Float64Array);
  });
});
