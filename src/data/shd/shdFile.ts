/** The recordings of a file in SHD's layout as trials. */
import { checkOptions } from "../../engine/checks.ts";
import type { Samples } from "../dataset.ts";
import { type ShdRecordings, withShdRecordings } from "./shdRecordings.ts";

/** What a file of recordings holds. */
export interface ShdFile {
  /** Its recordings. */
  readonly samples: Samples;
  /** Names of the classes, if the file has them. */
  readonly classes: readonly string[] | undefined;
}

/** What is read of a file. */
export interface ShdOptions {
  /** Units are 0 … channels − 1. */
  readonly channels: number;
  /** ms; events at or after it are dropped. */
  readonly duration: number;
}

/**
 * All recordings of a file in the layout of the Spiking Heidelberg Digits, plain or packed (.gz). Two things are legal and counted, as no published file can be mended by
 * who uses it: a recording without spikes, and one whose times descend somewhere, which is sorted by time, then unit.
 *
 * @throws ConfigError for an option out of range; as `withShdRecordings`
 */
export async function readShdFile(path: string, options: ShdOptions): Promise<ShdFile> {
  checkOptions(options, {
    channels: (value) =>
      Number.isInteger(value) && (value as number) >= 1 && (value as number) <= 65536
        ? undefined
        : "expected an integer from 1 to 65536",
    duration: (value) => ((value as number) > 0 ? undefined : "expected a positive number"),
  });
  const { channels, duration } = options;
  return withShdRecordings(path, channels, async (recordings) => {
    const { labels, classes, speakers } = recordings;
    const spikes = await readSpikes(recordings, duration);
    return { samples: { source: path, labels, ...spikes, ...(speakers && { speakers }) }, classes };
  });
}

type Spikes = Pick<Samples, "offsets" | "times" | "sources" | "dropped" | "unsorted">;

async function readSpikes(recordings: ShdRecordings, duration: number): Promise<Spikes> {
  const events = await recordings.countEvents();
  const times = recordings.single ? new Float32Array(events) : new Float64Array(events);
  const sources = new Uint16Array(events);
  const offsets = new Uint32Array(recordings.labels.length + 1);
  let index = 0;
  let kept = 0;
  let unsorted = 0;
  for await (const recording of recordings.read()) {
    const count = countBefore(duration, recording.times);
    times.set(recording.times.subarray(0, count), kept);
    sources.set(recording.sources.subarray(0, count), kept);
    kept += count;
    offsets[++index] = kept;
    if (!recording.ascended) unsorted++;
  }
  return {
    offsets,
    times: times.subarray(0, kept),
    sources: sources.subarray(0, kept),
    dropped: events - kept,
    unsorted,
  };
}

/** How many of the ascending `times` are before `end`; nearly always all are, which the last one tells. */
function countBefore(end: number, times: Float64Array): number {
  let count = times.length;
  while (count > 0 && times[count - 1]! >= end) count--;
  return count;
}
