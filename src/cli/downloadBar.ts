/** How far a download is: a bar on a terminal, where the server says how much there is; else nothing is drawn. */
import cliProgress, { SingleBar } from "cli-progress";
import { barStyle } from "./barStyle.ts";

export interface DownloadBar {
  /** @param total undefined if unknown */
  show(bytes: number, total: number | undefined): void;
  /** Takes the bar away. */
  stop(): void;
}

export function downloadBar(file: string, terminal: NodeJS.WriteStream): DownloadBar {
  if (!terminal.isTTY) return { show: () => {}, stop: () => {} };
  let bar: SingleBar | undefined;
  let before = 0;
  let since = 0;
  return {
    show(bytes, total) {
      if (bar === undefined) {
        bar = barOn(terminal, total !== undefined);
        before = bytes;
        since = performance.now();
        bar.start(total ?? 0, bytes, { file, speed: "0.0" });
      }
      const seconds = (performance.now() - since) / 1000;
      bar.update(bytes, { speed: seconds > 0 ? megabytes((bytes - before) / seconds) : "0.0" });
    },
    stop: () => bar?.stop(),
  };
}

export function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}

function barOn(terminal: NodeJS.WriteStream, known: boolean): SingleBar {
  const amount = known ? "[{bar}] {percentage} % of {total} MB" : "{value} MB";
  return new SingleBar({
    format: `{file} ${amount}, {speed} MB/s${known ? ", {eta_formatted} left" : ""}`,
    formatValue: (value, _options, type) =>
      type === "value" || type === "total" ? megabytes(value) : String(value),
    // Nothing is known while nothing comes.
    formatTime: (seconds, options, step) =>
      Number.isFinite(seconds) ? cliProgress.Format.TimeFormat(seconds, options, step) : "?",
    stream: terminal,
    ...barStyle,
  });
}
