/** What a training run shows: one line per epoch, and on a terminal a bar that is redrawn. */
import { type Options, SingleBar } from "cli-progress";
import type { Listener, Standing } from "../run/trainRun.ts";
import type { EpochRecord, EpochSeconds } from "../training/records.ts";

export interface ProgressOptions {
  readonly epochs: number;
  /** Starts every line, e.g. the name of a fold. */
  readonly label?: string;
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
  const { output, terminal, label } = options;
  const bar = terminal.isTTY ? new SingleBar(barOptions(terminal)) : undefined;
  const clock = new Clock(options.epochs);
  return {
    standing(standing) {
      if (bar === undefined) return;
      const payload = drawn(standing, options.epochs, clock.tick(standing));
      if (bar.isActive) bar.update(standing.trials, payload);
      else bar.start(standing.allTrials, standing.trials, payload);
    },
    epoch(record, seconds) {
      bar?.stop();
      output.write(`${label === undefined ? "" : `${label} `}${epochLine(record, seconds)}\n`);
    },
    stop: () => bar?.stop(),
  };
}

/** `epoch=3 train_loss=0.5121 … samples_per_second=410`; the speed is that of training. */
export function epochLine(record: EpochRecord, seconds: EpochSeconds): string {
  const { train, validation } = record;
  const pairs = {
    epoch: record.epoch,
    train_loss: train.loss.toFixed(4),
    train_accuracy: train.accuracy.toFixed(4),
    ...(validation && {
      validation_loss: validation.loss.toFixed(4),
      validation_accuracy: validation.accuracy.toFixed(4),
    }),
    hidden_spikes: record.hiddenSpikes.toFixed(1),
    silent_neurons: record.silentNeurons,
    learning_rate: record.learningRate.toExponential(3),
    seconds: (seconds.train + seconds.validation).toFixed(1),
    samples_per_second: (train.trials / seconds.train).toFixed(0),
  };
  return Object.entries(pairs)
    .map(([name, value]) => `${name}=${value}`)
    .join(" ");
}

/** Speed and time left, from what this process has done: a resumed run starts in the middle. */
class Clock {
  readonly #epochs: number;
  readonly #start = performance.now();
  #trials = 0;
  #last: Standing | undefined;

  constructor(epochs: number) {
    this.#epochs = epochs;
  }

  tick(standing: Standing): { readonly speed: number; readonly left: number } {
    const sameEpoch = this.#last?.epoch === standing.epoch;
    this.#trials +=
      standing.trials - (sameEpoch ? this.#last!.trials : this.#last === undefined ? standing.trials : 0);
    this.#last = standing;
    const speed = this.#trials / ((performance.now() - this.#start) / 1000);
    const trialsLeft = (this.#epochs - standing.epoch + 1) * standing.allTrials - standing.trials;
    return { speed, left: speed > 0 ? trialsLeft / speed : Number.NaN };
  }
}

/**
 * Signals are the run's business, not the bar's (`gracefulExit`); without `linewrap` the terminal's own would be switched
 * off until the bar is gone.
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

function drawn(
  { epoch, part, batch, batches, score }: Standing,
  epochs: number,
  clock: { speed: number; left: number },
) {
  const left = Math.round(clock.left);
  return {
    epoch: `${epoch}/${epochs}`,
    batch: part === "train" ? `batch ${batch}/${batches}` : part,
    loss: score.loss.toFixed(3),
    accuracy: `${(100 * score.accuracy).toFixed(1)}%`,
    speed: clock.speed.toFixed(0),
    left: Number.isFinite(left) ? `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}` : "–",
  };
}
