/** Each step of augmentation does to every trial what it says, with the probabilities it says, and to nothing else. */
import { createHash } from "node:crypto";
import { Decimal } from "decimal.js";
import type { RandomGenerator } from "pure-rand/types/RandomGenerator";
import { describe, expect, test } from "vitest";
import { augment, mostAugmentedSpikes, requireBlends } from "../../src/data/augment/augment.ts";
import { type AliasTable, drawRounded, massFromZero, roundedNormal } from "../../src/data/augment/jitter.ts";
import { occurs } from "../../src/data/augment/oneTrial.ts";
import { mostSpikes, type Samples } from "../../src/data/dataset.ts";
import type { AugmentationConfig } from "../../src/data/settings.ts";
import {
  chiSquareExcess,
  contextOf,
  randomTrials,
  type Spike,
  samplesOf,
  spikesOf,
  trialsOf,
} from "../support/training/samples.ts";

const channels = 200;
const duration = 100;
const context = () => contextOf(channels, duration);

function hash({ labels, offsets, times, sources, speakers }: Samples): string {
  const digest = createHash("sha256");
  for (const part of [labels, offsets, Float64Array.from(times), sources, speakers!]) {
    digest.update(new Uint8Array(part.buffer, part.byteOffset, part.byteLength));
  }
  return digest.digest("hex");
}

describe("a shift", () => {
  test("is one number per trial, and drops what leaves the channels", () => {
    const marked = randomTrials({ trials: 300, channels, duration }).map((trial) => ({
      ...trial,
      spikes: [[0, 100] as Spike, ...trial.spikes],
    }));
    const shifted = trialsOf(augment(samplesOf(marked), [{ kind: "shift", channels: 90 }], context()));
    for (const [i, { spikes }] of marked.entries()) {
      const by = shifted[i]![0]![1] - 100;
      const moved = spikes.map(([time, channel]): Spike => [time, channel + by]);
      expect(shifted[i]).toEqual(moved.filter(([, channel]) => channel >= 0 && channel < channels));
    }
  });

  test("is distributed as trunc(U(−40, 40))", () => {
    const trials = 40_000;
    const samples = samplesOf(Array.from({ length: trials }, () => ({ spikes: [[0, 100]] })));
    const { sources } = augment(samples, [{ kind: "shift", channels: 40 }], context());
    const counts = new Array<number>(79).fill(0);
    for (const source of sources) counts[source - 61]!++;
    const expected = counts.map((_, k) => (trials * (k === 39 ? 2 : 1)) / 80);
    expect(chiSquareExcess(counts, expected)).toBeLessThan(4);
    expect(Math.abs(counts[39]! - trials / 40)).toBeLessThan(4 * Math.sqrt(trials / 40));
  });
});

describe("a dilation", () => {
  const factors: [number, number] = [0.5, 2];
  const marked = randomTrials({ trials: 4000, channels, duration, spikes: 5 }).map((trial) => ({
    ...trial,
    spikes: [[1, 0] as Spike, ...trial.spikes.filter(([time]) => time > 1)],
  }));
  const dilated = augment(samplesOf(marked, "f32"), [{ kind: "dilate", factors }], context());
  const trials = trialsOf(dilated);

  test("multiplies all times of a trial by one factor, and drops what reaches the end", () => {
    const single = trialsOf(samplesOf(marked, "f32"));
    for (const [i, spikes] of single.entries()) {
      const factor = trials[i]![0]![0];
      const all = spikes.map(([time, channel]): Spike => [time * factor, channel]);
      expect(trials[i]).toEqual(all.filter(([time]) => time < duration));
    }
    expect(dilated.times).toBeInstanceOf(Float64Array);
  });

  test("has a factor whose logarithm is uniform", () => {
    const counts = new Array<number>(16).fill(0);
    for (const spikes of trials) counts[Math.floor(8 * (Math.log2(spikes[0]![0]) + 1))]!++;
    expect(chiSquareExcess(counts, new Array<number>(16).fill(trials.length / 16))).toBeLessThan(4);
  });
});

