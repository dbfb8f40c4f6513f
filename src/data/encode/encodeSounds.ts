/** Sounds to recordings, each with releases of its own. */
import { threadCount } from "../../engine/batch/workerThreads.ts";
import type { Samples } from "../dataset.ts";
import { type ShdContent, type ShdSpikes, secondsOf } from "../shd/writeShdFile.ts";
import { hearOnThreads } from "./earThreads.ts";
import type { Label } from "./labels.ts";
import { createEar, type EncodeOptions, spikesOf } from "./spikesOf.ts";

/**
 * The recordings of WAV files, in their order; `onSound` is called after each. Classes and speakers are in the order of their
 * names, numbers by value.
 *
 * @param threads at most; what comes out does not depend on it
 * @throws ConfigError one line that names the file and what is wrong with it
 */
export async function encodeSounds(
  paths: readonly string[],
  labelOf: (path: string) => Label,
  options: EncodeOptions,
  threads: "auto" | number,
  onSound: (count: number) => void = () => {},
): Promise<ShdContent> {
  const labels = paths.map(labelOf);
  const classes = namesOf(labels.map(({ word }) => word));
  const known = labels.every(({ speaker }) => speaker !== undefined);
  const speakerNames = known ? namesOf(labels.map(({ speaker }) => speaker!)) : [];
  const count = threadCount(threads, paths.length);
  const spikes = await (count > 1
    ? hearTogether(paths, options, count, onSound)
    : hearHere(paths, options, onSound));
  return {
    labels: labels.map(({ word }) => classes.indexOf(word)),
    classes,
    spikes,
    ...(known && { speakers: labels.map(({ speaker }) => speakerNames.indexOf(speaker!)), speakerNames }),
  };
}

/** Several at a time. */
async function hearTogether(
  paths: readonly string[],
  options: EncodeOptions,
  threads: number,
  onSound: (count: number) => void,
): Promise<ShdSpikes[]> {
  const spikes: ShdSpikes[] = [];
  let done = 0;
  const sounds = paths.map((path, recording) => ({ path, recording }));
  await hearOnThreads(sounds, options, threads, {
    heard: (index, its) => {
      spikes[index] = its;
      onSound(++done);
    },
  });
  return spikes;
}

/** One after the other, in the thread that asks. */
async function hearHere(
  paths: readonly string[],
  options: EncodeOptions,
  onSound: (count: number) => void,
): Promise<ShdSpikes[]> {
  const ear = await createEar(options);
  const spikes: ShdSpikes[] = [];
  for (const [k, path] of paths.entries()) {
    spikes.push(await spikesOf(path, ear, k, options));
    onSound(k + 1);
  }
  return spikes;
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
