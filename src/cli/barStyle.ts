/** What all progress bars have in common. */
import type { Options } from "cli-progress";

/**
 * Without `gracefulExit`, which would catch Ctrl-C to tidy up a bar that its owner takes away; with `linewrap`, else Ctrl-C
 * would leave a terminal that wraps no lines.
 */
export const barStyle = {
  clearOnComplete: true,
  gracefulExit: false,
  linewrap: true,
  barsize: 20,
  barCompleteChar: "█",
  barIncompleteChar: "░",
} as const satisfies Options;
