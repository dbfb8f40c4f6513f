/** Encoding on several threads: nothing that is written or said shows how many there were. */
import { mkdir, readdir, readFile, rm, truncate } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { beforeAll, describe, expect, test } from "vitest";
import type { hearOnThreads } from "../../src/data/encode/earThreads.ts";
import { goldspike, started } from "../support/command.ts";
import { vowel, writeWav } from "../support/sounds.ts";
import { temporaryFolder } from "../support/temporaryFolder.ts";

const folder = temporaryFolder();
const options = { cwd: folder };

/** So many vowels one after the other, so that the first sounds take the longest. */
const lengths = [9, 1, 4, 2, 1];

beforeAll(async () => {
  await mkdir(join(folder, "words"));
  for (const [k, length] of lengths.entries()) {
    // One at another rate: the converter, too, is there on every thread.
    const rate = k === 2 ? 22050 : 48000;
    const piece = vowel(rate, { pitch: 100 + 20 * k });
    const sound = Float64Array.from({ length: length * piece.length }, (_, n) => piece[n % piece.length]!);
    await writeWav(join(folder, "words", `${k}.wav`), rate, "16", [sound]);
  }
});

const encode = (threads: string, ...more: string[]) =>
  goldspike(["encode", "words", "--channels", "70", "--threads", threads, ...more], options);

test("1, 2 and 3 threads, and more than there are sounds, write the same bytes", async () => {
  const run = await encode("1", "-o", "one.h5");
  expect(run).toMatchObject({ code: 0, stderr: "" });
  const one = await readFile(join(folder, "one.h5"));
  for (const threads of ["2", "3", "9", "auto"]) {
    const others = await encode(threads, "-o", "several.h5");
    expect(others).toEqual({ ...run, stdout: run.stdout.replace("one.h5", "several.h5") });
    expect((await readFile(join(folder, "several.h5"))).equals(one), threads).toBe(true);
  }
});

describe("the threads", () => {
  const sounds = lengths.map((_, k) => ({ path: join(folder, "words", `${k}.wav`), recording: k }));
  const settings = { channels: 8, seed: 0 };
  // The thread's own file is the built one.
  const built = async () =>
    (await import(new URL("../../dist/data/encode/earThreads.js", import.meta.url).href)) as {
      hearOnThreads: typeof hearOnThreads;
    };

  test("tell each sound once", async () => {
    const heard: number[] = [];
    const { hearOnThreads } = await built();
    await hearOnThreads(sounds, settings, 2, { heard: (index) => void heard.push(index) });
    expect(heard.sort()).toEqual([0, 1, 2, 3, 4]);
  });

  test("go on after a file that is no sound where somebody takes it", async () => {
    const told: string[] = [];
    const { hearOnThreads } = await built();
    const some = sounds.map((sound, k) => (k === 1 ? { ...sound, path: "nowhere.wav" } : sound));
    await hearOnThreads(some, settings, 2, {
      heard: (index) => void told.push(String(index)),
      failed: (index, { message }) => void told.push(`${index} ${message.split(": ").at(-1)}`),
    });
    expect(told.sort()).toEqual(["0", "1 no such file or folder", "2", "3", "4"]);
  });

  test("end where who takes the spikes fails, with that error", async () => {
    const { hearOnThreads } = await built();
    const heard = (index: number) => {
      if (index === 1) throw new Error("the disk is full");
    };
    await expect(hearOnThreads(sounds, settings, 2, { heard })).rejects.toThrow("the disk is full");
  });
});

describe("one line and nothing written for", () => {
  test("damaged sounds among others: of several the first in order, whichever is found first", async () => {
    await writeWav(join(folder, "words", "3b.wav"), 48000, "16", [vowel(48000)]);
    await truncate(join(folder, "words", "3b.wav"), 1000);
    await writeWav(join(folder, "words", "0b.wav"), 48000, "16", [new Float64Array(9600)]);
    try {
      for (const threads of ["1", "2", "3", "9"]) {
        expect(await encode(threads, "-o", "never.h5"), threads).toEqual({
          code: 2,
          stdout: "",
          stderr: "error: words/0b.wav: expected a sound, got silence: the mean square is 0\n",
        });
      }
    } finally {
      for (const name of ["3b.wav", "0b.wav"]) await rm(join(folder, "words", name));
    }
    expect((await readdir(folder)).filter((name) => name.startsWith("never"))).toEqual([]);
  });

  test("more channels than an ear has, as with one thread", async () => {
    const run = await goldspike(
      ["encode", "words", "--channels", "70000", "--threads", "2", "-o", "never.h5"],
      options,
    );
    expect(run).toMatchObject({
      code: 2,
      stderr: "error: channels: expected a whole number from 1 to 65536, got 70000\n",
    });
  });

  test.each(["0", "1.5", "all"])("--threads %s", async (threads) => {
    const run = await encode(threads, "-o", "never.h5");
    expect(run.code).toBe(2);
    expect(run.stderr).toContain("Expected an integer ≥ 1.");
  });
});

test("Ctrl-C ends every thread and leaves nothing behind", async () => {
  const run = started(["encode", "words", "--channels", "30000", "--threads", "2", "-o", "cut.h5"], options);
  await setTimeout(1500);
  run.kill("SIGINT");
  expect(await run.ended).toEqual({ code: null, signal: "SIGINT", stdout: "", stderr: "" });
  expect((await readdir(folder)).filter((name) => name.startsWith("cut"))).toEqual([]);
});
