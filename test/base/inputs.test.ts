/** What may be an input, and which bytes are text: the same for every kind of file that the commands read. */
import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readLabels } from "../../src/data/encode/labels.ts";
import { readShdFile } from "../../src/data/shd/shdFile.ts";
import { readWav } from "../../src/ear/sound.ts";
import { loadCase } from "../../src/format/loadCase.ts";
import { readResult } from "../../src/format/result.ts";
import { readCheckpoint } from "../../src/run/checkpoint.ts";
import { loadRunConfig } from "../../src/training/config/load.ts";
import { temporaryFolder } from "../support/temporaryFolder.ts";

const folder = temporaryFolder();

/** Of each kind of input its name and who reads it. */
const readers: Readonly<Record<string, (path: string) => Promise<unknown>>> = {
  "case.json": loadCase,
  "run.yaml": loadRunConfig,
  "labels.csv": readLabels,
  "sound.wav": readWav,
  "words.h5": (path) => readShdFile(path, { channels: 5, duration: 100 }),
  "words.h5.gz": (path) => readShdFile(path, { channels: 5, duration: 100 }),
  "last.safetensors": readCheckpoint,
  "result.json": (path) => readResult(join(path, "..")),
};

async function refusal(read: (path: string) => Promise<unknown>, path: string): Promise<string> {
  const error: unknown = await read(path).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toMatchObject({ name: "ConfigError" });
  const { message } = error as Error;
  expect(message).not.toContain("\n");
  return message.replaceAll(path, "FILE").replace(/^result\.json/, "FILE");
}

describe.skipIf(process.platform === "win32").each(Object.entries(readers))("%s is not", (name, read) => {
  const isLinked = name !== "result.json";

  test("a pipe, nor a link to one", async () => {
    const place = await mkdtemp(join(folder, "pipe-"));
    execFileSync("mkfifo", [join(place, isLinked ? "pipe" : name)]);
    if (isLinked) await symlink("pipe", join(place, name));
    expect(await refusal(read, join(place, name))).toBe(
      "FILE: cannot be read: it is a pipe or a device; save it to a file first",
    );
  });

  test.skipIf(!isLinked)("a device without end", async () => {
    const place = await mkdtemp(join(folder, "device-"));
    await symlink("/dev/zero", join(place, name));
    expect(await refusal(read, join(place, name))).toBe(
      "FILE: cannot be read: it is a pipe or a device; save it to a file first",
    );
  });

  test.skipIf(!isLinked || process.platform !== "linux")(
    "a file of the system that is empty and is not",
    async () => {
      const place = await mkdtemp(join(folder, "system-"));
      await symlink("/proc/self/environ", join(place, name));
      expect(await refusal(read, join(place, name))).not.toContain("PATH");
    },
  );
});

describe("text that is not UTF-8 is refused with a way out:", () => {
  const texts: Readonly<Record<string, string>> = {
    "case.json": '{"name":\n"fünf"}',
    "run.yaml": "epochs: 1\nseed: fünf\n",
    "labels.csv": "file,label\na.wav,fünf\n",
    "result.json": '{"case":\n"fünf"}',
  };
  const utf16 = (text: string) => Buffer.from(text, "utf16le");
  test.each<[string, (text: string) => Buffer, string]>([
    ["Windows-1252", (text) => Buffer.from(text, "latin1"), "line 2 is not UTF-8, probably Windows-1252"],
    ["what no letter is", (text) => Buffer.from(text.replace("ü", "\x81"), "latin1"), "line 2 is not UTF-8"],
    ["UTF-16", (text) => utf16(`\ufeff${text}`), "it is UTF-16"],
    ["UTF-16 of the other order", (text) => utf16(`\ufeff${text}`).swap16(), "it is UTF-16"],
    ["UTF-16 without a mark", utf16, "it is UTF-16"],
  ])("%s", async (_, encoded, what) => {
    const place = await mkdtemp(join(folder, "text-"));
    for (const [name, text] of Object.entries(texts)) {
      await writeFile(join(place, name), encoded(text));
      expect(await refusal(readers[name]!, join(place, name))).toBe(
        `FILE: cannot be read: ${what}; save it as UTF-8`,
      );
    }
  });

  test("but a byte order mark is skipped", async () => {
    const place = join(folder, "marked");
    await mkdir(place);
    for (const [name, text] of Object.entries(texts)) {
      if (name === "labels.csv") continue;
      await writeFile(join(place, name), `\ufeff${text}`);
      expect(await refusal(readers[name]!, join(place, name))).not.toMatch(/feff|UTF/);
    }
    await writeFile(join(place, "labels.csv"), `\ufeff${texts["labels.csv"]}`);
    const labelOf = await readLabels(join(place, "labels.csv"));
    expect(labelOf(join(place, "a.wav"))).toEqual({ word: "fünf" });
  });
});
