/** How many of a number of things are done: a bar on a terminal, else nothing. */
import { SingleBar } from "cli-progress";
import { barStyle } from "./barStyle.ts";

export interface CountBar {
  show(count: number): void;
  /** Takes the bar away. */
  stop(): void;
}

export function countBar(what: string, total: number, terminal: NodeJS.WriteStream): CountBar {
  if (!terminal.isTTY) return { show: () => {}, stop: () => {} };
  const bar = new SingleBar({
    format: `${what} [{bar}] {value} of {total}, {eta_formatted} left`,
    stream: terminal,
    ...barStyle,
  });
  bar.start(total, 0);
  return { show: (count) => bar.update(count), stop: () => bar.stop() };
}