describe("jitter", () => {
  test("moves each spike by itself, and drops what leaves the channels", () => {
    const count = 200_000;
    const samples = samplesOf([{ spikes: Array.from({ length: count }, (_, k) => [k / count, 7]) }]);
    const { times, sources } = augment(samples, [{ kind: "jitter", sd: 5 }], context());
    const probability = (k: number) =>
      Number(normalMass((k - 7 + 0.5) / 5).sub(normalMass((k - 7 - 0.5) / 5)));
    const expected = Array.from({ length: 24 }, (_, k) => count * probability(k));
    const counts = expected.map((_, k) => sources.filter((source) => source === k).length);
    expect(chiSquareExcess(counts, expected)).toBeLessThan(4);
    expect(new Set(times).size).toBe(times.length);
    const kept = Number(normalMass(20).sub(normalMass(-7.5 / 5)));
    expect(Math.abs(times.length - count * kept)).toBeLessThan(4 * Math.sqrt(count * kept * (1 - kept)));
  });

  test.each([
    [0.05, 1000],
    [0.5, 1000],
    [1, 1000],
    [5, 1000],
    [20, 1000],
    [20, 30],
  ])("of sd %s, cut at %s, has the rounded normal's probabilities to 4e-15", (sd, most) => {
    const { elementary } = context();
    const probabilities = probabilitiesOf(roundedNormal(sd, most, elementary));
    const reach = (probabilities.length - 1) / 2;
    expect(reach).toBeGreaterThanOrEqual(Math.min(most, 9 * sd));
    for (const [column, probability] of probabilities.entries()) {
      const k = column - reach;
      const below = k === -reach ? new Decimal(-0.5) : normalMass((k - 0.5) / sd);
      const above = k === reach ? new Decimal(0.5) : normalMass((k + 0.5) / sd);
      expect(Math.abs(Number(above.sub(below).sub(probability)))).toBeLessThan(4e-15);
    }
  });

  test("has the normal distribution's mass to 1e-15", () => {
    const { elementary } = context();
    for (let z = 0; z < 10; z += 0.0371) {
      expect(Math.abs(Number(normalMass(z).sub(massFromZero(z, elementary))))).toBeLessThan(1e-15);
    }
  });

  test("draws as its table says", () => {
    const table = roundedNormal(2, 1000, context().elementary);
    const { random } = context();
    const counts = new Array<number>(table.own.length).fill(0);
    for (let k = 0; k < 200_000; k++) counts[drawRounded(table, random) + table.reach]!++;
    const expected = probabilitiesOf(table).map((probability) => probability * 200_000);
    const often = [...expected.keys()].filter((column) => expected[column]! > 5);
    expect(
      chiSquareExcess(
        often.map((column) => counts[column]!),
        often.map((column) => expected[column]!),
      ),
    ).toBeLessThan(4);
  });
});

function probabilitiesOf({ own, other }: AliasTable): number[] {
  const columns = own.length;
  const sums = Array.from(own, (share) => share / columns);
  for (const [column, share] of own.entries()) sums[other[column]!]! += (1 - share) / columns;
  return sums;
}

/** Φ(z) − ½ in 70 digits, by Taylor's series; ±½ beyond 12. */
function normalMass(z: number): Decimal {
  const Precise = Decimal.clone({ precision: 70 });
  if (Math.abs(z) > 12) return new Precise(z > 0 ? 0.5 : -0.5);
  let term = new Precise(z);
  let sum = term;
  for (let n = 1; term.abs().gt(1e-40); n++) {
    term = term
      .mul(z)
      .mul(z)
      .div(-2 * n);
    sum = sum.add(term.div(2 * n + 1));
  }
  return sum.div(Precise.acos(-1).mul(2).sqrt());
}

describe("dropout", () => {
  const samples = samplesOf(randomTrials({ trials: 400, channels, duration, spikes: 400 }));

  test.each([0, 0.2, 0.5, 0.9])("keeps all but a fraction of %s, unchanged and in order", (probability) => {
    const thinned = augment(samples, [{ kind: "dropout", probability }], context());
    const count = samples.times.length;
    const error = 4 * Math.sqrt(count * probability * (1 - probability));
    expect(Math.abs(thinned.times.length - count * (1 - probability))).toBeLessThanOrEqual(error);
    for (let i = 0; i < 400; i++) expect(isPart(spikesOf(thinned, i), spikesOf(samples, i))).toBe(true);
  });
});

