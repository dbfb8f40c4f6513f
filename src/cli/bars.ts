/** Bars on a terminal: how many of a number of things are done, and how far a download is. Elsewhere nothing is drawn. */
import cliProgress, { type Options, SingleBar } from "cli-progress";

/**
 * Of all bars. Without `gracefulExit`, which would catch Ctrl-C to tidy up a bar that its owner takes away; with `linewrap`,
 * else Ctrl-C would leave a terminal that wraps no lines.
 */
export const barStyle = {
  clearOnComplete: true,
  gracefulExit: false,
  linewrap: true,
  barsize: 20,
  barCompleteChar: "█",
  barIncompleteChar: "░",
} as const satisfies Options;

interface CountBar {
  show(count: number): void;
  /** Takes the bar away while something is printed, and then shows the count. */
  aside(count: number, print: () => void): void;
  /** Takes the bar away. */
  stop(): void;
}

/** @param before how many were done already, in a time that is not known */
export function countBar(what: string, total: number, terminal: NodeJS.WriteStream, before = 0): CountBar {
  if (!terminal.isTTY) return { show: () => {}, aside: (_, print) => print(), stop: () => {} };
  const bar = new SingleBar({
    format: `${what} [{bar}] {value} of {total}, {left} left`,
    stream: terminal,
    ...barStyle,
  });
  const start = performance.now();
  let count = before;
  // Over the whole run: a bar that was taken away begins anew.
  const left = () => {
    const each = (performance.now() - start) / 1000 / (count - before);
    const seconds = Math.ceil(each * (total - count));
    return {
      left: count === before ? "?" : cliProgress.Format.TimeFormat(seconds, { autopaddingChar: " " }, 1),
    };
  };
  bar.start(total, count, left());
  return {
    show: (its) => {
      count = its;
      bar.update(count, left());
    },
    aside: (its, print) => {
      bar.stop();
      print();
      count = its;
      bar.start(total, count, left());
    },
    stop: () => bar.stop(),
  };
}

interface DownloadBar {
  /** @param total undefined if unknown */
  show(bytes: number, total: number | undefined): void;
  /** Takes the bar away until there is more to show. */
  stop(): void;
}

/** A bar where the server says how much there is. */
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
    stop() {
      bar?.stop();
      bar = undefined;
    },
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
