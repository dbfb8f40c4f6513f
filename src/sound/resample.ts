/** Sound at another rate, by band-limited interpolation of libsamplerate compiled to WebAssembly. */
import libsamplerate from "@alexanderolsen/libsamplerate-js";
import { ConfigError } from "../errors.ts";
import type { Sound } from "./wav.ts";

const { create, ConverterType } = libsamplerate;

/**
 * The sound at `rate` Hz, in single precision if that is not its own; the pass band ends at 97 % of the lower of both
 * rates' half, and images are 145 dB below.
 *
 * @throws ConfigError its own rate is not within 8 kHz and 192 kHz
 */
export async function resampled({ samples, rate: from }: Sound, rate: number): Promise<Float64Array> {
  if (!(from >= 8000 && from <= 192000)) {
    throw new ConfigError(`expected a sample rate from 8000 to 192000 Hz, got ${from}`);
  }
  if (from === rate) return samples;
  const converter = await create(1, from, rate, { converterType: ConverterType.SRC_SINC_BEST_QUALITY! });
  try {
    return Float64Array.from(converter.simple(Float32Array.from(samples)));
  } finally {
    converter.destroy();
  }
}