/** Whether `part` is `whole` without some of its spikes. */
function isPart(part: readonly Spike[], whole: readonly Spike[]): boolean {
  let found = 0;
  for (const [time, channel] of whole) {
    if (part[found]?.[0] === time && part[found]?.[1] === channel) found++;
  }
  return found === part.length;
}

describe("a decision", () => {
  const giving = (...numbers: number[]) => ({ next: () => numbers.shift()! | 0 }) as RandomGenerator;

  test("is certain at probabilities 0 and 1", () => {
    for (const bits of [0, 1, 2 ** 31, 2 ** 32 - 1]) {
      expect(occurs(giving(bits), 0)).toBe(false);
      expect(occurs(giving(bits), 1)).toBe(true);
    }
  });

  test("goes on to finer bits where 32 leave it open", () => {
    const probability = (1000 + 0.25) / 2 ** 32;
    expect(occurs(giving(999), probability)).toBe(true);
    expect(occurs(giving(1001), probability)).toBe(false);
    expect(occurs(giving(1000, 2 ** 24 - 1, 2 ** 27 - 1), probability)).toBe(true);
    expect(occurs(giving(1000, 2 ** 24, 0), probability)).toBe(false);
  });
});

describe("the normalisation of spike numbers", () => {
  test("keeps as many as the smallest trial has, in expectation, and all of that one", () => {
    const copies = 500;
    const trial = (count: number) => ({ spikes: Array.from({ length: count }, (_, k): Spike => [k, k]) });
    const counts = [40, 20, 80, 0];
    const samples = samplesOf(Array.from({ length: copies }, () => counts.map(trial)).flat());
    const { offsets } = augment(samples, [{ kind: "normalize_spike_number" }], context());
    for (const [kind, count] of counts.entries()) {
      const left = Array.from(
        { length: copies },
        (_, k) => offsets[4 * k + kind + 1]! - offsets[4 * k + kind]!,
      );
      const expected = copies * Math.min(count, 20);
      const error = 4 * Math.sqrt(expected * (1 - 20 / Math.max(count, 20)));
      expect(Math.abs(left.reduce((sum, n) => sum + n, 0) - expected)).toBeLessThanOrEqual(error);
    }
  });
});

describe("balancing", () => {
  const labels = [...new Array(30).fill(0), ...new Array(10).fill(2), ...new Array(20).fill(5)];
  const mixed = labels.map((_, i) => labels[(i * 7) % 60] as number);
  const trials = mixed.map((label, i) => ({
    spikes: [
      [1, i],
      [2, i],
    ] as Spike[],
    label,
    speaker: 100 + i,
  }));

  test("leaves each class as many trials as the smallest has, in order and each once", () => {
    const balanced = augment(samplesOf(trials), [{ kind: "balance_classes" }], context());
    expect([0, 2, 5].map((c) => balanced.labels.filter((label) => label === c).length)).toEqual([10, 10, 10]);
    const chosen = trialsOf(balanced).map((spikes) => spikes[0]![1]);
    expect(chosen).toEqual([...new Set(chosen)].sort((a, b) => a - b));
    for (const [k, i] of chosen.entries()) {
      expect(spikesOf(balanced, k)).toEqual(trials[i]!.spikes);
      expect([balanced.labels[k], balanced.speakers![k]]).toEqual([trials[i]!.label, trials[i]!.speaker]);
    }
  });

  test("draws all trials of a class equally often", () => {
    const drawn = new Array<number>(60).fill(0);
    const draws = 3000;
    const shared = context();
    for (let n = 0; n < draws; n++) {
      const { sources } = augment(samplesOf(trials), [{ kind: "balance_classes" }], shared);
      for (let k = 0; k < sources.length; k += 2) drawn[sources[k]!]!++;
    }
    for (const [i, label] of mixed.entries()) {
      const probability = 10 / labels.filter((other) => other === label).length;
      const error = 4 * Math.sqrt(draws * probability * (1 - probability));
      expect(Math.abs(drawn[i]! - draws * probability)).toBeLessThanOrEqual(error);
    }
  });
});

