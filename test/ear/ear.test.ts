/** The inner ear against the reference program's own traces and spikes. */
import { describe, expect, test } from "vitest";
import { Ear } from "../../src/ear/ear.ts";
import {
  cochlea,
  goldenCounts,
  goldenDoubles,
  goldenJson,
  goldenNames,
  goldenRecording,
  goldenUnits,
  hasGolden,
  missing,
  relativeError,
} from "../support/cochlea.ts";

const { functions, heap } = cochlea();
const ear = await Ear.create();
const exact = await Ear.create({ transfer: "direct" });
const golden = test.skipIf(!hasGolden);
if (!hasGolden) test.skip(missing);

/** Largest relative error of velocities and of release probabilities over the golden units. */
function worstTraces(of: Ear, name: string): { velocity: number; probability: number } {
  const { sound, samples } = goldenRecording(name);
  const velocities = goldenDoubles(`${name}/bm_8ch.f64`);
  const probabilities = goldenDoubles(`${name}/hair_8ch.f64`);
  const worst = { velocity: 0, probability: 0 };
  for (const { channel, velocity, probability } of of.traces(sound, goldenUnits)) {
    const k = goldenUnits.indexOf(channel as (typeof goldenUnits)[number]);
    const its = (all: Float64Array) => all.subarray(k * samples, (k + 1) * samples);
    worst.velocity = Math.max(worst.velocity, relativeError(velocity, its(velocities)));
    worst.probability = Math.max(worst.probability, relativeError(probability, its(probabilities)));
  }
  return worst;
}

describe("velocity and release probability of golden recordings", () => {
  golden.each(goldenNames)("%s: within 1e-3 by table, and in fact within 1e-4", (name) => {
    const worst = worstTraces(ear, name);
    expect(worst.velocity).toBeLessThan(1e-4);
    expect(worst.probability).toBeLessThan(1e-4);
  });

  golden.each(goldenNames)(
    "%s: within 1e-9 directly, and in fact within 1e-11",
    (name) => {
      const worst = worstTraces(exact, name);
      expect(worst.velocity).toBeLessThan(1e-11);
      expect(worst.probability).toBeLessThan(1e-11);
    },
    60_000,
  );
});

describe("bushy cells", () => {
  golden.each(goldenNames.flatMap((name) => [500, 600].map((unit) => [name, unit as 500 | 600] as const)))(
    "%s, unit %i: the very spikes, given the releases",
    (name, unit) => {
      const counts = goldenCounts(name, unit);
      const { length } = counts;
      const at = heap.take(4 * length);
      const spikes = heap.take(16 * length);
      const tally = heap.take(16);
      // Two cells between two that hear nothing.
      const four = new Uint8Array(functions.memory.buffer, at, 4 * length).fill(0);
      for (const [j, count] of counts.entries()) four.fill(count, 4 * j + 1, 4 * j + 3);
      functions.bushyCells(at, length, 40, 24000, spikes, tally);
      const rows = Array.from(heap.words(tally, 4), (count, n) =>
        Array.from(heap.words(spikes + 4 * n * length, count)),
      );
      const expected = goldenRecording(name).lifSpikes[unit];
      expect(rows).toEqual([[], expected, expected, []]);
    },
  );
});

golden(
  "over twenty seeds of each, spikes per group of ten units are within 3 standard errors of the golden mean",
  () => {
    const { group_mean, group_sd } = goldenJson("hd_spoken_digit_seeds.json") as Record<string, number[]>;
    const { sound } = goldenRecording("hd_spoken_digit");
    const sums = new Float64Array(70);
    for (let seed = 0; seed < 20; seed++) {
      for (const channel of ear.hear(sound, seed).channels) sums[Math.floor(channel / 10)]!++;
    }
    expect(group_mean!).toHaveLength(70);
    const off = group_mean!.flatMap((mean, group) => {
      // Of the difference of two means of twenty.
      const error = group_sd![group]! * Math.sqrt(2 / 20);
      const excess = (sums[group]! / 20 - mean) / error;
      return Math.abs(excess) <= 3 ? [] : [`group ${group}: ${excess.toFixed(1)}`];
    });
    expect(off).toEqual([]);
  },
);
