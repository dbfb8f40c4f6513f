/**
 * The two chunks of a RIFF WAVE file that make its sound, found by the sizes that the others give (IBM and Microsoft,
 * Multimedia Programming Interface and Data Specifications 1.0, 1991; RF64: EBU Tech 3306).
 */
import { ConfigError } from "../base/errors.ts";

export interface RiffWave {
  /** 1: integers, 3: floating point; of the extensible format, the one it stands for. */
  readonly format: number;
  readonly channels: number;
  /** Hz */
  readonly rate: number;
  readonly bits: number;
  /** Bytes of one sample of all channels. */
  readonly frame: number;
  /** Order of bytes. */
  readonly little: boolean;
  /** Bytes of the samples. */
  readonly data: Uint8Array;
}

interface Chunk {
  readonly id: string;
  /** Where its content starts. */
  readonly at: number;
  readonly size: number;
}

const extensible = 0xfffe;
/** A size that writers of streams leave, since they do not know it, and files of more than 4 GiB keep in `ds64`. */
const unknownSize = 0xffffffff;

/** @throws ConfigError one line that names the file: it is no WAV, has no format or no sound, or is cut off */
export function readRiff(bytes: Uint8Array, path: string): RiffWave {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const kind = name(view, 0);
  if (!["RIFF", "RIFX", "RF64"].includes(kind) || name(view, 8) !== "WAVE")
    throw new ConfigError(`${path}: expected a WAV file, got one that does not start as one`);
  const little = kind !== "RIFX";
  let [format, large]: (Chunk | undefined)[] = [];
  for (const chunk of chunks(view, little)) {
    if (chunk.id === "fmt " && chunk.size >= 16) format = chunk;
    if (chunk.id === "ds64" && chunk.size >= 16) large = chunk;
    if (chunk.id !== "data") continue;
    if (format === undefined || format.at + format.size > bytes.length) break;
    const size = sizeOf(view, chunk, kind === "RF64" ? large : undefined);
    const found = bytes.length - chunk.at;
    if (size > found)
      throw new ConfigError(`${path}: expected ${size} bytes of sound, found ${found}: it is cut off`);
    const data = bytes.subarray(chunk.at, chunk.at + size);
    return { ...formatOf(view, format, little), little, data };
  }
  throw new ConfigError(`${path}: expected a WAV file, found no ${format ? "data" : "fmt"} chunk in it`);
}

/** Chunks start at even places. */
function* chunks(view: DataView, little: boolean): Generator<Chunk> {
  for (let at = 12; at + 8 <= view.byteLength; ) {
    const size = view.getUint32(at + 4, little);
    yield { id: name(view, at), at: at + 8, size };
    at += 8 + size + (size % 2);
  }
}

function name(view: DataView, at: number): string {
  if (at + 4 > view.byteLength) return "";
  return String.fromCharCode(...[0, 1, 2, 3].map((k) => view.getUint8(at + k)));
}

/** Of the samples; what `ds64` holds comes after the size of the whole file. */
function sizeOf(view: DataView, { at, size }: Chunk, large: Chunk | undefined): number {
  if (size !== unknownSize) return size;
  return large ? Number(view.getBigUint64(large.at + 8, true)) : view.byteLength - at;
}

function formatOf(view: DataView, { at, size }: Chunk, little: boolean): Omit<RiffWave, "little" | "data"> {
  const word = (offset: number) => view.getUint16(at + offset, little);
  const code = word(0);
  return {
    // The first two bytes of the subformat are the code that it extends.
    format: code === extensible && size >= 26 ? word(24) : code,
    channels: word(2),
    rate: view.getUint32(at + 4, little),
    frame: word(12),
    bits: word(14),
  };
}
