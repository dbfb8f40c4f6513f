/** Encoding as a user does: real WAV files of all kinds in, recordings out, and one clear line for what is not a sound. */
import { mkdir, readdir, readFile, rm, symlink, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import wavefile from "wavefile";
import { readShdFile } from "../../src/data/shd/shdFile.ts";
import { goldspike } from "../support/command.ts";
import { vowel, writeWav } from "../support/sounds.ts";
import { temporaryFolder } from "../support/temporaryFolder.ts";

const folder = temporaryFolder();
const options = { cwd: folder };

const write = (name: string, rate: number, depth: string, channels: readonly Float64Array[]) =>
  writeWav(join(folder, name), rate, depth, channels);

/** Sound as telephones code it. */
async function aLaw(name: string): Promise<void> {
  const file = new wavefile.WaveFile();
  file.fromScratch(
    1,
    8000,
    "16",
    vowel(8000).map((x) => Math.round(32767 * x)),
  );
  file.toALaw();
  await writeFile(join(folder, name), file.toBuffer());
}

const recordings = async (name: string) =>
  (await readShdFile(join(folder, name), { channels: 700, duration: 5000 })).samples;

beforeAll(async () => {
  await mkdir(join(folder, "words", "ah"), { recursive: true });
  await write("words/ah/a.wav", 48000, "16", [vowel(48000)]);
});

describe("formats", () => {
  /** Spikes per 100 channels of one WAV file. */
  async function profile(name: string, ...more: string[]): Promise<number[]> {
    const run = await goldspike(["encode", name, "-o", "one.h5", ...more], options);
    expect(run.stderr).toBe("");
    expect(run.code).toBe(0);
    const groups = Array(7).fill(0);
    for (const channel of (await recordings("one.h5")).sources) groups[Math.floor(channel / 100)]++;
    return groups;
  }

  test("integers of all sizes and floating point give the same spikes up to what rounding does", async () => {
    const expected = await profile("words/ah/a.wav");
    // The formants are in the fourth and fifth hundred.
    expect(Math.min(expected[3]!, expected[4]!)).toBeGreaterThan(300);
    for (const depth of ["8", "24", "32", "32f", "64"]) {
      await write("other.wav", 48000, depth, [vowel(48000)]);
      const found = await profile("other.wav");
      // Eight bits have noise of their own above the voice.
      const voiced = depth === "8" ? 3 : 0;
      for (let k = voiced; k < 7; k++)
        expect(Math.abs(found[k]! - expected[k]!), depth).toBeLessThan(30 + 0.05 * expected[k]!);
    }
  });

  test("channels are mixed down, and loudness is all the same", async () => {
    const quiet = vowel(48000).map((x) => x / 2);
    await write("left.wav", 48000, "32f", [vowel(48000), new Float64Array(12000)]);
    await write("quiet.wav", 48000, "32f", [quiet]);
    const [left, alone] = [await profile("left.wav"), await profile("quiet.wav")];
    expect(left).toEqual(alone);
  });

  test.each([8000, 11025, 22050, 44100, 96000, 192000])("a rate of %i Hz", async (rate) => {
    const expected = await profile("words/ah/a.wav");
    await write("rate.wav", rate, "32f", [vowel(rate)]);
    const found = await profile("rate.wav");
    // The voiced channels; below 8 kHz there is nothing else.
    for (let k = 3; k < 7; k++)
      expect(Math.abs(found[k]! - expected[k]!)).toBeLessThan(40 + 0.08 * expected[k]!);
  });

  test("floating point in the extensible format, and a size that a streaming writer left open", async () => {
    const file = new wavefile.WaveFile();
    file.fromScratch(1, 48000, "32f", vowel(48000));
    const plain = Buffer.from(file.toBuffer());
    await writeFile(join(folder, "plain.wav"), plain);
    const expected = await profile("plain.wav");
    // fmt of 40 bytes: format 0xfffe, 22 bytes more, of which the seventh begins the code proper.
    const data = plain.subarray(plain.indexOf("data"));
    const fmt = Buffer.alloc(48);
    plain.copy(fmt, 0, 12, 36);
    fmt.writeUInt32LE(40, 4);
    fmt.writeUInt16LE(0xfffe, 8);
    fmt.writeUInt16LE(22, 24);
    fmt.writeUInt16LE(32, 26);
    fmt.writeUInt16LE(3, 32);
    Buffer.from("000000001000800000aa00389b71", "hex").copy(fmt, 34);
    const riff = Buffer.from(plain.subarray(0, 12));
    const open = Buffer.from(data);
    open.writeUInt32LE(0xffffffff, 4);
    await writeFile(join(folder, "extensible.wav"), Buffer.concat([riff, fmt, data]));
    await writeFile(join(folder, "streamed.wav"), Buffer.concat([riff, fmt, open]));
    expect(await profile("extensible.wav")).toEqual(expected);
    expect(await profile("streamed.wav")).toEqual(expected);
  });

  test("a duration cuts or fills up", async () => {
    await profile("words/ah/a.wav", "--duration", "100");
    const cut = Math.max(...(await recordings("one.h5")).times);
    expect(cut).toBeLessThan(100);
    await profile("words/ah/a.wav", "--duration", "600");
    expect(Math.max(...(await recordings("one.h5")).times)).toBeGreaterThan(cut + 100);
  });
});

describe("chunks", () => {
  /** An 8-bit sound of an odd number of samples, and what it is made of. */
  function pieces(): { fmt: Buffer; data: Buffer } {
    const sound = vowel(8000).subarray(0, 1999);
    const file = new wavefile.WaveFile();
    file.fromScratch(
      1,
      8000,
      "8",
      sound.map((x) => Math.round(127 * x) + 128),
    );
    const bytes = Buffer.from(file.toBuffer());
    const at = bytes.indexOf("data");
    return { fmt: bytes.subarray(12, 36), data: bytes.subarray(at, at + 8 + 1999) };
  }
  const list = Buffer.from("LIST\x04\0\0\0INFO", "latin1");
  const riff = (kind: string) => Buffer.from(`${kind}\0\0\0\0WAVE`, "latin1");
  const encoded = async (...parts: Buffer[]) => {
    await writeFile(join(folder, "chunks.wav"), Buffer.concat(parts));
    const run = await goldspike(["encode", "chunks.wav", "--channels", "70", "-o", "chunks.h5"], options);
    return run.code === 0 ? readFile(join(folder, "chunks.h5")) : run.stderr;
  };

  test("an odd number of bytes is followed by one that is none of the sound", async () => {
    const { fmt, data } = pieces();
    const plain = await encoded(riff("RIFF"), fmt, data);
    expect(plain).toBeInstanceOf(Buffer);
    expect(await encoded(riff("RIFF"), fmt, data, Buffer.alloc(1))).toEqual(plain);
    expect(await encoded(riff("RIFF"), list, fmt, data, Buffer.alloc(1), list)).toEqual(plain);
  });

  test("RF64 has the size of the sound in ds64", async () => {
    const { fmt, data } = pieces();
    const plain = await encoded(riff("RIFF"), fmt, data);
    const ds64 = Buffer.alloc(36);
    ds64.write("ds64");
    ds64.writeUInt32LE(28, 4);
    ds64.writeBigUInt64LE(1999n, 16);
    const open = Buffer.from(data);
    open.writeUInt32LE(0xffffffff, 4);
    expect(await encoded(riff("RF64"), ds64, fmt, open, Buffer.alloc(1), list)).toEqual(plain);
    expect(await encoded(riff("RF64"), ds64, fmt, open.subarray(0, 1000))).toBe(
      "error: chunks.wav: expected 1999 bytes of sound, found 992: it is cut off\n",
    );
  });

  test("damage in chunks that do not matter does not matter", async () => {
    const { fmt, data } = pieces();
    const plain = await encoded(riff("RIFF"), fmt, data);
    const samplers = Buffer.alloc(68, 255);
    samplers.write("smpl");
    samplers.writeUInt32LE(60, 4);
    expect(await encoded(riff("RIFF"), samplers, fmt, data)).toEqual(plain);
    expect(await encoded(riff("RIFF"), data, fmt)).toBe(
      "error: chunks.wav: expected a WAV file, found no fmt chunk in it\n",
    );
    expect(await encoded(riff("RIFF"), fmt)).toBe(
      "error: chunks.wav: expected a WAV file, found no data chunk in it\n",
    );
  });
});

describe("folders", () => {
  test("links back, hidden files and folders with a sound's name are passed over, and no sound is taken twice", async () => {
    await mkdir(join(folder, "tree", "ah", "odd.wav"), { recursive: true });
    await write("tree/ah/a.wav", 48000, "16", [vowel(48000)]);
    await mkdir(join(folder, "store", "oh"), { recursive: true });
    await write("store/oh/o.wav", 48000, "16", [vowel(48000)]);
    for (const name of ["elsewhere", "again"]) await symlink("../store", join(folder, "tree", name));
    await writeFile(join(folder, "tree", "ah", "._a.wav"), "not a sound");
    await symlink("..", join(folder, "tree", "up"));
    await symlink("a.wav", join(folder, "tree", "ah", "b.wav"));
    const run = await goldspike(["encode", "tree", "--channels", "70", "-o", "tree.h5"], options);
    expect(run.stdout).toMatch(/^recordings=2 classes=2 /);
    expect(run.stderr).toBe(
      "1 of 3 files are there twice, by name or by link, and taken once: tree/ah/b.wav\n",
    );
  });

  test("recordings without a spike are told", async () => {
    const run = await goldspike(["encode", "words/ah", "--channels", "1", "-o", "none.h5"], options);
    expect([run.code, run.stderr]).toEqual([
      0,
      "1 of 1 recordings have no spike, the first is words/ah/a.wav\n",
    ]);
  });
});

test("sounds of any size are heard, at any rate", async () => {
  const sound = vowel(44100);
  const spikes = [];
  for (const size of [1, 2 ** 160, 2 ** -160]) {
    await write("size.wav", 44100, "64", [sound.map((x) => size * x)]);
    await goldspike(["encode", "size.wav", "--channels", "70", "-o", "size.h5"], options);
    spikes.push(await readFile(join(folder, "size.h5")));
  }
  expect(spikes[1]).toEqual(spikes[0]);
  expect(spikes[2]).toEqual(spikes[0]);
});

describe("labels", () => {
  test("are the names of folders, or those of a table with speakers", async () => {
    await mkdir(join(folder, "words", "oh"), { recursive: true });
    await write("words/oh/b.wav", 48000, "16", [vowel(48000).map((x) => -x)]);
    await goldspike(["encode", "words", "-o", "folders.h5"], options);
    const folders = await readShdFile(join(folder, "folders.h5"), { channels: 700, duration: 5000 });
    expect(folders.classes).toEqual(["ah", "oh"]);
    expect(Array.from(folders.samples.labels)).toEqual([0, 1]);
    await writeFile(
      join(folder, "labels.csv"),
      "file, label, speaker\nwords/oh/b.wav,o,eve\nwords/ah/a.wav,a,ada\n\n",
    );
    const run = await goldspike(["encode", "words", "--labels", "labels.csv", "-o", "table.h5.gz"], options);
    expect(run.stdout).toMatch(/^recordings=2 classes=2 speakers=2 spikes=\d+ file=table.h5.gz\n$/);
    const table = await readShdFile(join(folder, "table.h5.gz"), { channels: 700, duration: 5000 });
    expect(table.classes).toEqual(["a", "o"]);
    expect(Array.from(table.samples.speakers!)).toEqual([0, 1]);
  });

  test("are the same in either of Unicode's forms, as are paths in a table", async () => {
    for (const form of ["NFC", "NFD"]) {
      const word = "fünf".normalize(form);
      await mkdir(join(folder, "forms", word), { recursive: true });
      await write(`forms/${word}/a.wav`, 48000, "16", [vowel(48000)]);
    }
    const short = ["--channels", "8", "-o", "forms.h5"];
    const run = await goldspike(["encode", "forms", ...short], options);
    expect(run.stdout).toMatch(/^recordings=2 classes=1 /);
    await mkdir(join(folder, "one"));
    await write(`one/${"zwölf".normalize("NFD")}.wav`, 48000, "16", [vowel(48000)]);
    await writeFile(join(folder, "forms.csv"), `file,label\n${"one/zwölf.wav,zwölf".normalize("NFC")}\n`);
    const table = await goldspike(["encode", "one", "--labels", "forms.csv", ...short], options);
    expect([table.code, table.stderr]).toEqual([0, ""]);
  });

  test("the same command gives the same bytes, another seed others", async () => {
    for (const [name, seed] of [
      ["x", "3"],
      ["y", "3"],
      ["z", "4"],
    ]) {
      await goldspike(["encode", "words/ah", "--seed", seed!, "-o", `${name}.h5.gz`], options);
    }
    const [x, y, z] = await Promise.all(
      ["x", "y", "z"].map((name) => readFile(join(folder, `${name}.h5.gz`))),
    );
    expect(x).toEqual(y);
    expect(x).not.toEqual(z);
  });
});

describe("one line, exit code 2 and nothing written for", () => {
  const nan = () => vowel(48000).fill(Number.NaN, 5, 6);
  const cases: [string, () => Promise<unknown>, string | RegExp, string[]?][] = [
    ["no file", async () => {}, "bad.wav: cannot be read: no such file or folder"],
    [
      "a text",
      () => writeFile(join(folder, "bad.wav"), "hello"),
      "bad.wav: expected a WAV file, got one that does not start as one",
    ],
    [
      "an empty file",
      () => writeFile(join(folder, "bad.wav"), ""),
      "bad.wav: expected a WAV file, got an empty one",
    ],
    [
      "no samples",
      () => write("bad.wav", 48000, "16", [new Float64Array()]),
      "bad.wav: expected at least 10 ms of sound, 480 samples, got 0",
    ],
    [
      "no samples of two channels",
      () => write("bad.wav", 48000, "16", [new Float64Array(), new Float64Array()]),
      "bad.wav: expected at least 10 ms of sound, 480 samples, got 0",
    ],
    [
      "A-law",
      () => aLaw("bad.wav"),
      "bad.wav: expected integers of 8 to 32 bits or floating point of 32 or 64, got format 6 of 8 bits",
    ],
    [
      "silence",
      () => write("bad.wav", 48000, "16", [new Float64Array(4800)]),
      "bad.wav: expected a sound, got silence: the mean square is 0",
    ],
    [
      "a sample that is no number",
      () => write("bad.wav", 48000, "32f", [nan()]),
      "bad.wav: sample 5: expected a finite number, got NaN",
    ],
    [
      "a rate below 8 kHz",
      () => write("bad.wav", 4000, "16", [vowel(4000)]),
      "bad.wav: expected a sample rate from 8000 to 192000 Hz, got 4000",
    ],
    [
      "more than a minute",
      () => write("bad.wav", 8000, "8", [new Float64Array(8000 * 61).fill(0.5)]),
      "bad.wav: expected at most 60 s of sound, got 61.0 s; cut it into words",
    ],
    [
      "a folder without sounds",
      () => mkdir(join(folder, "bad.wav")),
      "bad.wav: expected .wav files in or below it, found none",
    ],
    [
      "a table without a column",
      () => writeFile(join(folder, "l.csv"), "name,label\n"),
      'l.csv: expected columns, separated by commas, one of them file, got "name, label"',
      ["--labels", "l.csv"],
    ],
    [
      "a table that is something else",
      () => write("l.csv", 48000, "16", [vowel(48000)]),
      "l.csv: cannot be read: line 1 is not UTF-8; save it as UTF-8",
      ["--labels", "l.csv"],
    ],
    [
      "a table in UTF-16",
      () => writeFile(join(folder, "l.csv"), "\ufefffile,label\n", "utf16le"),
      "l.csv: cannot be read: it is UTF-16; save it as UTF-8",
      ["--labels", "l.csv"],
    ],
    [
      "a table with a speaker for some only",
      () => writeFile(join(folder, "l.csv"), "file,label,speaker\nbad.wav,x,ada\n\nwords/ah/a.wav,ah,\n"),
      "l.csv: row 4: expected a speaker, as other rows have one",
      ["--labels", "l.csv"],
    ],
    [
      "samples whose squares are beyond all numbers",
      () => write("bad.wav", 48000, "64", [vowel(48000).map((x) => 1e300 * x)]),
      "bad.wav: expected samples whose squares are numbers, got some beyond 1e154",
    ],
    [
      "a table without the file",
      () => writeFile(join(folder, "l.csv"), "file,label\nx.wav,x\n"),
      "words/ah/a.wav: expected a row of l.csv for it, found none",
      ["--labels", "l.csv"],
    ],
  ];
  test.each(cases)("%s", async (_name, prepare, message, more = []) => {
    await rm(join(folder, "bad.wav"), { recursive: true, force: true });
    if (more.length > 0) await write("bad.wav", 48000, "16", [vowel(48000)]);
    await prepare();
    const run = await goldspike(["encode", "words", "bad.wav", "-o", "never.h5", ...more], options);
    expect(run).toMatchObject({ code: 2, stdout: "" });
    const line = /^error: (.*)\n$/.exec(run.stderr)?.[1];
    if (typeof message === "string") expect(line).toBe(message);
    else expect(line).toMatch(message);
    expect(await readdir(folder)).not.toContain("never.h5");
  });

  test("a device, which has no end", async () => {
    const run = await goldspike(["encode", "/dev/zero", "-o", "never.h5"], options);
    expect(run.stderr).toBe(
      "error: /dev/zero: cannot be read: it is a pipe or a device; save it to a file first\n",
    );
  });

  test("a file that is cut off", async () => {
    await write("short.wav", 48000, "16", [vowel(48000)]);
    await truncate(join(folder, "short.wav"), 10_000);
    const run = await goldspike(["encode", "short.wav", "-o", "never.h5"], options);
    expect(run.code).toBe(2);
    expect(run.stderr).toBe("error: short.wav: expected 24000 bytes of sound, found 9956: it is cut off\n");
  });

  test.each([
    [["-o", "a.wav"], "error: --output: expected a name that ends in .h5 or .h5.gz, got a.wav"],
    [["-o", "x.h5", "--duration", "1e9"], "Expected a number from 10 to 60000."],
    [["-o", "x.h5", "--duration", "5"], "Expected a number from 10 to 60000."],
  ])("the options %j", async (more, message) => {
    const run = await goldspike(["encode", "words", ...more], options);
    expect(run.code).toBe(2);
    expect(run.stderr).toContain(message);
  });

  test("an output that cannot be written, before any sound is read", async () => {
    const run = await goldspike(["encode", "nothing.wav", "-o", "no/where.h5"], options);
    expect(run).toMatchObject({
      code: 2,
      stderr: "error: no/where.h5: cannot be written: no such file or folder\n",
    });
  });
});
