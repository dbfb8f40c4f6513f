/** What is written in SHD's layout is read back as it was, up to the precision of the times. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { Float16Array } from "@petamoriken/float16";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readShdFile } from "../../src/data/shd/shdFile.ts";
import { withShdRecordings } from "../../src/data/shd/shdRecordings.ts";
import { packedPieces, type ShdContent, shdFile, writeShdFile } from "../../src/data/shd/writeShdFile.ts";
import { temporaryFolder } from "../support/temporaryFolder.ts";

const folder = temporaryFolder();

/** Times that float16 holds exactly in seconds, so that nothing is rounded. */
const spikes = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 1023 }), fc.integer({ min: 0, max: 699 })), { maxLength: 300 })
  .map((events) => {
    const sorted = events.sort(([a], [b]) => a - b);
    return {
      times: Float64Array.from(sorted, ([time]) => (1000 * time) / 1024),
      channels: Uint16Array.from(sorted, ([, channel]) => channel),
    };
  });
const contents: fc.Arbitrary<ShdContent> = fc.array(spikes, { minLength: 1, maxLength: 30 }).map((all) => ({
  spikes: all,
  classes: ["eins", "zwölf", "a longer one"],
  labels: all.map((_, k) => k % 3),
  speakers: all.map((_, k) => k % 2),
  speakerNames: ["Ω", "b"],
}));

test("any recordings, empty ones too, plain and packed", async () => {
  let file = 0;
  await fc.assert(
    fc.asyncProperty(contents, fc.boolean(), async (content, packed) => {
      const path = join(folder, `${file++}.h5${packed ? ".gz" : ""}`);
      await writeShdFile(path, content);
      const { samples, classes } = await readShdFile(path, { channels: 700, duration: 2000 });
      expect(classes).toEqual(content.classes);
      expect(Array.from(samples.labels)).toEqual(content.labels);
      expect(Array.from(samples.speakers!)).toEqual(content.speakers);
      expect(Array.from(samples.times)).toEqual(content.spikes.flatMap(({ times }) => [...times]));
      expect(Array.from(samples.sources)).toEqual(content.spikes.flatMap(({ channels }) => [...channels]));
    }),
    { numRuns: 40, seed: 1 },
  );
});

describe("of large content", () => {
  // More bytes than one collection of arrays holds, an array larger than one, and more than 65535 arrays.
  const long = {
    times: Float64Array.from({ length: 200_000 }, (_, k) => k / 1024),
    channels: new Uint16Array(200_000),
  };
  const short = { times: Float64Array.of(0.5), channels: Uint16Array.of(3) };
  const content = {
    spikes: [short, long, long, ...Array(70_000).fill(short)],
    labels: new Uint16Array(70_003),
    classes: ["only"],
  };

  test("every array comes back, and without speakers there are none", async () => {
    const path = join(folder, "large.h5");
    await writeFile(path, Buffer.concat(shdFile(content)));
    await withShdRecordings(path, 700, async (recordings) => {
      expect(recordings.speakers).toBeUndefined();
      expect(recordings.speakerNames).toBeUndefined();
      const lengths: number[] = [];
      for await (const { sources } of recordings.read()) lengths.push(sources.length);
      expect(lengths).toEqual(content.spikes.map(({ channels }) => channels.length));
    });
  });
});

test("names come back in composed form, in which equal names are equal", async () => {
  const path = join(folder, "names.h5");
  const classes = ["fünf", "zwölf"];
  const spikes = [0, 1].map(() => ({ times: Float64Array.of(1), channels: Uint16Array.of(0) }));
  const content = { spikes, labels: [0, 1], classes: classes.map((name) => name.normalize("NFD")) };
  await writeFile(path, Buffer.concat(shdFile(content)));
  expect((await readShdFile(path, { channels: 1, duration: 10 })).classes).toEqual(classes);
});

test("the same content gives the same bytes", async () => {
  const [content] = fc.sample(contents, { numRuns: 1, seed: 2 });
  expect(Buffer.concat(shdFile(content!))).toEqual(Buffer.concat(shdFile(content!)));
});

test("spikes that are asked for piece by piece make the same file, each asked for once, in order", () => {
  fc.assert(
    fc.property(contents, (content) => {
      const { spikes } = content;
      const asked: string[] = [];
      const pieces = packedPieces(content, {
        counts: spikes.map(({ times }) => times.length),
        times: (k) => {
          asked.push(`times ${k}`);
          return new Uint8Array(Float16Array.from(spikes[k]!.times, (time) => time / 1000).buffer);
        },
        units: (k) => {
          asked.push(`units ${k}`);
          return new Uint8Array(spikes[k]!.channels.slice().buffer);
        },
      });
      expect(gunzipSync(Buffer.concat([...pieces]))).toEqual(Buffer.concat(shdFile(content)));
      const filled = [...spikes.keys()].filter((k) => spikes[k]!.times.length > 0);
      expect(asked).toEqual(["times", "units"].flatMap((kind) => filled.map((k) => `${kind} ${k}`)));
    }),
    { numRuns: 40, seed: 3 },
  );
});
