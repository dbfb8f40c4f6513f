/** Sound at another rate, by band-limited interpolation of libsamplerate compiled to WebAssembly. */
import libsamplerate from "@alexanderolsen/libsamplerate-js";
import type { Sound } from "./wav.ts";

const { create, ConverterType } = libsamplerate;

/** s of silence behind a sound: in pieces, as it takes long ones, the converter keeps its last milliseconds to itself. */
const after = 0.1;

/**
 * The sound at `rate` Hz, in single precision if that is not its own; the pass band ends at 97 % of the lower of both
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
