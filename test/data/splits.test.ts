/** Every training trial is in one part, whole; the test part is never touched. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ConfigError } from "../../src/base/errors.ts";
import type { Dataset, Samples } from "../../src/data/dataset.ts";
import { speakersOf, splitDataset, subset } from "../../src/data/splits.ts";
import { remarks } from "../../src/data/statistics.ts";
import { inputOf } from "../support/networks/inputOf.ts";

/** Trial i has label i and i mod 4 spikes. */
function samples(trials: number, speakers?: (trial: number) => number): Samples {
  const spikes = Array.from({ length: trials }, (_, i) => Array.from({ length: i % 4 }, (_, k) => i + k / 8));
  const offsets = [0];
  for (const { length } of spikes) offsets.push(offsets.at(-1)! + length);
  const labels = Array.from({ length: trials }, (_, i) => i);
  return {
    source: "train.h5",
    labels: Uint16Array.from(labels),
    offsets: Uint32Array.from(offsets),
    times: Float32Array.from(spikes.flat()),
    sources: Uint16Array.from(spikes.flat(), (time) => 10 * Math.floor(time)),
    dropped: 3,
    ...(speakers && { speakers: Uint16Array.from({ length: trials }, (_, i) => speakers(i)) }),
  };
}

function dataset(train: Samples, validation?: Samples): Dataset {
  const parts = { train, test: samples(5), ...(validation && { validation }) };
  return { classes: ["a", "b", "c"], channels: 1000, ...parts };
}

/** What a trial is, however it is stored. */
function trials(part: Samples): string[] {
  return [...part.labels].map((label, k) => {
    const { times, sources } = inputOf(part, k);
    return JSON.stringify([label, [...times], [...sources], part.speakers?.[k]]);
  });
}

const fourSpeakers = (trial: number) => [7, 2, 2, 9][trial % 4]!;

function complaint(split: () => unknown): string {
  try {
    split();
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    return (error as ConfigError).message;
  }
  return "none";
}

describe("a split", () => {
  test("that is official changes nothing", () => {
    const whole = dataset(samples(8), samples(3));
    expect(splitDataset(whole, { kind: "official" })).toBe(whole);
  });

  test("at random divides the training part, in the order of the file", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 39 }),
        fc.integer({ min: 0, max: 2 ** 32 - 1 }),
        (validation, seed) => {
          const whole = dataset(samples(40, fourSpeakers));
          const divided = splitDataset(whole, { kind: "random", validation, seed });
          expect(divided.validation!.labels).toHaveLength(validation);
          const all = trials(whole.train);
          const places = [divided.validation!, divided.train].map((part) =>
            trials(part).map((t) => all.indexOf(t)),
          );
          for (const part of places) expect(part).toEqual([...part].sort((a, b) => a - b));
          expect(trials(divided.train).concat(trials(divided.validation!)).sort()).toEqual(all.sort());
          expect(divided.test).toBe(whole.test);
        },
      ),
    );
  });

  test("at random depends on its seed only", () => {
    const whole = dataset(samples(40));
    const drawn = (seed: number) =>
      trials(splitDataset(whole, { kind: "random", validation: 10, seed }).validation!);
    expect(drawn(1)).toEqual(drawn(1));
    expect(drawn(1)).not.toEqual(drawn(2));
  });

  test("by speaker leaves one out of training; the folds make up the whole", () => {
    const whole = dataset(samples(16, fourSpeakers));
    const folds = speakersOf(whole.train).map((speaker) =>
      splitDataset(whole, { kind: "leave_one_speaker_out", speaker }),
    );
    expect(speakersOf(whole.train)).toEqual([2, 7, 9]);
    expect(folds.map(({ validation }) => speakersOf(validation!))).toEqual([[2], [7], [9]]);
    expect(folds.map(({ train }) => speakersOf(train))).toEqual([
      [7, 9],
      [2, 9],
      [2, 7],
    ]);
    expect(folds.flatMap(({ validation }) => trials(validation!)).sort()).toEqual(trials(whole.train).sort());
    for (const fold of folds) expect(fold.test).toBe(whole.test);
  });

  test("into folds holds out every trial once, in parts that differ by one trial at most", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 40 }),
        fc.integer({ min: 2, max: 40 }),
        fc.integer({ min: 0, max: 2 ** 32 - 1 }),
        (count, most, seed) => {
          const whole = dataset(samples(count, fourSpeakers));
          const folds = Math.min(count, most);
          const divided = Array.from({ length: folds }, (_, fold) =>
            splitDataset(whole, { kind: "fold", folds, fold, seed }),
          );
          const all = trials(whole.train).sort();
          expect(divided.flatMap(({ validation }) => trials(validation!)).sort()).toEqual(all);
          for (const { train, validation } of divided)
            expect(trials(train).concat(trials(validation!)).sort()).toEqual(all);
          const sizes = divided.map(({ validation }) => validation!.labels.length);
          expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
          for (const fold of divided) expect(fold.test).toBe(whole.test);
        },
      ),
    );
  });

  test("into folds depends on its seed, and mixes the trials", () => {
    const whole = dataset(samples(40));
    const fold = (seed: number) =>
      trials(splitDataset(whole, { kind: "fold", folds: 4, fold: 0, seed }).validation!);
    expect(fold(1)).toEqual(fold(1));
    expect(fold(1)).not.toEqual(fold(2));
    expect(fold(1)).not.toEqual(trials(whole.train).slice(0, 10));
  });

  test("may look at the test part, if that is asked for", () => {
    const whole = dataset(samples(8));
    const { train, validation, test: testPart } = splitDataset(whole, { kind: "train_test" });
    expect(train).toBe(whole.train);
    expect(validation).toBe(testPart);
  });
});

