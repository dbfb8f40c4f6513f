/** HDF5 files that would hang, fill the memory, end the library or read other files: refused in one line, and the next one reads. */
import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { ConfigError } from "../../src/base/errors.ts";
import { readShdFile } from "../../src/data/shd/shdFile.ts";
import { goldspike } from "../support/command.ts";
import { temporaryFolder } from "../support/temporaryFolder.ts";

const options = { channels: 5, duration: 1000 };
const whole = fixture("shd.h5");
const folder = temporaryFolder();
/** Some of these files are given up only after seconds of computing, on a machine that may be busy. */
const patience = 300_000;

function fixture(name: string): string {
  return fileURLToPath(new URL(`../fixtures/${name}`, import.meta.url));
}

async function refusal(path: string): Promise<string> {
  const error: unknown = await readShdFile(path, options).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(ConfigError);
  const { message } = error as ConfigError;
  expect(message).not.toContain("\n");
  return message.replaceAll(path, basename(path));
}

/** The heap of all arrays is a list of objects; each says how long it is, and that leads to the next. */
async function withHeap(name: string, change: (heap: DataView) => void): Promise<string> {
  const bytes = await readFile(whole);
  const at = bytes.indexOf("GCOL");
  change(new DataView(bytes.buffer, bytes.byteOffset + at, bytes.length - at));
  const path = join(folder, name);
  await writeFile(path, bytes);
  return path;
}

/** Where in a heap an object of this number starts; 0 is what is free. */
function objectAt(heap: DataView, index: number): number {
  for (let at = 16; ; at += 16 + 8 * Math.ceil(Number(heap.getBigUint64(at + 8, true)) / 8))
    if (heap.getUint16(at, true) === index) return at;
}

describe("a damaged heap", () => {
  test.each([
    ["free0.h5", 0n],
    ["huge.h5", 2n ** 63n - 8n],
  ] as const)(
    "whose free object leads nowhere does not hang: %s",
    async (name, size) => {
      const path = await withHeap(name, (heap) => heap.setBigUint64(objectAt(heap, 0) + 8, size, true));
      expect(await refusal(path)).toMatch(/^\S+\.h5: \/spikes\/\w+: damaged HDF5 file \(.+\)$/);
      const { code, stdout, stderr } = await goldspike(["data", "info", path]);
      expect([code, stdout, stderr.split("\n").length]).toEqual([2, "", 2]);
    },
    patience,
  );

  test(
    "an index that makes the library fail leaves it as it was for the next file",
    async () => {
      const path = await withHeap("index.h5", (heap) => heap.setUint16(objectAt(heap, 1), 60000, true));
      expect(await refusal(path)).toContain("damaged HDF5 file");
      const { samples } = await readShdFile(whole, options);
      expect([...samples.labels]).toEqual([1, 0, 1]);
    },
    patience,
  );
});

describe("data in another file", () => {
  test.each([
    ["external_link", '/labels: expected data in this file, found an external link to "shd.h5"'],
    ["external_group", '/spikes/units: expected data in this file, found an external link to "shd.h5"'],
    ["raw_data", '/extra/keys: expected data in this file, found raw data in "passwd"'],
    ["virtual", '/labels: expected data in this file, found a virtual data set of "gone.h5"'],
    ["virtual_here", '/labels: expected data in this file, found a virtual data set of "."'],
  ])("is refused, though it is there: %s", async (name, message) => {
    const beside = join(folder, name);
    await mkdir(beside);
    await copyFile(whole, join(beside, "shd.h5"));
    await copyFile(fixture(`elsewhere/shd_${name}.h5.gz`), join(beside, "file.h5.gz"));
    expect(await refusal(join(beside, "file.h5.gz"))).toBe(
      `file.h5.gz: ${message}; copy everything into one file`,
    );
  });
});

test("a packed file that unpacks to far more than recordings do is refused", async () => {
  const path = join(folder, "zeros.h5.gz");
  await writeFile(path, gzipSync(Buffer.alloc(80 * 2 ** 20)));
  expect(await refusal(path)).toMatch(
    /^zeros\.h5\.gz: expected at most \d+ bytes in \d+ that are packed, found more; if that is right, unpack it yourself$/,
  );
});