describe("blends are required to add trials", () => {
  const labels = Uint16Array.of(0, 0, 0, 1, 1, 1, 1);
  const blended = (total: number): AugmentationConfig => ({ kind: "blend", keep: [0.5, 0.5], total });
  const balanced: AugmentationConfig = { kind: "balance_classes" };

  test.each<[AugmentationConfig[]]>([
    [[blended(8)]],
    [[balanced, blended(7)]],
    [[blended(8), { kind: "jitter", sd: 1 }, blended(9)]],
    [[blended(8), balanced, blended(8)]],
  ])("%j does", (steps) => {
    expect(() => requireBlends(labels, steps)).not.toThrow();
  });

  test.each<[AugmentationConfig[], string]>([
    [[blended(7)], "augmentation[0].total: expected more than the 7 training trials, got 7"],
    [[balanced, blended(6)], "augmentation[1].total: expected more than the 6 training trials, got 6"],
    [[blended(9), blended(9)], "augmentation[1].total: expected more than the 9 training trials, got 9"],
  ])("%j does not", (steps, message) => {
    expect(() => requireBlends(labels, steps)).toThrow(message);
  });
});

describe("an epoch's augmentation", () => {
  const steps: AugmentationConfig[] = [
    { kind: "shift", channels: 20 },
    { kind: "dilate", factors: [0.8, 1.25] },
    { kind: "jitter", sd: 3 },
    { kind: "dropout", probability: 0.1 },
    { kind: "balance_classes" },
    { kind: "blend", keep: [0.5, 0.5], total: 90 },
    { kind: "normalize_spike_number" },
  ];
  const pristine = samplesOf(randomTrials({ trials: 60, channels, duration, spikes: 200 }));

  test("applies the steps one after another", () => {
    const shared = context();
    const oneByOne = steps.reduce((samples, step) => augment(samples, [step], shared), pristine);
    expect(hash(oneByOne)).toBe(hash(augment(pristine, steps, context())));
    const reversed = augment(pristine, [...steps].reverse(), context());
    expect(hash(reversed)).not.toBe(hash(oneByOne));
  });

  test("leaves the pristine trials as they are", () => {
    const before = hash(pristine);
    augment(pristine, steps, context());
    expect(hash(pristine)).toBe(before);
  });

  test("gives times that ascend within the trial and channels that exist", () => {
    const augmented = augment(pristine, steps, context());
    for (const spikes of trialsOf(augmented)) {
      for (const [k, [time, channel]] of spikes.entries()) {
        expect(time >= (spikes[k - 1]?.[0] ?? 0) && time < duration && channel < channels).toBe(true);
      }
    }
  });

  test("gives no trial more spikes than the bound, which three parents that are kept whole reach", () => {
    const silent: AugmentationConfig = { kind: "dropout", probability: 0 };
    const all: AugmentationConfig[] = [silent, { kind: "blend", keep: [1, 1, 1], total: 70 }];
    const still = samplesOf(
      Array.from({ length: 60 }, () => ({
        spikes: [
          [1, 1],
          [2, 2],
        ] as Spike[],
      })),
    );
    expect(mostSpikes(augment(still, all, context()))).toBe(mostAugmentedSpikes(2, all));
    expect(mostAugmentedSpikes(mostSpikes(pristine), steps)).toBe(2 * mostSpikes(pristine));
  });

  test("is the same bits for a seed and an epoch, on every engine, and others for others", () => {
    const epoch = (seed: number, number: number) =>
      hash(augment(pristine, steps, contextOf(channels, duration, seed, number)));
    expect(epoch(1, 1)).toBe("a1f8e70ed7249998a0cdb82eae6c08a8b36d20c01211b3f3c03b78331777af3b");
    expect(new Set([epoch(1, 1), epoch(1, 2), epoch(2, 1), epoch(1, 1)]).size).toBe(3);
  });

  test("keeps single precision where it is exact", () => {
    const whole = samplesOf(randomTrials({ trials: 9, channels, duration, grain: 1 }), "f32");
    const kept = steps.filter(({ kind }) => kind !== "dilate");
    expect(augment(whole, kept, context()).times).toBeInstanceOf(Float32Array);
  });
});
