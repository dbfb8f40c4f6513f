/** Sounds to recordings: one ear hears them all, each with releases of its own. */
import { ConfigError } from "../../base/errors.ts";
import { Ear } from "../../ear/ear.ts";
import { readWav, resampled } from "../../ear/sound.ts";
import type { Samples } from "../dataset.ts";
import { type ShdContent, type ShdSpikes, secondsOf } from "../shd/writeShdFile.ts";
import type { Label } from "./labels.ts";

interface EncodeOptions {
  /** Places along the membrane. */
  readonly channels: number;
  /** ms; sounds are cut, or filled up with silence, to this length. Absent: each has its own. */
  readonly duration?: number | undefined;
  /** Of the fibres' releases. */
  readonly seed: number;
}

/** Hz, at which the recordings of SHD were made. */
export const earRate = 48000;

/**
 * The recordings of WAV files, in their order; `onSound` is called after each. Classes and speakers are in the order of their
 * names, numbers by value.
 *
 * @throws ConfigError one line that names the file and what is wrong with it
 */
export async function encodeSounds(
  paths: readonly string[],
  labelOf: (path: string) => Label,
  options: EncodeOptions,
  onSound: (count: number) => void = () => {},
): Promise<ShdContent> {
  const labels = paths.map(labelOf);
  const classes = namesOf(labels.map(({ word }) => word));
  const known = labels.every(({ speaker }) => speaker !== undefined);
  const speakerNames = known ? namesOf(labels.map(({ speaker }) => speaker!)) : [];
  const ear = await Ear.create({ channels: options.channels, rate: earRate });
  const spikes: ShdSpikes[] = [];
  for (const [k, path] of paths.entries()) {
    spikes.push(await spikesOf(path, ear, k, options));
    onSound(k + 1);
  }
  return {
    labels: labels.map(({ word }) => classes.indexOf(word)),
    classes,
    spikes,
    ...(known && { speakers: labels.map(({ speaker }) => speakerNames.indexOf(speaker!)), speakerNames }),
  };
}

/** The spikes of one WAV file, the recording's number being what its releases are drawn by besides the seed. */
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

function namesOf(values: readonly string[]): string[] {
  return [...new Set(values)].sort(new Intl.Collator("en", { numeric: true }).compare);
}

/**
 * Encoded sounds as trials whose labels, all 0, mean nothing, with the times that a file would give them.
 *
 * @param source starts messages
 */
export function samplesOf(spikes: readonly ShdSpikes[], source: string): Samples {
  const offsets = new Uint32Array(spikes.length + 1);
  for (const [k, { channels }] of spikes.entries()) offsets[k + 1] = offsets[k]! + channels.length;
  const total = offsets[spikes.length]!;
  const [times, sources] = [new Float64Array(total), new Uint16Array(total)];
  for (const [k, recording] of spikes.entries()) {
    const milliseconds = Float64Array.from(secondsOf(recording.times), (second) => 1000 * second);
    times.set(milliseconds, offsets[k]);
    sources.set(recording.channels, offsets[k]);
  }
  return { source, labels: new Uint16Array(spikes.length), offsets, times, sources, dropped: 0 };
}
