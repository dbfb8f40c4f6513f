/** What a user should know of trials and files that are used although something about them is odd. */
import type { Samples } from "./dataset.ts";
import type { FileStatistics } from "./statistics.ts";

/** One line for each oddity, none for a file without any. */
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
