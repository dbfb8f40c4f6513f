/** From the file of one sound to its spikes. */
import { ConfigError } from "../../base/errors.ts";
import { Ear } from "../../ear/ear.ts";
import { readWav, resampled } from "../../ear/sound.ts";
import type { ShdSpikes } from "../shd/writeShdFile.ts";

export interface EncodeOptions {
  /** Places along the membrane. */
  readonly channels: number;
  /** ms; sounds are cut, or filled up with silence, to this length. Absent: each has its own. */
  readonly duration?: number | undefined;
  /** Of the fibres' releases. */
  readonly seed: number;
}

/** Hz, at which the recordings of SHD were made. */
const earRate = 48000;

/** One that hears as the recordings of SHD were heard. */
export function createEar({ channels }: Pick<EncodeOptions, "channels">): Promise<Ear> {
  return Ear.create({ channels, rate: earRate });
}

/**
 * The spikes of one WAV file, the recording's number being what its releases are drawn by besides the seed.
 *
 * @throws ConfigError one line that names the file and what is wrong with it
 */
export async function spikesOf(
  path: string,
  ear: Ear,
  recording: number,
  { duration, seed }: EncodeOptions,
): Promise<ShdSpikes> {
  const sound = await readWav(path);
  try {
    const samples = await resampled(sound, ear.rate);
    return ear.hear(
      duration === undefined ? samples : ofLength(samples, duration * ear.rate),
      seed,
      recording,
    );
  } catch (error) {
    throw error instanceof ConfigError ? new ConfigError(`${path}: ${error.message}`) : error;
  }
}

function ofLength(samples: Float64Array, millisamples: number): Float64Array {
  const cut = new Float64Array(Math.round(millisamples / 1000));
  cut.set(samples.subarray(0, cut.length));
  return cut;
}
