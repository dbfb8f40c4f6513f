/** What is in a file of recordings, in numbers. */
import { type ShdRecordings, withShdRecordings } from "./shdRecordings.ts";

export interface FileStatistics {
  readonly recordings: number;
  readonly classes: readonly Share[];
  /** Who spoke, if the file says so. */
  readonly speakers: readonly Share[] | undefined;
  /** Channels with at least one spike; the numbers are undefined if none has. */
  readonly channels: { readonly used: number; readonly lowest?: number; readonly highest?: number };
  /** ms of the last spike, undefined without spikes. */
  readonly lastSpike: number | undefined;
  /** Of the file and of a recording. */
  readonly spikes: {
    readonly total: number;
    readonly min: number;
    readonly median: number;
    readonly mean: number;
    readonly max: number;
  };
  /** Share of the spikes at or after 1000 ms, where trials usually end. */
  readonly lateSpikes: number;
  readonly emptyRecordings: number;
  /** Recordings whose times are not in order. */
  readonly unsortedRecordings: number;
}

export interface Share {
  /** Name or number. */
  readonly name: string;
  readonly recordings: number;
}

/** Any unit that fits in 16 bits counts: the question is what is there, not whether it is right for some network. */
const mostChannels = 65536;

/** @throws ConfigError as `withShdRecordings` */
export function fileStatistics(path: string): Promise<FileStatistics> {
  return withShdRecordings(path, mostChannels, statistics);
}

function statistics(file: ShdRecordings): FileStatistics {
  const { labels, classes, speakers, speakerNames } = file;
  const { counts, used, lastSpike, late, unsorted } = survey(file);
  const total = counts.reduce((sum, count) => sum + count, 0);
  return {
    recordings: labels.length,
    classes: shares(labels, classes),
    speakers: speakers && shares(speakers, speakerNames),
    channels: channelsUsed(used),
    lastSpike,
    spikes: { total, ...spread(counts, total) },
    lateSpikes: total > 0 ? late / total : 0,
    emptyRecordings: counts.filter((count) => count === 0).length,
    unsortedRecordings: unsorted,
  };
}

/** One pass over all recordings, of which one at a time is in memory. */
function survey(file: ShdRecordings) {
  const counts: number[] = [];
  const used = new Uint8Array(mostChannels);
  let lastSpike: number | undefined;
  let late = 0;
  let unsorted = 0;
  for (const { times, sources, ascended } of file.read()) {
    counts.push(times.length);
    for (const channel of sources) used[channel] = 1;
    for (const time of times) if (time >= 1000) late++;
    if (times.length > 0) lastSpike = Math.max(lastSpike ?? 0, times.at(-1)!);
    if (!ascended) unsorted++;
  }
  return { counts, used, lastSpike, late, unsorted };
}

function channelsUsed(used: Uint8Array): FileStatistics["channels"] {
  const lowest = used.indexOf(1);
  if (lowest < 0) return { used: 0 };
  return { used: used.reduce((sum, one) => sum + one, 0), lowest, highest: used.lastIndexOf(1) };
}

function spread(counts: readonly number[], total: number): Omit<FileStatistics["spikes"], "total"> {
  if (counts.length === 0) return { min: 0, median: 0, mean: 0, max: 0 };
  const ordered = [...counts].sort((a, b) => a - b);
  const middle = (ordered.length - 1) / 2;
  const median = (ordered[Math.floor(middle)]! + ordered[Math.ceil(middle)]!) / 2;
  return { min: ordered[0]!, median, mean: total / counts.length, max: ordered.at(-1)! };
}

/** How many recordings each has: in the order of the numbers, and all that have a name even if nothing else. */
function shares(numbers: Uint16Array, names: readonly string[] | undefined): Share[] {
  const counts = new Map<number, number>((names ?? []).map((_, number) => [number, 0]));
  for (const number of numbers) counts.set(number, (counts.get(number) ?? 0) + 1);
  return [...counts]
    .sort(([a], [b]) => a - b)
    .map(([number, recordings]) => ({ name: names?.[number] ?? String(number), recordings }));
}
