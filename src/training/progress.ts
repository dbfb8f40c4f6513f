/** What a training run shows: one line per epoch, and on a terminal a bar that is redrawn. */
import { type Options, SingleBar } from "cli-progress";
import type { EpochRecord, Listener, Standing } from "./train.ts";

export interface ProgressOptions {
  readonly epochs: number;
  readonly batchSize: number;
  /** Numbers of trials of an epoch. */
  readonly train: number;
  readonly test: number;
  /** Gets the lines. */
  readonly output: NodeJS.WritableStream;
  /** Gets the bar if it is a terminal. */
  readonly terminal: NodeJS.WriteStream;
}

export interface Progress extends Listener {
  /** Takes the bar away; needed when a run stops in the middle of an epoch. */
  stop(): void;
}

/** Shows a run as its listener. */
export function progress(options: ProgressOptions): Progress {
  const { train, test, output, terminal } = options;
  const bar = terminal.isTTY ? new SingleBar(barOptions(terminal)) : undefined;
  const start = performance.now();
  return {
    standing(standing) {
      if (bar === undefined) return;
      const { trials, payload } = drawn(standing, options, (performance.now() - start) / 1000);
      if (bar.isActive) bar.update(trials, payload);
      else bar.start(train + test, trials, payload);
    },
    epoch(record) {
      bar?.stop();
      output.write(`${epochLine(record, train)}\n`);
    },
    stop: () => bar?.stop(),
  };
}

/** `epoch=3 train_loss=0.5121 … samples_per_second=410`; the speed is that of training. */
export function epochLine(record: EpochRecord, trainTrials: number): string {
  const pairs = {
    epoch: record.epoch,
    train_loss: record.trainLoss.toFixed(4),
    train_accuracy: record.trainAccuracy.toFixed(4),
    test_loss: record.testLoss.toFixed(4),
    test_accuracy: record.testAccuracy.toFixed(4),
    hidden_spikes: record.hiddenSpikes.toFixed(1),
    seconds: (record.trainSeconds + record.testSeconds).toFixed(1),
    samples_per_second: (trainTrials / record.trainSeconds).toFixed(0),
  };
  return Object.entries(pairs)
    .map(([name, value]) => `${name}=${value}`)
    .join(" ");
}

/**
 * Ctrl-C must work at once, and leave the terminal as it was: `gracefulExit` would catch it and wait for the event loop,
 * which a run leaves no time; without `linewrap` the terminal's own would be switched off until the bar is gone.
 */
function barOptions(terminal: NodeJS.WriteStream): Options {
  return {
    format: "epoch {epoch} {batch} [{bar}] loss {loss} acc {accuracy} {speed}/s {left} left",
    stream: terminal,
    clearOnComplete: true,
    gracefulExit: false,
    linewrap: true,
    barsize: 12,
    barCompleteChar: "█",
    barIncompleteChar: "░",
  };
}

function drawn(standing: Standing, { epochs, batchSize, train, test }: ProgressOptions, seconds: number) {
  const { epoch, part, loss, accuracy } = standing;
  const trials = standing.trials + (part === "test" ? train : 0);
  const speed = ((epoch - 1) * (train + test) + trials) / seconds;
  const left = Math.round(((epochs - epoch + 1) * (train + test) - trials) / speed);
  const batch = `batch ${Math.ceil(standing.trials / batchSize)}/${Math.ceil(train / batchSize)}`;
  const payload = {
    epoch: `${epoch}/${epochs}`,
    batch: part === "train" ? batch : "test",
    loss: loss.toFixed(3),
    accuracy: `${(100 * accuracy).toFixed(1)}%`,
    speed: speed.toFixed(0),
    left: `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`,
  };
  return { trials, payload };
}
