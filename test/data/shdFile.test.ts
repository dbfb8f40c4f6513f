/** Recordings are read as h5py wrote them, in any number type; a file that cannot be right gives one line that says why. */
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { copyFile, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test, vi } from "vitest";
import { ConfigError } from "../../src/base/errors.ts";
import { mostSpikes } from "../../src/data/dataset.ts";
import { readShdFile } from "../../src/data/shd/shdFile.ts";
import { inputOf } from "../support/networks/inputOf.ts";
import { temporaryFolder } from "../support/temporaryFolder.ts";

const options = { channels: 5, duration: 1000 };

function fixture(name: string): string {
  return fileURLToPath(new URL(`../fixtures/${name}`, import.meta.url));
}

/** The message of the one-line ConfigError that reading the file gives, without its folder. */
async function complaint(path: string): Promise<string> {
  const error: unknown = await readShdFile(path, options).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(ConfigError);
  const { message } = error as ConfigError;
  expect(message).not.toContain("\n");
  return message.replaceAll(path, basename(path));
}

const folder = temporaryFolder();

describe("a file in SHD's layout", () => {
  test("gives sorted spikes in ms, without events at or after the trial's end", async () => {
    const { samples, classes } = await readShdFile(fixture("shd.h5"), options);
    expect(classes).toEqual(["eins", "zwei"]);
    expect([...samples.labels]).toEqual([1, 0, 1]);
    expect([...samples.speakers!]).toEqual([4, 5, 6]);
    expect(samples.dropped).toBe(1);
    expect(samples.unsorted).toBe(1);
    expect(mostSpikes(samples)).toBe(3);
    const recordings = [0, 1, 2].map((k) => inputOf(samples, k));
    expect(recordings.map(({ times }) => [...times])).toEqual([[250, 500, 500], [125, 125, 750], []]);
    expect(recordings.map(({ sources }) => [...sources])).toEqual([[3, 0, 4], [1, 4, 2], []]);
  });

  test.each(["shd_f32.h5.gz", "shd_f64_big_endian.h5.gz", "shd_f16_big_endian.h5.gz"])(
    "may hold other number types: %s",
    async (name) => {
      const { samples } = await readShdFile(fixture("shd.h5"), options);
      const other = (await readShdFile(fixture(name), options)).samples;
      expect([...other.times]).toEqual([...samples.times]);
      expect(other.sources).toEqual(samples.sources);
      expect(other.offsets).toEqual(samples.offsets);
      expect(other.labels).toEqual(samples.labels);
    },
  );

  test("may say who speaks by name", async () => {
    const { samples } = await readShdFile(fixture("shd_speaker_names.h5.gz"), options);
    expect([...samples.speakers!]).toEqual([1, 0, 1]);
  });

  test("needs neither speakers nor names of classes", async () => {
    const { samples, classes } = await readShdFile(fixture("shd_f32.h5.gz"), options);
    expect(classes).toBeUndefined();
    expect(samples.speakers).toBeUndefined();
  });
});

describe("a packed file", () => {
  /** What is left in the folder for temporary files after reading a file. */
  async function leftBy(path: string): Promise<string[]> {
    const temporary = join(folder, "temporary");
    await mkdir(temporary, { recursive: true });
    vi.stubEnv("TMPDIR", temporary);
    await readShdFile(path, options).catch(() => {});
    vi.unstubAllEnvs();
    return readdir(temporary);
  }

  test.each(["shd_f32.h5.gz", "damaged/shd_unit_5.h5.gz", "damaged/shd_no_labels.h5.gz"])(
    "leaves nothing on the disk, read or refused: %s",
    async (name) => {
      expect(await leftBy(fixture(name))).toEqual([]);
    },
  );

  test("leaves nothing on the disk if it is cut", async () => {
    const bytes = await readFile(fixture("shd_f32.h5.gz"));
    const path = join(folder, "half.h5.gz");
    await writeFile(path, bytes.subarray(0, 300));
    expect(await leftBy(path)).toEqual([]);
  });

  test("needs a folder for temporary files", async () => {
    vi.stubEnv("TMPDIR", join(folder, "none"));
    const message = await complaint(fixture("shd_f32.h5.gz"));
    vi.unstubAllEnvs();
    expect(message).toBe(`${join(folder, "none")}: cannot be written: no such file or folder`);
  });
});

