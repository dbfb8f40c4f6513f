/** A data set is what its configuration says: files that belong together, divided; or one line that says why not. */
import { copyFile, rm, truncate } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, onTestFinished, test } from "vitest";
import { ConfigError } from "../../src/base/errors.ts";
import { loadDataset, type OnLargeFile } from "../../src/data/loadDataset.ts";
import { datasetSchema, inputSchema, splitSchema } from "../../src/data/settings.ts";
import { requireSameClasses } from "../../src/data/shd/shdRecordings.ts";
import { remarks } from "../../src/data/statistics.ts";
import { temporaryFolder } from "../support/temporaryFolder.ts";

const folder = fileURLToPath(new URL("../fixtures", import.meta.url));
const shd = { kind: "shd", folder, train: "shd.h5", test: "shd_names.h5.gz", channels: 5 };

interface Changes {
  readonly split?: object;
  readonly input?: object;
  readonly duration?: number;
}

function load(
  dataset: object,
  { split = { kind: "official" }, input = {}, duration = 1000 }: Changes = {},
  onLargeFile?: OnLargeFile,
) {
  const settings = {
    dataset: datasetSchema.parse(dataset),
    split: splitSchema.parse(split),
    input: inputSchema.parse(input),
    duration,
  };
  return loadDataset(settings, onLargeFile);
}

async function complaint(dataset: object, changes?: Changes): Promise<string> {
  const error: unknown = await load(dataset, changes).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(ConfigError);
  return (error as ConfigError).message.replaceAll(`${folder}/`, "");
}

describe("recordings in files", () => {
  test("are training, validation and test as the files say", async () => {
    const {
      train,
      validation,
      test: testPart,
      classes,
    } = await load({ ...shd, validation: "shd_f32.h5.gz" });
    expect(classes).toEqual(["eins", "zwei"]);
    expect(validation!.source).toBe(join(folder, "shd_f32.h5.gz"));
    expect([train, validation!, testPart!].map(({ labels }) => labels.length)).toEqual([3, 3, 3]);
    expect((await load(shd)).validation).toBeUndefined();
  });

  test("may be packed as they are published, under the name of the plain file", async () => {
    const { test: part } = await load({ ...shd, test: "shd_names.h5" });
    expect(part!.source).toBe(join(folder, "shd_names.h5.gz"));
    expect(part).toEqual((await load(shd)).test);
  });

  test("may be some of the training part, the same each time, in the order of the file", async () => {
    const whole = (await load(shd)).train;
    const { train } = await load({ ...shd, recordings: 2 });
    expect(train.labels).toHaveLength(2);
    const places = [...train.speakers!].map((speaker) => [...whole.speakers!].indexOf(speaker));
    expect(places[0]).toBeLessThan(places[1]!);
    expect((await load({ ...shd, recordings: 2 })).train).toEqual(train);
    expect((await load({ ...shd, recordings: 3 })).train).toEqual(whole);
    await expect(load({ ...shd, recordings: 4 })).rejects.toThrow(
      /^dataset\.recordings: expected at most the 3 of .*shd\.h5, got 4$/,
    );
  });

  test("are divided", async () => {
    const split = { kind: "leave_one_speaker_out", speaker: 5 };
    const { train, validation, test: testPart } = await load(shd, { split });
    expect([...train.speakers!]).toEqual([4, 6]);
    expect([...validation!.speakers!]).toEqual([5]);
    expect(testPart!.labels).toHaveLength(3);
  });

  test("keep late events that a time scale below 1 may bring into the trial", async () => {
    expect((await load(shd)).train.dropped).toBe(1);
    expect((await load(shd, { input: { time_scale: 0.5 } })).train.dropped).toBe(0);
  });

  test("are announced before they are read where that takes long", async () => {
    const place = temporaryFolder(onTestFinished);
    const large = join(place, "large.h5");
    await copyFile(join(folder, "shd.h5"), large);
    await truncate(large, 10e6);
    await copyFile(join(folder, "shd.h5"), join(place, "small.h5"));
    const told: string[] = [];
    const files = { folder: place, train: "large.h5", test: "small.h5" };
    await load({ ...shd, ...files }, {}, (path) => told.push(path));
    expect(told).toEqual([large]);
    await rm(join(place, "small.h5"));
    await load({ ...shd, ...files }, {}, (path) => told.push(path)).catch(() => {});
    expect(told).toEqual([large, large]);
  });

  test("may be empty or unsorted, and that is told", async () => {
    const { train } = await load(shd);
    expect(remarks(train).map((line) => line.replace(`${folder}/`, ""))).toEqual([
      "shd.h5: 1 events after the trial's end left out",
      "shd.h5: 1 recordings with unsorted times put in order",
      "shd.h5: 1 of 3 recordings have no spike before the trial's end, the first is recording 2",
    ]);
  });
});

describe("the complaint about", () => {
  test.each([
    ["train", "shd_no_recordings.h5.gz", "shd_no_recordings.h5.gz: expected recordings, found none"],
    ["test", "shd_no_spikes.h5.gz", "shd_no_spikes.h5.gz: expected spikes before 1000 ms, found none"],
    ["test", "shd_late.h5.gz", "shd_late.h5.gz: expected spikes before 1000 ms, all 2 are later"],
    [
      "validation",
      "shd_other_classes.h5.gz",
      'shd_other_classes.h5.gz: /extra/keys: expected the classes of shd.h5 with "zwei" as class 1, got "drei"',
    ],
    ["test", "shd_none.h5", "shd_none.h5: cannot be read: no such file or folder"],
  ])("a %s file %s", async (part, name, message) => {
    expect(await complaint({ ...shd, [part]: name })).toBe(message);
  });

  test("another number of classes", () => {
    expect(() => requireSameClasses(["eins"], "b.h5", ["eins", "zwei"], "a.h5")).toThrow(
      "b.h5: /extra/keys: expected the 2 classes of a.h5, got 1",
    );
  });

  test("a label that training does not have, where classes have no names", async () => {
    const files = { train: "shd_f32.h5.gz", test: "shd_label_3.h5.gz" };
    expect(await complaint({ ...shd, ...files })).toBe(
      "shd_label_3.h5.gz: recording 1: expected a label from 0 to 1 as in shd_f32.h5.gz, got 3",
    );
  });
});

describe("data sets without files", () => {
  test("are points of the figure", async () => {
    const { train, test: testPart, classes } = await load({ kind: "yinyang", train: 20, test: 10 });
    expect([train.labels.length, testPart!.labels.length, classes.length]).toEqual([20, 10, 3]);
  });

  test("may be divided as well", async () => {
    const split = { kind: "random", validation: 5 };
    const { train, validation } = await load({ kind: "yinyang", train: 20, test: 10 }, { split });
    expect([train.labels.length, validation!.labels.length]).toEqual([15, 5]);
  });
});
