/** WAV files as programs in the wild write them, to pipes and with chunks and samples of odd sizes, and headers that cannot be right. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { ConfigError } from "../../src/base/errors.ts";
import { readWav } from "../../src/ear/sound.ts";
import { temporaryFolder } from "../support/temporaryFolder.ts";

const folder = temporaryFolder();
const values = Array.from({ length: 800 }, (_, k) => Math.round(12000 * Math.sin(k / 7)));

interface Written {
  readonly riff?: string;
  readonly riffSize?: number;
  readonly rate?: number;
  readonly byteRate?: number;
  readonly bits?: number;
  /** Bytes of a sample. */
  readonly width?: number;
  readonly dataSize?: number;
  /** Between the format and the sound. */
  readonly before?: Uint8Array;
  readonly after?: Uint8Array;
}

/** One channel of the values, in the upper bits of each sample. */
function wav(written: Written = {}): Buffer {
  const { riff = "RIFF", rate = 16000, bits = 16, width = 2, before = Buffer.alloc(0) } = written;
  const data = Buffer.alloc(width * values.length);
  for (const [k, value] of values.entries())
    data.writeIntLE(Math.floor((value * 2 ** (8 * width)) / 2 ** 16), k * width, width);
  const format = Buffer.alloc(24);
  format.write("fmt ");
  format.writeUInt32LE(16, 4);
  format.writeUInt16LE(1, 8);
  format.writeUInt16LE(1, 10);
  format.writeUInt32LE(rate, 12);
  format.writeUInt32LE(written.byteRate ?? rate * width, 16);
  format.writeUInt16LE(width, 20);
  format.writeUInt16LE(bits, 22);
  const head = Buffer.from("data\0\0\0\0");
  head.writeUInt32LE(written.dataSize ?? data.length, 4);
  const content = Buffer.concat([format, before, head, data, written.after ?? Buffer.alloc(0)]);
  const start = Buffer.from(`${riff}\0\0\0\0WAVE`);
  start.writeUInt32LE(written.riffSize ?? content.length + 4, 4);
  return Buffer.concat([start, content]);
}

/** With sizes for files of more than 4 GiB. */
function large(size: number): Buffer {
  const chunk = Buffer.alloc(36);
  chunk.write("ds64");
  chunk.writeUInt32LE(28, 4);
  chunk.writeBigUInt64LE(BigInt(size), 16);
  return chunk;
}

async function read(bytes: Uint8Array): Promise<Float64Array> {
  const path = join(folder, "sound.wav");
  await writeFile(path, bytes);
  return (await readWav(path)).samples;
}

async function refusal(bytes: Uint8Array): Promise<string> {
  const error: unknown = await read(bytes).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(ConfigError);
  return (error as Error).message.replace(`${folder}/`, "");
}

const expected = values.map((value) => value / 2 ** 15);
const open = 0xffffffff;

describe("the whole sound is read", () => {
  test.each<[string, Buffer]>([
    ["of a size that is right", wav()],
    ["of sox to a pipe", wav({ riffSize: 0x7ffff024, dataSize: 0x7ffff000 })],
    ["of a size that is the largest signed one", wav({ riffSize: 0x7fffffff, dataSize: 0x7fffffff })],
    ["of a size that is the largest one", wav({ riffSize: open, dataSize: open })],
    ["of nearly the largest one", wav({ riffSize: open, dataSize: open - 36 })],
    ["of no size", wav({ riffSize: 0, dataSize: 0 })],
    ["of RF64", wav({ riff: "RF64", riffSize: open, dataSize: open, before: large(1600) })],
    ["of RF64 without a size", wav({ riff: "RF64", riffSize: open, dataSize: open, before: large(0) })],
    ["of BW64", wav({ riff: "BW64", riffSize: open, dataSize: open, before: large(1600) })],
    ["behind a chunk without its last byte", wav({ before: Buffer.from("LIST\x05\0\0\0INFOx", "latin1") })],
    ["behind a chunk of odd size", wav({ before: Buffer.from("LIST\x05\0\0\0INFOx\0", "latin1") })],
    ["before other chunks", wav({ after: Buffer.from("LIST\x04\0\0\0INFO", "latin1") })],
    ["before zeros", wav({ after: Buffer.alloc(100) })],
    ["of 24 bits in 4 bytes", wav({ bits: 24, width: 4 })],
    ["without a byte rate", wav({ byteRate: 0 })],
  ])("%s", async (_, bytes) => {
    expect([...(await read(bytes))]).toEqual(expected);
  });

  test.each([
    [12, 2],
    [20, 3],
  ])("of %i bits in %i bytes", async (bits, width) => {
    expect([...(await read(wav({ bits, width })))]).toEqual(expected);
  });

  test("but for a chunk of none before another", async () => {
    const bytes = wav({ after: Buffer.from("LIST\x04\0\0\0INFO", "latin1") });
    const sound = bytes.subarray(0, 44);
    const empty = Buffer.concat([sound, bytes.subarray(44 + 1600)]);
    empty.writeUInt32LE(0, 40);
    empty.writeUInt32LE(empty.length - 8, 4);
    expect((await read(empty)).length).toBe(0);
  });
});

describe("a header is refused whose", () => {
  test.each<[string, Buffer, string]>([
    [
      "rate has a flipped bit",
      wav({ rate: 16000 ^ 4096, byteRate: 32000 }),
      "sound.wav: expected 23808 bytes a second at 11904 Hz with blocks of 2 bytes, got 32000: one of these numbers in its header is wrong",
    ],
    [
      "size of the sound has one",
      wav({ dataSize: 1600 ^ 64 }),
      "sound.wav: expected a chunk after the 1536 bytes that it says are sound, found none: its sizes contradict each other",
    ],
    [
      "samples need more than their bytes",
      wav({ bits: 24, width: 2, byteRate: 32000 }),
      "sound.wav: expected whole samples of every channel, got blocks of 2 bytes for 1 channels of 24 bits",
    ],
    [
      "samples have too many bits",
      wav({ bits: 48 }),
      "sound.wav: expected integers of 8 to 32 bits or floating point of 32 or 64, got integers of 48 bits",
    ],
  ])("%s", async (_, bytes, message) => {
    expect(await refusal(bytes)).toBe(message);
  });
});
