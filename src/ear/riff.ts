/**
 * The two chunks of a RIFF WAVE file that make its sound, found by the sizes that the others give (IBM and Microsoft,
 * Multimedia Programming Interface and Data Specifications 1.0, 1991; RF64 and BW64: EBU Tech 3306, ITU-R BS.2088).
 */
import { ConfigError } from "../base/errors.ts";

export interface RiffWave {
  /** 1: integers, 3: floating point; of the extensible format, the one it stands for. */
  readonly format: number;
  readonly channels: number;
  /** Hz */
  readonly rate: number;
  /** Bytes a second, as the file says. */
  readonly byteRate: number;
  /** Of a sample; they are the upper ones of its bytes. */
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

/**
 * Writers that cannot go back, as to a pipe, leave the largest size there is, signed or unsigned, one that is nearly as
 * large, or none; files of more than 4 GiB keep theirs in `ds64`. Files that are read here never have as much.
 */
function isUnknown(size: number): boolean {
  return size === 0 || size >= 0x7ffff000;
}

/** @throws ConfigError one line that names the file: it is no WAV, has no format or no sound, or is cut off */
export function readRiff(bytes: Uint8Array, path: string): RiffWave {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const kind = name(view, 0);
  if (!["RIFF", "RIFX", "RF64", "BW64"].includes(kind) || name(view, 8) !== "WAVE")
    throw new ConfigError(`${path}: expected a WAV file, got one that does not start as one`);
  const little = kind !== "RIFX";
  let [format, large]: (Chunk | undefined)[] = [];
  for (const chunk of chunks(view, little)) {
    if (chunk.id === "fmt " && chunk.size >= 16) format = chunk;
    if (chunk.id === "ds64" && chunk.size >= 16) large = chunk;
    if (chunk.id !== "data") continue;
    if (format === undefined || format.at + format.size > bytes.length) break;
    const size = sizeOf(view, chunk, kind === "RF64" || kind === "BW64" ? large : undefined);
    const found = bytes.length - chunk.at;
    if (size > found)
      throw new ConfigError(`${path}: expected ${size} bytes of sound, found ${found}: it is cut off`);
    const end = chunk.at + size;
    if (!isFilled(view, end, little))
      throw new ConfigError(
        `${path}: expected a chunk after the ${size} bytes that it says are sound, found none: its sizes contradict each other`,
      );
    const data = bytes.subarray(chunk.at, end);
    return { ...formatOf(view, format, little), little, data };
  }
  throw new ConfigError(`${path}: expected a WAV file, found no ${format ? "data" : "fmt"} chunk in it`);
}

/** Chunks start at even places; some writers forget the byte that fills up an odd one. */
function* chunks(view: DataView, little: boolean, from = 12): Generator<Chunk> {
  for (let at = from; at + 8 <= view.byteLength; ) {
    const size = view.getUint32(at + 4, little);
    yield { id: name(view, at), at: at + 8, size };
    at = padded(view, at + 8 + size, size);
  }
}

function padded(view: DataView, end: number, size: number): number {
  return size % 2 === 1 && (isId(name(view, end + 1)) || !isId(name(view, end))) ? end + 1 : end;
}

/** Whether there are chunks, or zeros, from the sound to the end, where a file says rightly how long it is. */
function isFilled(view: DataView, end: number, little: boolean): boolean {
  if (8 + view.getUint32(4, little) !== view.byteLength) return true;
  for (const { id } of chunks(view, little, padded(view, end, end))) if (!isId(id)) return id === "\0\0\0\0";
  return true;
}

function isId(text: string): boolean {
  return /^[A-Za-z][\w -]{3}$/.test(text);
}

function name(view: DataView, at: number): string {
  if (at + 4 > view.byteLength) return "";
  return String.fromCharCode(...[0, 1, 2, 3].map((k) => view.getUint8(at + k)));
}

/** Of the samples; what `ds64` holds comes after the size of the whole file. All that follows where nobody knows it. */
function sizeOf(view: DataView, { at, size }: Chunk, large: Chunk | undefined): number {
  const known = large && size === 0xffffffff ? Number(view.getBigUint64(large.at + 8, true)) : size;
  return isUnknown(known) && !isEmptyBefore(view, at, known) ? view.byteLength - at : known;
}

/** A chunk without a size may have nothing in it, where another follows at once. */
function isEmptyBefore(view: DataView, at: number, size: number): boolean {
  if (size !== 0 || !isId(name(view, at))) return false;
  return at + 8 + view.getUint32(at + 4, true) <= view.byteLength + 1;
}

function formatOf(view: DataView, { at, size }: Chunk, little: boolean): Omit<RiffWave, "little" | "data"> {
  const word = (offset: number) => view.getUint16(at + offset, little);
  const code = word(0);
  return {
    // The first two bytes of the subformat are the code that it extends.
    format: code === extensible && size >= 26 ? word(24) : code,
    channels: word(2),
    rate: view.getUint32(at + 4, little),
    byteRate: view.getUint32(at + 8, little),
    frame: word(12),
    bits: word(14),
  };
}
