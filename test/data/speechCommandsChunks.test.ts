/** Chunks are read as they were written, or not at all; their names tell what went in. */
import { readFile, writeFile } from "node:fs/promises";
import { basename } from "node:path";
import { describe, expect, test } from "vitest";
import { chunksOf, isChunk, readChunk, writeChunk } from "../../src/data/encode/speechCommands/chunks.ts";
import type { Listing, Spoken } from "../../src/data/encode/speechCommands/listing.ts";
import { temporaryFolder } from "../support/temporaryFolder.ts";

const folder = temporaryFolder();

const spoken = (name: string, changes: Partial<Spoken> = {}): Spoken => ({
  path: `set/${name}`,
  name,
  word: 0,
  speaker: name,
  part: "train",
  bytes: 32044,
  written: 1.5,
  ...changes,
});
const listing = (recordings: readonly Spoken[]): Listing => ({
  recordings,
  missingWords: [],
  otherFolders: [],
  misnamed: [],
  unreadable: [],
});
const options = { channels: 8, seed: 0 };

describe("a chunk", () => {
  const sounds = ["a", "b", "c", "d"].map((name) => spoken(name));
  const [chunk] = chunksOf(listing(sounds), folder, options);
  const outcomes = [
    { times: Float64Array.of(500, 750), channels: Uint16Array.of(3, 699) },
    "expected a sound, got silence",
    { times: new Float64Array(), channels: new Uint16Array() },
    { times: Float64Array.of(250), channels: Uint16Array.of(1) },
  ];

  test("comes back, spikes and complaints", async () => {
    await writeChunk(chunk!.path, outcomes);
    const { header, times, units } = readChunk(chunk!)!;
    expect(header).toEqual([2, "expected a sound, got silence", 0, 1]);
    // Half precision: 0.5 is 3800, 0.75 is 3a00, 0.25 is 3400, lower bytes first.
    expect([0, 3].map((k) => Buffer.from(times(k)).toString("hex"))).toEqual(["0038003a", "0034"]);
    expect([0, 3].map((k) => Buffer.from(units(k)).toString("hex"))).toEqual(["0300bb02", "0100"]);
  });

  test("that is not whole is none", async () => {
    await writeChunk(chunk!.path, outcomes);
    const bytes = await readFile(chunk!.path);
    for (let length = 0; length < bytes.length; length++) {
      await writeFile(chunk!.path, bytes.subarray(0, length));
      expect(readChunk(chunk!), String(length)).toBeUndefined();
    }
    await writeFile(chunk!.path, Buffer.concat([bytes, Buffer.alloc(1)]));
    expect(readChunk(chunk!)).toBeUndefined();
  });
});

describe("names", () => {
  const name = (sound: Spoken, more = {}) =>
    basename(chunksOf(listing([sound]), "anywhere", { ...options, ...more })[0]!.path);
  const own = name(spoken("a"));

  test("do not tell where the set lies", () => {
    expect(isChunk(own)).toBe(true);
    expect(name(spoken("a", { path: "/elsewhere/a" }))).toBe(own);
  });

  test.each([
    ["another file", spoken("b"), {}],
    ["another size", spoken("a", { bytes: 32046 }), {}],
    ["a file written anew", spoken("a", { written: 2 }), {}],
    ["another seed", spoken("a"), { seed: 1 }],
    ["other channels", spoken("a"), { channels: 9 }],
    ["a duration", spoken("a"), { duration: 1000 }],
  ])("are others for %s", (_, sound, more) => {
    expect(name(sound, more)).not.toBe(own);
  });
});

test("every recording of a part is in one chunk, in order", () => {
  const recordings = Array.from({ length: 300 }, (_, k) =>
    spoken(String(k), { part: k % 3 === 0 ? "test" : "train" }),
  );
  const chunks = chunksOf(listing(recordings), folder, options);
  for (const part of ["train", "test"] as const) {
    const own = chunks.filter((chunk) => chunk.part === part);
    expect(own.length).toBeGreaterThan(1);
    expect(own.flatMap(({ sounds }) => sounds)).toEqual(recordings.filter((one) => one.part === part));
  }
});
