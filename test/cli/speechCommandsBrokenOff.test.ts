/** Encoding of a set that is broken off goes on where it was, and comes to the same files. */
import { existsSync } from "node:fs";
import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { beforeAll, describe, expect, test } from "vitest";
import { goldspike, started } from "../support/command.ts";
import { spokenWords, writeSpeechCommands } from "../support/speechCommands.ts";
import { temporaryFolder } from "../support/temporaryFolder.ts";
import { createSampler } from "../support/training/sampler.ts";

const folder = temporaryFolder();
const options = { cwd: folder };

const speakers = 200;
const total = speakers * spokenWords.length;
const command = (output: string) => [
  ...["encode", "--speech-commands", "set", "-o", output],
  ...["--channels", "40", "--threads", "2"],
];

const namesIn = (output: string): Promise<string[]> => readdir(join(folder, output)).catch(() => []);
const chunksIn = async (output: string) =>
  (await namesIn(`${output}/ssc_chunks`)).filter((name) => name.endsWith(".spikes"));

const files = async (output: string) => {
  const found: Record<string, string> = {};
  for (const name of await namesIn(output))
    found[name] = (await readFile(join(folder, output, name))).toString("base64");
  return found;
};

/** Waits until something is so, or the process is over. */
async function until(isSo: () => Promise<boolean>, ended: Promise<unknown>): Promise<void> {
  let over = false;
  void ended.then(() => {
    over = true;
  });
  while (!over && !(await isSo())) await setTimeout(2);
}

let whole: Record<string, string>;

beforeAll(async () => {
  await writeSpeechCommands(join(folder, "set"), speakers);
  expect((await goldspike(command("whole"), options)).code).toBe(0);
  whole = await files("whole");
});

describe("SIGKILL", () => {
  test("at any moments changes nothing in what is written", async () => {
    const { uniform } = createSampler(3);
    const chunks: number[] = [];
    for (let kill = 0; kill < 6; kill++) {
      const run = started(command("killed"), options);
      const before = await chunksIn("killed");
      // Ever another chunk, and somewhere in the next; the last ones where files are written.
      const more = async () => (await chunksIn("killed")).length > before.length;
      const written = async () => (await namesIn("killed")).some((name) => name.endsWith(".gz"));
      await until(kill < 4 ? more : written, run.ended);
      await setTimeout(uniform(0, 20));
      run.kill("SIGKILL");
      await run.ended;
      chunks.push((await chunksIn("killed")).length);
    }
    expect(chunks.some((count) => count > 0)).toBe(true);
    const last = await goldspike(command("killed"), options);
    expect(last.code).toBe(0);
    expect(await files("killed")).toEqual(whole);
  });
});

describe("SIGINT", () => {
  test("says how to go on, and what is done is not done again", async () => {
    const run = started(command("stopped"), options);
    await until(async () => (await chunksIn("stopped")).length > 0, run.ended);
    run.kill("SIGINT");
    const { signal, stdout, stderr } = await run.ended;
    expect([signal, stdout]).toEqual(["SIGINT", ""]);
    expect(stderr).toMatch(/\nstopped; the same command goes on from where it was\n$/);
    expect((await namesIn("stopped")).filter((name) => name.includes("lock"))).toEqual([]);
    const again = await goldspike(command("stopped"), options);
    const [, count] = new RegExp(`^(\\d+) of ${total} recordings are encoded already$`, "m").exec(
      again.stderr,
    )!;
    expect(Number(count)).toBeGreaterThan(0);
    expect(await files("stopped")).toEqual(whole);
  });
});

test("what a crash with other options has left is in nobody's way", async () => {
  const run = started([...command("left"), "--seed", "7"], options);
  await until(async () => (await chunksIn("left")).length > 0, run.ended);
  run.kill("SIGKILL");
  await run.ended;
  await writeFile(join(folder, "left", "ssc_train.h5.gz.0123456789ab.tmp"), "half");
  const [chunk] = await chunksIn("left");
  await writeFile(join(folder, "left", "ssc_chunks", `${chunk}.0123456789ab.tmp`), "half");
  expect((await goldspike(command("left"), options)).code).toBe(0);
  expect(await files("left")).toEqual(whole);
});

test("files without their record are made again, and one that was changed as well", async () => {
  await rm(join(folder, "whole", "ssc.json"));
  expect((await goldspike(command("whole"), options)).code).toBe(0);
  expect(await files("whole")).toEqual(whole);
  await writeFile(join(folder, "whole", "ssc_test.h5.gz"), "short");
  expect((await goldspike(command("whole"), options)).code).toBe(0);
  expect(await files("whole")).toEqual(whole);
});

test("two processes do not work in one folder", async () => {
  const run = started(command("both"), options);
  await until(async () => existsSync(join(folder, "both", "ssc_chunks")), run.ended);
  // So that it does not come to an end meanwhile.
  run.kill("SIGSTOP");
  const other = await goldspike(command("both"), options);
  run.kill("SIGCONT");
  expect(other.code).toBe(2);
  expect(other.stderr).toMatch(
    /error: .*both\/ssc\.lock\.[0-9a-f]{12}: process \d+ on .* is at work in this folder/,
  );
  expect((await run.ended).code).toBe(0);
  expect(await files("both")).toEqual(whole);
});
