/** Sound from WAV files: integers of 8 to 32 bits or floating point, any rate, channels mixed down. */
import { readFile, stat } from "node:fs/promises";
import wavefile from "wavefile";
import { longestSound } from "../cochlea/membraneVelocities.ts";
import { ConfigError } from "../errors.ts";
import { cannotRead } from "../files.ts";

export interface Sound {
  /** One channel; full scale is 1. Shape [samples]. */
  readonly samples: Float64Array;
  /** Hz */
  readonly rate: number;
}

/** Larger files are refused before they are read: at any usual format they hold more than is ever a word. */
const mostBytes = 256 * 2 ** 20;

/** What `fmt` says about a file, in WAV's own terms. */
interface Format {
  readonly audioFormat: number;
  readonly subformat: readonly number[];
  readonly numChannels: number;
  readonly sampleRate: number;
  readonly bitsPerSample: number;
  readonly blockAlign: number;
}

/** The chunk of samples. */
interface Data {
  /** Bytes, by its header. */
  readonly chunkSize: number;
  readonly samples: Uint8Array;
}

/** Codes of `audioFormat`. */
const [integers, floats, extensible] = [1, 3, 0xfffe];

/** A size that streaming writers leave, since they do not know it. */
const unknownSize = 0xffffffff;

/**
 * The mean of a file's channels.
 *
 * @throws ConfigError one line that names the file: it cannot be read, is too large or long, is not a WAV, is cut off, or
 *   has a sample that is not a finite number
 */
export async function readWav(path: string): Promise<Sound> {
  const bytes = await contentOf(path);
  if (bytes.length === 0) throw new ConfigError(`${path}: expected a WAV file, got an empty one`);
  const file = parsed(bytes, path);
  const format = file.fmt as Format;
  const decode = decoder(format, path);
  const data = file.data as Data;
  check(format, data, path);
  return {
    samples: mixed(format, data.samples, decode, file.container !== "RIFX", path),
    rate: format.sampleRate,
  };
}

function check({ numChannels, sampleRate, bitsPerSample, blockAlign }: Format, data: Data, path: string) {
  const fail = (expected: string, got: string) => {
    throw new ConfigError(`${path}: expected ${expected}, ${got}`);
  };
  if (!(numChannels >= 1 && blockAlign === numChannels * (bitsPerSample / 8)))
    fail("whole samples of every channel", `got ${blockAlign} bytes for ${numChannels} channels`);
  if (!(sampleRate >= 8000 && sampleRate <= 192000))
    fail("a sample rate from 8000 to 192000 Hz", `got ${sampleRate}`);
  const { chunkSize, samples } = data;
  if (chunkSize !== samples.length && chunkSize !== unknownSize)
    fail(`${chunkSize} bytes of sound`, `found ${samples.length}: it is cut off`);
  const seconds = Math.floor(samples.length / blockAlign) / sampleRate;
  if (seconds > longestSound)
    fail(`at most ${longestSound} s of sound`, `got ${seconds.toFixed(1)} s; cut it into words`);
}

/** The mean of the channels. */
function mixed(
  { numChannels, bitsPerSample, blockAlign }: Format,
  bytes: Uint8Array,
  decode: Decoder,
  little: boolean,
  path: string,
): Float64Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Float64Array.from({ length: Math.floor(bytes.length / blockAlign) }, (_, n) => {
    let sum = 0;
    for (let at = n * blockAlign; at < (n + 1) * blockAlign; at += bitsPerSample / 8)
      sum += decode(view, at, little);
    if (Number.isFinite(sum)) return sum / numChannels;
    throw new ConfigError(`${path}: sample ${n}: expected a finite number, got ${sum}`);
  });
}

type Decoder = (view: DataView, at: number, little: boolean) => number;

/** Full scale is 1; integers of 8 bits are unsigned. By format and bits. */
const decoders: Readonly<Record<string, Decoder>> = {
  [`${integers} 8`]: (view, at) => (view.getUint8(at) - 128) / 128,
  [`${integers} 16`]: (view, at, little) => view.getInt16(at, little) / 2 ** 15,
  [`${integers} 24`]: (view, at, little) => {
    const high = view.getInt8(little ? at + 2 : at);
    return (high * 65536 + view.getUint16(little ? at : at + 1, little)) / 2 ** 23;
  },
  [`${integers} 32`]: (view, at, little) => view.getInt32(at, little) / 2 ** 31,
  [`${floats} 32`]: (view, at, little) => view.getFloat32(at, little),
  [`${floats} 64`]: (view, at, little) => view.getFloat64(at, little),
};

function decoder({ audioFormat, subformat, bitsPerSample }: Format, path: string): Decoder {
  const coded = audioFormat === extensible ? (subformat[0] ?? 0) & 0xffff : audioFormat;
  const decode = decoders[`${coded} ${bitsPerSample}`];
  if (decode) return decode;
  throw new ConfigError(
    `${path}: expected integers of 8 to 32 bits or floating point, got format ${coded} of ${bitsPerSample} bits`,
  );
}

async function contentOf(path: string): Promise<Uint8Array> {
  try {
    const { size } = await stat(path);
    if (size > mostBytes) {
      const mebibytes = (size / 2 ** 20).toFixed(0);
      throw new ConfigError(
        `${path}: expected at most 256 MiB of sound, got ${mebibytes} MiB; cut it into words`,
      );
    }
    return await readFile(path);
  } catch (error) {
    throw error instanceof ConfigError ? error : cannotRead(path, error);
  }
}

function parsed(bytes: Uint8Array, path: string): wavefile.WaveFile {
  try {
    return new wavefile.WaveFile(bytes);
  } catch (error) {
    const reason = (error as Error).message.replace(/\.$/, "").toLowerCase();
    throw new ConfigError(`${path}: expected a WAV file (${reason})`);
  }
}
