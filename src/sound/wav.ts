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
  readonly numChannels: number;
  readonly sampleRate: number;
  readonly bitsPerSample: number;
  readonly blockAlign: number;
}

/**
 * The mean of a file's channels.
 *
 * @throws ConfigError one line that names the file: it cannot be read, is too large or long, is not a WAV, or is cut off
 */
export async function readWav(path: string): Promise<Sound> {
  const bytes = await contentOf(path);
  if (bytes.length === 0) throw new ConfigError(`${path}: expected a WAV file, got an empty one`);
  const file = parsed(bytes, path);
  const { numChannels, sampleRate, bitsPerSample, blockAlign } = file.fmt as Format;
  const { chunkSize, samples } = file.data as { chunkSize: number; samples: Uint8Array };
  if (chunkSize !== samples.length) {
    throw new ConfigError(
      `${path}: expected ${chunkSize} bytes of sound, found ${samples.length}: it is cut off`,
    );
  }
  const seconds = samples.length / blockAlign / sampleRate;
  if (seconds > longestSound) {
    const expected = `expected at most ${longestSound} s of sound`;
    throw new ConfigError(`${path}: ${expected}, got ${seconds.toFixed(1)} s; cut it into words`);
  }
  const floating = file.bitDepth === "32f" || file.bitDepth === "64";
  const scale = floating ? 1 : 2 ** (bitsPerSample - 1);
  // Integers of 8 bits are unsigned.
  const middle = !floating && bitsPerSample <= 8 ? scale : 0;
  const read = blockAlign > 0 && samples.length >= blockAlign ? file.getSamples(false, Float64Array) : [];
  const channels = (numChannels === 1 ? [read] : read) as unknown as Float64Array[];
  const mixed = Float64Array.from(
    { length: channels[0]!.length },
    (_, n) => channels.reduce((sum, channel) => sum + (channel[n]! - middle), 0) / (scale * numChannels),
  );
  return { samples: mixed, rate: sampleRate };
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
    const file = new wavefile.WaveFile(bytes);
    if (/^(8|16|24|32|32f|64)$/.test(file.bitDepth)) return file;
    throw new Error(`samples are coded as ${file.bitDepth}`);
  } catch (error) {
    const reason = (error as Error).message.replace(/\.$/, "").toLowerCase();
    throw new ConfigError(`${path}: expected a WAV file of integers or floating point (${reason})`);
  }
}
