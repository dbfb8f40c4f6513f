/** Sounds: from WAV files, integers of 8 to 32 bits or floating point, and at another rate. */
import libsamplerate from "@alexanderolsen/libsamplerate-js";
import { ConfigError } from "../base/errors.ts";
import { cannotRead, readInput } from "../base/files.ts";
import { longestSound } from "./membraneVelocities.ts";
import { type RiffWave, readRiff } from "./riff.ts";

interface Sound {
  /** One channel; full scale is 1. Shape [samples]. */
  readonly samples: Float64Array;
  /** Hz */
  readonly rate: number;
}

/** Larger files are refused before they are read: at any usual format they hold more than is ever a word. */
const mostBytes = 256 * 2 ** 20;

/** Codes of `format`. */
const [integers, floats] = [1, 3];

/**
 * The mean of a file's channels.
 *
 * @throws ConfigError one line that names the file: it cannot be read, is too large or long, is not a WAV, is cut off, or
 *   has a sample that is not a finite number
 */
export async function readWav(path: string): Promise<Sound> {
  const bytes = contentOf(path);
  if (bytes.length === 0) throw new ConfigError(`${path}: expected a WAV file, got an empty one`);
  const wave = readRiff(bytes, path);
  const decode = decoder(wave, path);
  check(wave, path);
  return { samples: mixed(wave, decode, path), rate: wave.rate };
}

function contentOf(path: string): Uint8Array {
  try {
    return readInput(path, mostBytes);
  } catch (error) {
    throw cannotRead(path, error);
  }
}

function check(wave: RiffWave, path: string): void {
  const { rate, frame, data } = wave;
  const fail = (expected: string, got: string) => {
    throw new ConfigError(`${path}: expected ${expected}, ${got}`);
  };
  if (!(rate >= 8000 && rate <= 192000)) fail("a sample rate from 8000 to 192000 Hz", `got ${rate}`);
  checkByteRate(wave, fail);
  const seconds = Math.floor(data.length / frame) / rate;
  if (seconds > longestSound)
    fail(`at most ${longestSound} s of sound`, `got ${seconds.toFixed(1)} s; cut it into words`);
}

/** It says nothing new, and so tells a damaged header. Writers of odd sizes count the bits alone, and some write none. */
function checkByteRate(wave: RiffWave, fail: (expected: string, got: string) => void): void {
  const { channels, rate, byteRate, bits, frame } = wave;
  const right = [rate * frame, Math.floor((rate * channels * bits) / 8), 0];
  if (right.includes(byteRate)) return;
  const of = `at ${rate} Hz with blocks of ${frame} bytes`;
  fail(
    `${rate * frame} bytes a second ${of}`,
    `got ${byteRate}: one of these numbers in its header is wrong`,
  );
}

type Decoder = (view: DataView, at: number, little: boolean) => number;

/** By bytes. Full scale is 1; what lacks bits has them in its upper ones, and integers of one byte are unsigned. */
const ofIntegers: Readonly<Record<number, Decoder>> = {
  1: (view, at) => (view.getUint8(at) - 128) / 128,
  2: (view, at, little) => view.getInt16(at, little) / 2 ** 15,
  3: (view, at, little) => {
    const high = view.getInt8(little ? at + 2 : at);
    return (high * 65536 + view.getUint16(little ? at : at + 1, little)) / 2 ** 23;
  },
  4: (view, at, little) => view.getInt32(at, little) / 2 ** 31,
};

const ofFloats: Readonly<Record<number, Decoder>> = {
  4: (view, at, little) => view.getFloat32(at, little),
  8: (view, at, little) => view.getFloat64(at, little),
};

function decoder({ format, bits, frame, channels }: RiffWave, path: string): Decoder {
  const bytes = frame / channels;
  const found = format === floats ? `floating point of ${bits} bits` : `integers of ${bits} bits`;
  const known = format === floats || format === integers;
  const isRead = format === floats ? bits === 32 || bits === 64 : bits >= 8 && bits <= 32;
  if (!known || !isRead)
    throw new ConfigError(
      `${path}: expected integers of 8 to 32 bits or floating point of 32 or 64, ` +
        `got ${known ? found : `format ${format} of ${bits} bits`}`,
    );
  const decode = format === floats ? ofFloats[bits / 8] : ofIntegers[bytes];
  const fits = format === floats ? bytes === bits / 8 : bytes >= bits / 8;
  if (decode && fits) return decode;
  throw new ConfigError(
    `${path}: expected whole samples of every channel, got blocks of ${frame} bytes for ${channels} channels of ${bits} bits`,
  );
}

/** The mean of the channels. */
function mixed({ channels, frame, little, data }: RiffWave, decode: Decoder, path: string): Float64Array {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  return Float64Array.from({ length: Math.floor(data.length / frame) }, (_, n) => {
    let sum = 0;
    for (let at = n * frame; at < (n + 1) * frame; at += frame / channels) sum += decode(view, at, little);
    if (Number.isFinite(sum)) return sum / channels;
    throw new ConfigError(`${path}: sample ${n}: expected a finite number, got ${sum}`);
  });
}

const { create, ConverterType } = libsamplerate;

/** s of silence behind a sound: in pieces, as it takes long ones, the converter keeps its last milliseconds to itself. */
const after = 0.1;

/**
 * The sound at `rate` Hz by band-limited interpolation of libsamplerate, in single precision if that is not its own; the pass band ends at 97 % of the lower of both
 * rates' half, and images are 145 dB below. Both rates are from 8 kHz to 192 kHz.
 */
export async function resampled({ samples, rate: from }: Sound, rate: number): Promise<Float64Array> {
  if (from === rate) return samples;
  const padded = new Float32Array(samples.length + Math.ceil(after * from));
  const scale = powerOfTwoNear(samples.reduce((most, x) => Math.max(most, Math.abs(x)), 0));
  padded.set(samples.map((x) => x / scale));
  const converter = await create(1, from, rate, { converterType: ConverterType.SRC_SINC_BEST_QUALITY! });
  try {
    const length = Math.round((samples.length * rate) / from);
    return Float64Array.from(converter.simple(padded).subarray(0, length), (x) => x * scale);
  } finally {
    converter.destroy();
  }
}

/** Dividing by it brings sounds of any size into the range of single precision and changes no digit. */
function powerOfTwoNear(size: number): number {
  return size > 0 && Number.isFinite(size) ? 2 ** Math.max(-1000, Math.floor(Math.log2(size))) : 1;
}
