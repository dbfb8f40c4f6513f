/** What a user should know of a file before training with it. */
import type { FileStatistics } from "./statistics.ts";

/** The channels of the Spiking Heidelberg Digits, and what a configuration has unless it says another number. */
const usualChannels = 700;

/** One line for each oddity. */
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
