/** The spoken digits that come with the repository are what their description says. */
import { stat } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { readShdFile } from "../../src/data/shd/shdFile.ts";
import { withShdRecordings } from "../../src/data/shd/shdRecordings.ts";
import { linearAccuracy } from "../../src/training/linearClassifier.ts";

const channels = 140;
const file = (part: string) =>
  fileURLToPath(new URL(`../../synthetic_digits/${part}.h5.gz`, import.meta.url));
const speakersOf = (part: string) =>
  withShdRecordings(file(part), channels, ({ speakerNames }) => speakerNames!);
const read = (part: string) => readShdFile(file(part), { channels, duration: 2000 });

test("twenty words, each as often by every voice, and no voice in both parts", async () => {
  const names = { train: await speakersOf("train"), test: await speakersOf("test") };
  expect([names.train.length, names.test.length]).toEqual([27, 7]);
  expect(names.train.filter((name) => names.test.includes(name))).toEqual([]);
  for (const part of ["train", "test"] as const) {
    const { samples, classes } = await read(part);
    expect([classes![0], classes![19]]).toEqual(["zero", "neun"]);
    const times = new Map<string, number>();
    for (const [i, label] of samples.labels.entries()) {
      const key = `${label} by ${samples.speakers![i]}`;
      times.set(key, (times.get(key) ?? 0) + 1);
    }
    expect(times.size).toBe(20 * names[part].length);
    expect(new Set(times.values())).toEqual(new Set([4]));
  }
});

test("both parts take less than 8 MB", async () => {
  const sizes = await Promise.all(["train", "test"].map(async (part) => (await stat(file(part))).size));
  expect(sizes[0]! + sizes[1]!).toBeLessThan(8e6);
});

test("spike counts alone do not tell the words", async () => {
  const [train, test] = [await read("train"), await read("test")];
  const accuracy = linearAccuracy(train.samples, test.samples, channels, 20);
  // Far above chance, far below what a network reaches that sees time.
  expect(accuracy).toBeGreaterThan(0.3);
  expect(accuracy).toBeLessThan(0.7);
});