describe("the complaint about", () => {
  const random = { kind: "random", validation: 8, seed: 1 } as const;
  const speaker = (number: number) => ({ kind: "leave_one_speaker_out", speaker: number }) as const;

  test("a validation part as large as the training part", () => {
    expect(complaint(() => splitDataset(dataset(samples(8)), random))).toBe(
      "split.validation: expected fewer than the 8 trials of train.h5, got 8",
    );
  });

  test("more folds than trials", () => {
    const split = { kind: "fold", folds: 9, fold: 0, seed: 1 } as const;
    expect(complaint(() => splitDataset(dataset(samples(8)), split))).toBe(
      "split.folds: expected at most the 8 trials of train.h5, got 9",
    );
  });

  test("a speaker who is not there names those who are", () => {
    expect(complaint(() => splitDataset(dataset(samples(8, fourSpeakers)), speaker(3)))).toBe(
      "split.speaker: expected a speaker of train.h5 (2, 7, 9), got 3",
    );
  });

  test("one of very many speakers is short", () => {
    const many = dataset(samples(2000, (trial) => trial));
    expect(complaint(() => splitDataset(many, speaker(2000)))).toMatch(
      /^split\.speaker: expected a speaker of train\.h5 \(0, 1, .* 19 … 1999, 2000 in all\), got 2000$/,
    );
  });

  test("the only speaker, after whom nobody is left", () => {
    expect(complaint(() => splitDataset(dataset(samples(8, () => 4)), speaker(4)))).toBe(
      "split.speaker: expected one of several speakers of train.h5 (4), got 4",
    );
  });

  test("speakers in a data set without", () => {
    expect(complaint(() => splitDataset(dataset(samples(8)), speaker(0)))).toBe(
      "split.kind: expected a data set with speakers, got train.h5 without",
    );
  });

  test.each([random, speaker(2), { kind: "train_test" } as const])("a second division: $kind", (split) => {
    const whole = dataset(samples(9, fourSpeakers), { ...samples(3), source: "valid.h5" });
    expect(complaint(() => splitDataset(whole, split))).toBe(
      `split.kind: expected "official" for a data set with a validation part (valid.h5), got "${split.kind}"`,
    );
  });
});

describe("a part", () => {
  test("is the trials at the indices, in that order, with numbers of the same precision", () => {
    const whole = samples(8, fourSpeakers);
    const part = subset(whole, [6, 1, 4]);
    const all = trials(whole);
    expect(trials(part)).toEqual([all[6], all[1], all[4]]);
    expect(part.times).toBeInstanceOf(Float32Array);
    expect(subset({ ...whole, times: Float64Array.from(whole.times) }, [1]).times).toBeInstanceOf(
      Float64Array,
    );
  });
});

describe("remarks", () => {
  test("are one line for each oddity", () => {
    const odd = { ...samples(8), unsorted: 2 };
    expect(remarks(odd)).toEqual([
      "train.h5: 3 events after the trial's end left out",
      "train.h5: 2 recordings with unsorted times put in order",
      "train.h5: 2 of 8 recordings have no spike before the trial's end, the first is recording 0",
    ]);
  });

  test("are none where nothing is odd", () => {
    expect(remarks({ ...subset(samples(8), [1, 2, 3]), dropped: 0 })).toEqual([]);
  });
});
