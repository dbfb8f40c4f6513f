/** What is in a file of recordings, in numbers; and what a user should know of it where something about it is odd. */
import type { Samples } from "./dataset.ts";
import { type ShdRecordings, withShdRecordings } from "./shd/shdRecordings.ts";

export interface FileStatistics {
  readonly recordings: number;
  readonly classes: readonly Share[];
  /** Who spoke, if the file says so. */
  readonly speakers: readonly Share[] | undefined;
  /** Channels with at least one spike; the numbers are undefined if none has. */
  readonly channels: { readonly used: number; readonly lowest?: number; readonly highest?: number };
  /** Numbers of speakers for whom a file that names speakers has no name. */
  readonly unnamedSpeakers: readonly number[];
  /** ms of the last spike, undefined without spikes. */
  readonly lastSpike: number | undefined;
  /** ms from 0 to the last spike of a recording, of those that have any. */
  readonly duration: Spread | undefined;
  /** Of the file and of a recording. */
  readonly spikes: Spread & { readonly total: number };
  /** Share of the spikes at or after 1000 ms, where trials usually end. */
  readonly lateSpikes: number;
  readonly emptyRecordings: number;
  /** Recordings whose times are not in order. */
  readonly unsortedRecordings: number;
}

interface Spread {
  readonly min: number;
  readonly median: number;
  readonly mean: number;
  readonly max: number;
}

export interface Share {
  /** Name or number; with the number where others have the same name. */
  readonly name: string;
  readonly recordings: number;
}

/** Any unit that fits in 16 bits counts: the question is what is there, not whether it is right for some network. */
const mostChannels = 65536;

/** @throws ConfigError as `withShdRecordings` */
export function fileStatistics(path: string): Promise<FileStatistics> {
  return withShdRecordings(path, mostChannels, statistics);
}

async function statistics(file: ShdRecordings): Promise<FileStatistics> {
  const { labels, classes, speakers, speakerNames } = file;
  const { counts, durations, used, late, unsorted } = await survey(file);
  const duration = durations.length > 0 ? spread(durations) : undefined;
  const total = sum(counts);
  return {
    recordings: labels.length,
    classes: shares(labels, classes),
    speakers: speakers && shares(speakers, speakerNames),
    unnamedSpeakers: [...new Set(speakerNames && speakers)].filter(
      (number) => number >= speakerNames!.length,
    ),
    channels: channelsUsed(used),
    lastSpike: duration?.max,
    duration,
    spikes: { total, ...spread(counts) },
    lateSpikes: total > 0 ? late / total : 0,
    emptyRecordings: counts.filter((count) => count === 0).length,
    unsortedRecordings: unsorted,
  };
}

/** One pass over all recordings, of which one at a time is in memory. */
async function survey(file: ShdRecordings) {
  const counts: number[] = [];
  const durations: number[] = [];
  const used = new Uint8Array(mostChannels);
  let late = 0;
  let unsorted = 0;
  for await (const { times, sources, ascended } of file.read()) {
    counts.push(times.length);
    for (const channel of sources) used[channel] = 1;
    for (const time of times) if (time >= 1000) late++;
    if (times.length > 0) durations.push(times.at(-1)!);
    if (!ascended) unsorted++;
  }
  return { counts, durations, used, late, unsorted };
}

function channelsUsed(used: Uint8Array): FileStatistics["channels"] {
  const lowest = used.indexOf(1);
  if (lowest < 0) return { used: 0 };
  return { used: used.reduce((sum, one) => sum + one, 0), lowest, highest: used.lastIndexOf(1) };
}

function spread(numbers: readonly number[]): Spread {
  if (numbers.length === 0) return { min: 0, median: 0, mean: 0, max: 0 };
  const ordered = [...numbers].sort((a, b) => a - b);
  const middle = (ordered.length - 1) / 2;
  const median = (ordered[Math.floor(middle)]! + ordered[Math.ceil(middle)]!) / 2;
  return { min: ordered[0]!, median, mean: sum(numbers) / numbers.length, max: ordered.at(-1)! };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((all, number) => all + number, 0);
}

/** How many recordings each has: in the order of the numbers, and all that have a name even if nothing else. */
function shares(numbers: Uint16Array, names: readonly string[] = []): Share[] {
  const counts = new Map<number, number>(names.map((_, number) => [number, 0]));
  for (const number of numbers) counts.set(number, (counts.get(number) ?? 0) + 1);
  const nameOf = (number: number) => {
    const name = names[number] ?? String(number);
    return names.indexOf(name) === names.lastIndexOf(name) ? name : `${name} (${number})`;
  };
  return [...counts]
    .sort(([a], [b]) => a - b)
    .map(([number, recordings]) => ({ name: nameOf(number), recordings }));
}

/** One line for each oddity of trials that are used all the same. */
export function remarks(samples: Samples): string[] {
  const { source, labels, dropped, unsorted = 0 } = samples;
  const empty = emptyTrials(samples);
  const lines: string[] = [];
  if (dropped > 0) lines.push(`${source}: ${dropped} events after the trial's end left out`);
  if (unsorted > 0) lines.push(`${source}: ${unsorted} recordings with unsorted times put in order`);
  if (empty.length > 0) {
    lines.push(
      `${source}: ${empty.length} of ${labels.length} recordings have no spike before the trial's end, the first is ` +
        `recording ${empty[0]}`,
    );
  }
  return lines;
}

function emptyTrials({ offsets, labels }: Samples): number[] {
  return [...labels.keys()].filter((trial) => offsets[trial] === offsets[trial + 1]);
}

/** The channels of the Spiking Heidelberg Digits, and what a configuration has unless it says another number. */
const usualChannels = 700;

/** One line for each oddity of a file, before training with it. */
export function fileRemarks(path: string, { channels, unnamedSpeakers }: FileStatistics): string[] {
  const lines: string[] = [];
  const { highest = 0 } = channels;
  if (highest >= usualChannels) {
    const way = `training needs dataset.channels: ${highest + 1} or more`;
    lines.push(`${path}: units reach ${highest}, beyond the ${usualChannels} of SHD; ${way}`);
  }
  if (unnamedSpeakers.length > 0) {
    const first = Math.min(...unnamedSpeakers);
    const who =
      unnamedSpeakers.length === 1 ? `speaker ${first} has` : `${unnamedSpeakers.length} speakers have`;
    const which = unnamedSpeakers.length === 1 ? "" : `, the first is ${first}`;
    lines.push(`${path}: ${who} no name in /extra/meta_info/speaker_name${which}; numbers stand for names`);
  }
  return lines;
}
