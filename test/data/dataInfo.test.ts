/** The numbers about a file are those of the recordings written into it. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { statisticsJson, statisticsTable } from "../../src/cli/data/dataInfo.ts";
import { fileRemarks, fileStatistics } from "../../src/data/statistics.ts";

function fixture(name: string): string {
  return fileURLToPath(new URL(`../fixtures/${name}`, import.meta.url));
}

describe("a file's statistics", () => {
  test("count what shd.py wrote", async () => {
    expect(await fileStatistics(fixture("shd.h5"))).toEqual({
      recordings: 3,
      classes: [
        { name: "eins", recordings: 1 },
        { name: "zwei", recordings: 2 },
      ],
      speakers: ["4", "5", "6"].map((name) => ({ name, recordings: 1 })),
      unnamedSpeakers: [],
      channels: { used: 5, lowest: 0, highest: 4 },
      lastSpike: 1000,
      duration: { min: 750, median: 875, mean: 875, max: 1000 },
      spikes: { total: 7, min: 0, median: 3, mean: 7 / 3, max: 4 },
      lateSpikes: 1 / 7,
      emptyRecordings: 1,
      unsortedRecordings: 1,
    });
  });

  test("name classes by number and speakers not at all where the file does not", async () => {
    const { classes, speakers } = await fileStatistics(fixture("shd_f32.h5.gz"));
    expect(classes.map(({ name }) => name)).toEqual(["0", "1"]);
    expect(speakers).toBeUndefined();
  });

  test("name speakers where the file does", async () => {
    const { speakers } = await fileStatistics(fixture("shd_names.h5.gz"));
    expect(speakers).toEqual([
      { name: "anna", recordings: 2 },
      { name: "berta", recordings: 1 },
    ]);
  });

  test("tell speakers of one name apart, and one without a name", async () => {
    const { speakers, unnamedSpeakers } = await fileStatistics(fixture("shd_same_speakers.h5.gz"));
    expect(speakers!.map(({ name }) => name)).toEqual(["anna (0)", "anna (1)", "2"]);
    expect(unnamedSpeakers).toEqual([2]);
  });

  test("are there for a file without recordings, and for one without spikes", async () => {
    const none = await fileStatistics(fixture("shd_no_recordings.h5.gz"));
    expect(none).toMatchObject({ recordings: 0, channels: { used: 0 }, spikes: { total: 0, median: 0 } });
    expect([none.lastSpike, none.duration]).toEqual([undefined, undefined]);
    const silent = await fileStatistics(fixture("shd_no_spikes.h5.gz"));
    expect(silent).toMatchObject({ recordings: 3, emptyRecordings: 3, spikes: { total: 0, mean: 0 } });
    for (const statistics of [none, silent]) expect(statisticsTable(statistics)).not.toMatch(/NaN|undefined/);
  });
});

describe("the command shows them", () => {
  test("as an aligned table", async () => {
    const lines = statisticsTable(await fileStatistics(fixture("shd.h5"))).split("\n");
    expect(lines.slice(0, 4)).toEqual([
      "recordings           3",
      "2 classes            eins 1, zwei 2",
      "3 speakers           4 1, 5 1, 6 1",
      "channels             5, from 0 to 4",
    ]);
    expect(lines.slice(4, 6)).toEqual([
      "duration             mean 875.0 ms, median 875.0 ms",
      "                     from 750.0 ms to 1000.0 ms",
    ]);
  });

  test("within 80 columns, each number beside its name", async () => {
    const statistics = await fileStatistics(fixture("shd.h5"));
    const classes = Array.from({ length: 30 }, (_, k) => ({ name: `word number ${k}`, recordings: 100 + k }));
    const lines = statisticsTable({ ...statistics, classes }).split("\n");
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(80);
    const list = lines.slice(
      1,
      lines.findIndex((line) => line.startsWith("3 speakers")),
    );
    expect(list.length).toBeGreaterThan(5);
    for (const line of list) expect(line).toMatch(/^(30 classes| {10}) {2,}(word number \d+ \d+(, |,?$))+/);
  });

  test("as JSON with keys in snake_case", async () => {
    expect(statisticsJson(await fileStatistics(fixture("shd.h5")))).toEqual({
      recordings: 3,
      classes: { eins: 1, zwei: 2 },
      speakers: { 4: 1, 5: 1, 6: 1 },
      channels: { used: 5, lowest: 0, highest: 4 },
      last_spike: 1000,
      duration: { min: 750, median: 875, mean: 875, max: 1000 },
      spikes: { total: 7, min: 0, median: 3, mean: 7 / 3, max: 4 },
      late_spikes: 1 / 7,
      empty_recordings: 1,
      unsorted_recordings: 1,
    });
  });
});

describe("a remark tells before training", () => {
  test("of nothing in a file as usual", async () => {
    const statistics = await fileStatistics(fixture("shd.h5"));
    expect(fileRemarks("a.h5", { ...statistics, channels: { used: 1, lowest: 699, highest: 699 } })).toEqual(
      [],
    );
  });

  test("which channels a configuration does not have by itself, and of speakers without a name", async () => {
    const statistics = await fileStatistics(fixture("shd_same_speakers.h5.gz"));
    const channels = { used: 2, lowest: 3, highest: 700 };
    expect(fileRemarks("a.h5", { ...statistics, channels })).toEqual([
      "a.h5: units reach 700, beyond the 700 of SHD; training needs dataset.channels: 701 or more",
      "a.h5: speaker 2 has no name in /extra/meta_info/speaker_name; numbers stand for names",
    ]);
    expect(fileRemarks("a.h5", { ...statistics, unnamedSpeakers: [9, 7] })).toEqual([
      "a.h5: 2 speakers have no name in /extra/meta_info/speaker_name, the first is 7; numbers stand for names",
    ]);
  });
});

const data = process.env.GOLDSPIKE_DATA ?? fileURLToPath(new URL("../../../shared/data", import.meta.url));
const real = join(data, "fsdd", "fsdd_test.h5.gz");

test.skipIf(!existsSync(real))(
  "six speakers of spoken digits by name (skipped without fsdd_test.h5.gz)",
  async () => {
    const { recordings, speakers, channels } = await fileStatistics(real);
    expect(recordings).toBe(300);
    expect(speakers).toHaveLength(6);
    expect(speakers![0]).toEqual({ name: "george", recordings: 50 });
    expect(channels).toEqual({ used: 700, lowest: 0, highest: 699 });
  },
);
