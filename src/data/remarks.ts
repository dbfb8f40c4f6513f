/** What a user should know of trials that are used although something about them is odd. */
import type { Samples } from "./dataset.ts";

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