describe("the complaint about", () => {
  test.each([
    ["shd_none.h5", "shd_none.h5: cannot be read: no such file or folder"],
    ["shd.py", "shd.py: not a whole HDF5 file (file signature not found)"],
    ["damaged/shd_no_labels.h5.gz", "shd_no_labels.h5.gz: expected a dataset /labels, found none"],
    ["damaged/shd_no_times.h5.gz", "shd_no_times.h5.gz: expected a dataset /spikes/times, found none"],
    [
      "damaged/shd_fixed_length.h5.gz",
      "shd_fixed_length.h5.gz: /spikes/units: expected variable-length arrays of integer numbers, " +
        "got an array of 3 × 4 integers",
    ],
    [
      "damaged/shd_integer_times.h5.gz",
      "shd_integer_times.h5.gz: /spikes/times: expected variable-length arrays of float numbers, " +
        "got variable-length arrays of integer numbers",
    ],
    [
      "damaged/shd_float_labels.h5.gz",
      "shd_float_labels.h5.gz: /labels: expected a list of integers, got a list of floats",
    ],
    [
      "damaged/shd_one_label.h5.gz",
      "shd_one_label.h5.gz: /labels: expected a list of integers, got one integer",
    ],
    [
      "damaged/shd_labels_group.h5.gz",
      "shd_labels_group.h5.gz: expected a dataset /labels, found a group or link",
    ],
    [
      "damaged/shd_same_classes.h5.gz",
      'shd_same_classes.h5.gz: /extra/keys: expected a name for each class, got "eins" for classes 0 and 1',
    ],
    [
      "damaged/shd_two_labels.h5.gz",
      "shd_two_labels.h5.gz: /spikes/units: expected 2 entries as in /labels, got 3",
    ],
    [
      "damaged/shd_two_speakers.h5.gz",
      "shd_two_speakers.h5.gz: /extra/speaker: expected 3 entries as in /labels, got 2",
    ],
    [
      "damaged/shd_speaker_-1.h5.gz",
      "shd_speaker_-1.h5.gz: recording 1: expected a speaker from 0 to 65535, got -1",
    ],
    [
      "damaged/shd_uneven.h5.gz",
      "shd_uneven.h5.gz: recording 0: expected as many times as units, got 4 and 3",
    ],
    ["damaged/shd_label_2.h5.gz", "shd_label_2.h5.gz: recording 1: expected a label from 0 to 1, got 2"],
    ["damaged/shd_unit_5.h5.gz", "shd_unit_5.h5.gz: recording 1: expected units from 0 to 4, got 5"],
    [
      "damaged/shd_negative_time.h5.gz",
      "shd_negative_time.h5.gz: recording 1: expected times ≥ 0 s, got -0.125",
    ],
    [
      "damaged/shd_float_speakers.h5.gz",
      "shd_float_speakers.h5.gz: /extra/speaker: expected a list of integers, got a list of floats",
    ],
    [
      "damaged/shd_boolean_labels.h5.gz",
      "shd_boolean_labels.h5.gz: /labels: expected a list of integers, got a list of booleans",
    ],
    [
      "damaged/shd_enum_labels.h5.gz",
      "shd_enum_labels.h5.gz: /labels: expected a list of integers, got a list of enum values",
    ],
    [
      "damaged/shd_longdouble.h5.gz",
      "shd_longdouble.h5.gz: /spikes/times: expected variable-length arrays of float numbers of at most 64 bits, " +
        "got variable-length arrays of 128-bit float numbers",
    ],
    [
      "damaged/shd_lzf.h5.gz",
      "shd_lzf.h5.gz: /spikes/units: is compressed with lzf, which cannot be read here; write it anew with gzip, " +
        "as h5repack -f GZIP=6 OLD NEW does",
    ],
    ["damaged/shd_nan_time.h5.gz", "shd_nan_time.h5.gz: recording 0: expected times ≥ 0 s, got NaN"],
  ])("%s names the place", async (name, message) => {
    expect(await complaint(fixture(name))).toBe(message);
  });

  test("a truncated file says that it is not whole, wherever it was cut", async () => {
    const bytes = await readFile(fixture("shd.h5"));
    const path = join(folder, "cut.h5");
    for (const part of [0, 0.1, 0.5, 0.9, 0.999]) {
      await writeFile(path, bytes.subarray(0, Math.floor(part * bytes.length)));
      expect(await complaint(path)).toMatch(/^cut\.h5: not a whole HDF5 file \(.+\)$/);
    }
  });

  test("a folder, and a file that is not what its name says", async () => {
    const path = join(folder, "folder.h5");
    await mkdir(path);
    expect(await complaint(path)).toBe("folder.h5: cannot be read: it is a folder");
    await copyFile(fixture("shd.h5"), join(folder, "plain.h5.gz"));
    expect(await complaint(join(folder, "plain.h5.gz"))).toBe(
      "plain.h5.gz: not a whole gzip file (incorrect header check)",
    );
    await copyFile(fixture("shd_f32.h5.gz"), join(folder, "packed.h5"));
    expect(await complaint(join(folder, "packed.h5"))).toBe(
      "packed.h5: not a whole HDF5 file (file signature not found)",
    );
  });

  test.skipIf(process.platform === "win32")("a pipe, without waiting for who writes into it", async () => {
    const path = join(folder, "pipe.h5");
    execFileSync("mkfifo", [path]);
    expect(await complaint(path)).toBe(
      "pipe.h5: cannot be read: it is a pipe or a device; save it to a file first",
    );
  });

  test("a truncated or damaged gzip file says that it is not whole", async () => {
    const bytes = await readFile(fixture("shd_f32.h5.gz"));
    const path = join(folder, "cut.h5.gz");
    await writeFile(path, bytes.subarray(0, 300));
    expect(await complaint(path)).toMatch(/^cut\.h5\.gz: not a whole gzip file \(.+\)$/);
    bytes[bytes.length - 7]! ^= 1;
    await writeFile(path, bytes);
    expect(await complaint(path)).toMatch(/^cut\.h5\.gz: not a whole gzip file \(.+\)$/);
  });

  test("damage inside the file is one line as well, or leaves values within their ranges", async () => {
    const bytes = await readFile(fixture("shd.h5"));
    const path = join(folder, "damaged.h5");
    for (let at = 0; at + 8 <= bytes.length; at += 480) {
      const damaged = Uint8Array.from(bytes).fill(0xff, at, at + 8);
      await writeFile(path, damaged);
      await readShdFile(path, options).catch((error: unknown) => {
        expect(error).toBeInstanceOf(ConfigError);
        expect((error as ConfigError).message).not.toContain("\n");
      });
    }
  });
});

const data = process.env.GOLDSPIKE_DATA ?? fileURLToPath(new URL("../../../shared/data", import.meta.url));
const real = join(data, "fsdd", "fsdd_test.h5.gz");

describe("the Free Spoken Digit Dataset", () => {
  test.skipIf(!existsSync(real))(`is read whole (skipped where ${basename(real)} is absent)`, async () => {
    const { samples, classes } = await readShdFile(real, { channels: 700, duration: 1000 });
    expect(classes).toHaveLength(10);
    expect(samples.labels).toHaveLength(300);
    expect(samples.times).toBeInstanceOf(Float32Array);
    expect(samples.times.length).toBe(1220431);
    expect(samples.dropped).toBe(166);
  });
});
