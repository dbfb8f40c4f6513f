/** A folder of Speech Commands to the three parts of Spiking Speech Commands, as a user does it. */
import { createHash } from "node:crypto";
import { cp, mkdir, readdir, readFile, rm, stat, symlink, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { type Dataset, File, ready } from "h5wasm/node";
import { beforeAll, describe, expect, test } from "vitest";
import { withShdRecordings } from "../../src/data/shd/shdRecordings.ts";
import { goldspike } from "../support/command.ts";
import { spokenWords, writeSpeechCommands } from "../support/speechCommands.ts";
import { temporaryFolder } from "../support/temporaryFolder.ts";

const folder = temporaryFolder();
const options = { cwd: folder };

const encode = (set: string, output: string, ...more: string[]) =>
  goldspike(["encode", "--speech-commands", set, "-o", output, "--channels", "8", ...more], options);

interface Found {
  readonly word: string;
  readonly speaker: string;
  readonly spikes: string;
}

async function read(output: string, part: string) {
  const path = join(folder, output, `ssc_${part}.h5.gz`);
  return withShdRecordings(path, 8, async ({ labels, classes, speakers, speakerNames, read: each }) => {
    const found: Found[] = [];
    for await (const { times, sources } of each()) {
      const k = found.length;
      const speaker = speakerNames![speakers![k]!]!;
      found.push({ word: classes![labels[k]!]!, speaker, spikes: JSON.stringify([times, sources]) });
    }
    return { found, classes, speakerNames };
  });
}

/** Spikes of every recording; a speaker of these sets says each word once. */
async function spikesOf(output: string): Promise<Map<string, string>> {
  const all = new Map<string, string>();
  for (const part of ["train", "valid", "test"])
    for (const { word, speaker, spikes } of (await read(output, part)).found)
      all.set(`${word} by ${speaker}`, spikes);
  return all;
}

const missing =
  "35 words expected, 32 missing: backward, bed, bird, cat, dog, down, eight, five, follow, forward, four, go, happy, " +
  "house, learn, left, marvin, nine, off, on, one, right, seven, sheila, six, stop, three, tree, two, up, visual, wow\n";

/** By what the README says of the split, reckoned with all digits. */
function partOf(speaker: string): string {
  const hash = BigInt(`0x${createHash("sha1").update(speaker).digest("hex")}`) % 2n ** 27n;
  const percent = (Number(hash) * 100) / (2 ** 27 - 1);
  if (percent < 10) return "valid";
  return percent < 30 ? "test" : "train";
}

let speakers: readonly string[];

beforeAll(async () => {
  speakers = await writeSpeechCommands(join(folder, "set"), 20);
  // What the archive has besides.
  for (const file of ["LICENSE", "README.md", "testing_list.txt", ".DS_Store"])
    await writeFile(join(folder, "set", file), "");
  await mkdir(join(folder, "set", "_background_noise_"));
  await writeFile(join(folder, "set", "_background_noise_", "pink_noise.wav"), "");
  await writeFile(join(folder, "set", "yes", "._hidden_nohash_0.wav"), "");
  expect((await encode("set", "whole")).code).toBe(0);
});

describe("the three files", () => {
  test("hold each recording once, in its speaker's part, under its word", async () => {
    for (const part of ["train", "valid", "test"]) {
      const { found, classes, speakerNames } = await read("whole", part);
      const own = speakers.filter((speaker) => partOf(speaker) === part);
      expect(own.length).toBeGreaterThan(0);
      expect(speakerNames).toEqual([...own].sort());
      const each = spokenWords.flatMap((word) => [...own].sort().map((speaker) => ({ word, speaker })));
      expect(found.map(({ word, speaker }) => ({ word, speaker }))).toEqual(each);
      expect(classes).toHaveLength(35);
      expect([...classes!].sort()).toEqual(classes);
    }
    expect((await spikesOf("whole")).size).toBe(spokenWords.length * speakers.length);
  });

  test("are told, and what is missing", async () => {
    const run = await encode("set", "told");
    const count = (part: string) => speakers.filter((speaker) => partOf(speaker) === part).length;
    const line = (part: string) =>
      `part=${part} recordings=${3 * count(part)} speakers=${count(part)} words=3 spikes=\\d+ file=ssc_${part}.h5.gz\n`;
    expect(run.stdout).toMatch(new RegExp(`^${["train", "valid", "test"].map(line).join("")}$`));
    const there = ["train 75466", "valid 9981", "test 20382"].map((one) => {
      const [part, all] = one.split(" ");
      return `${part} ${3 * count(part!)} of ${all}`;
    });
    expect(run.stderr).toBe(`${missing}recordings that are there, of those of v0.02: ${there.join(", ")}\n`);
    expect((await readdir(join(folder, "told"))).sort()).toEqual(files);
  });

  const files = ["ssc.json", "ssc_test.h5.gz", "ssc_train.h5.gz", "ssc_valid.h5.gz"];

  test("have the same bytes for any number of threads, others for another seed", async () => {
    for (const threads of ["1", "2", "3"]) {
      expect((await encode("set", `threads${threads}`, "--threads", threads)).code).toBe(0);
      expect(await bytesOf(`threads${threads}`)).toEqual(await bytesOf("whole"));
    }
    // In place of those that are there.
    await encode("set", "threads1", "--seed", "1");
    const [seed, whole] = [await bytesOf("threads1"), await bytesOf("whole")];
    for (const [k, bytes] of seed.entries()) expect(bytes).not.toBe(whole[k]);
  });

  test("have the same spikes of a recording whatever others there are", async () => {
    await cp(join(folder, "set"), join(folder, "some"), { recursive: true });
    await rm(join(folder, "some", "no"), { recursive: true });
    await rm(join(folder, "some", "yes", `${speakers[0]}_nohash_0.wav`));
    await encode("some", "some_out");
    const [whole, some] = [await spikesOf("whole"), await spikesOf("some_out")];
    expect(some.size).toBe(2 * speakers.length - 1);
    for (const [name, spikes] of some) expect(spikes, name).toBe(whole.get(name));
    // And two recordings of the same sound have releases of their own.
    expect(new Set(whole.values()).size).toBe(whole.size);
  });

  test("that are there already are not written again", async () => {
    const before = await stat(join(folder, "whole", "ssc_train.h5.gz"));
    const run = await encode("set", "whole");
    expect(run.stderr).toContain("whole: the files of these recordings and options are there already\n");
    expect(run.stdout).toMatch(/^part=train recordings=\d+ /);
    expect((await stat(join(folder, "whole", "ssc_train.h5.gz"))).mtimeMs).toBe(before.mtimeMs);
  });
});

describe("a set of which", () => {
  test("a part has no recording still gives three files that can be read", async () => {
    await cp(join(folder, "set"), join(folder, "narrow"), { recursive: true });
    for (const word of spokenWords)
      for (const speaker of speakers.filter((one) => partOf(one) === "valid"))
        await rm(join(folder, "narrow", word, `${speaker}_nohash_0.wav`));
    const run = await encode("narrow", "narrow_out");
    expect([run.code, run.stdout]).toEqual([
      0,
      expect.stringContaining("part=valid recordings=0 speakers=0 "),
    ]);
    expect((await read("narrow_out", "valid")).found).toEqual([]);
    // HDF5's own reader.
    const path = join(folder, "narrow_out", "ssc_valid.h5.gz");
    await ready;
    const unpacked = join(folder, "empty.h5");
    await writeFile(unpacked, gunzipSync(await readFile(path)));
    const file = new File(unpacked, "r");
    for (const name of ["labels", "spikes/times", "spikes/units", "extra/speaker"])
      expect((file.get(name) as Dataset).shape, name).toEqual([0]);
    file.close();
  });

  test("links lead nowhere is told, and the rest encoded", async () => {
    await cp(join(folder, "set"), join(folder, "linked"), { recursive: true });
    await symlink("../nowhere", join(folder, "linked", "bird"));
    await symlink("nowhere.wav", join(folder, "linked", "yes", "aaaaaaaa_nohash_0.wav"));
    const run = await encode("linked", "linked_out");
    expect([run.code, run.stderr]).toEqual([
      0,
      expect.stringContaining(
        "2 files or folders are left out, the first is linked/bird: cannot be read: no such file or folder\n",
      ),
    ]);
    expect(await bytesOf("linked_out")).toEqual(await bytesOf("whole"));
  });
});

test("a name of a file in place of the folder's", async () => {
  const run = await encode("set", "out.h5");
  expect([run.code, run.stderr]).toEqual([
    2,
    "error: --output: expected a folder for the three files, got out.h5\n",
  ]);
});

async function bytesOf(output: string): Promise<string[]> {
  const names = ["train", "valid", "test"].map((part) => join(folder, output, `ssc_${part}.h5.gz`));
  return Promise.all(
    names.map(async (name) =>
      createHash("sha256")
        .update(await readFile(name))
        .digest("hex"),
    ),
  );
}

test("a file that is no sound is told and left out; the others are as they were", async () => {
  await cp(join(folder, "set"), join(folder, "broken"), { recursive: true });
  const names = [1, 2].map((k) => `yes/${speakers[k]}_nohash_0.wav`);
  await truncate(join(folder, "broken", names[0]!), 1000);
  await writeFile(join(folder, "broken", names[1]!), "hello");
  const told = (lines: readonly string[]) => lines.filter((line) => line.startsWith("left out: ")).sort();
  const first = await encode("broken", "broken_out", "--threads", "2");
  expect(first.code).toBe(1);
  const lines = told(first.stderr.split("\n"));
  expect(lines).toHaveLength(2);
  expect(lines.join("\n")).toMatch(new RegExp(`broken/${names[0]}: expected \\d+ bytes of sound, found 956`));
  expect(lines.join("\n")).toContain(`broken/${names[1]}: expected a WAV file, got one that does not`);
  const [whole, broken] = [await spikesOf("whole"), await spikesOf("broken_out")];
  expect(broken.size).toBe(whole.size - 2);
  for (const [name, spikes] of broken) expect(spikes, name).toBe(whole.get(name));
  // Told again by who asks again.
  const again = await encode("broken", "broken_out");
  expect(again.code).toBe(1);
  expect(told(again.stderr.split("\n"))).toEqual(lines);
});

test("folders and files that are not of the set are told and left out", async () => {
  await cp(join(folder, "set"), join(folder, "more"), { recursive: true });
  await cp(join(folder, "more", "yes"), join(folder, "more", "yeah"), { recursive: true });
  await writeFile(join(folder, "more", "no", "mine.wav"), "");
  const run = await encode("more", "more_out");
  expect(run.code).toBe(0);
  expect(run.stderr).toContain("\nfolders that are no words of v0.02 and are left out: yeah\n");
  expect(run.stderr).toContain(
    "\n1 WAV files are not named <speaker>_nohash_<n>.wav and are left out, the first is more/no/mine.wav\n",
  );
  expect((await spikesOf("more_out")).size).toBe(3 * speakers.length);
});

describe("one line and exit code 2 for", () => {
  test.each([
    [["--speech-commands", "nowhere"], "nowhere: cannot be read: no such file or folder"],
    [
      ["--speech-commands", "set/yes"],
      "set/yes: expected the folders of Speech Commands v0.02, backward to zero, found none of them",
    ],
    [
      ["--speech-commands", "set", "set/yes"],
      "set/yes: expected no sounds beside --speech-commands; leave out one of them",
    ],
    [
      ["--speech-commands", "set", "--labels", "l.csv"],
      "option '--speech-commands <folder>' cannot be used with option '--labels <file>'",
    ],
    [[], "expected WAV files, folders of them, or --speech-commands"],
  ])("encode %j", async (args, message) => {
    const run = await goldspike(["encode", ...args, "-o", "never"], options);
    expect(run.code).toBe(2);
    expect(run.stderr).toContain(`error: ${message}\n`);
    expect(await readdir(folder)).not.toContain("never");
  });

  test("an output that is a file", async () => {
    await writeFile(join(folder, "file"), "");
    const run = await encode("set", "file");
    expect(run.code).toBe(2);
    expect(run.stderr).toContain("error: file: cannot be written: it is not a folder\n");
  });
});
