/** What a training run shows, one line per epoch and on a terminal a bar that is redrawn, and how it is interrupted. */
import { type Options, SingleBar } from "cli-progress";
import type { Listener, TrainOptions } from "../../run/trainRun.ts";
import type { Standing } from "../../training/training.ts";
import { barStyle } from "../bars.ts";
import { catchSignals } from "../signals.ts";
import { epochLine } from "./epochLine.ts";

interface ProgressOptions {
  readonly epochs: number;
  /** Starts every line, e.g. `fold=speaker-3`. */
  readonly label?: string;
  /** Gets the lines. */
  readonly output: NodeJS.WritableStream;
  /** Gets warnings, and the bar if it is a terminal. */
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
  let silentUntil = new Map<string, number>();
  return {
    onBatch(standing) {
      if (bar === undefined) return;
      const payload = drawn(standing, options.epochs, clock.tick(standing));
      if (bar.isActive) bar.update(standing.trials, payload);
      else bar.start(standing.allTrials, standing.trials, payload);
    },
    onSilence(layers, epoch) {
      // Once for as long as it lasts.
      const fresh = layers.filter((layer) => silentUntil.get(layer) !== epoch - 1);
      silentUntil = new Map(layers.map((layer) => [layer, epoch]));
      bar?.stop();
      for (const layer of fresh) terminal.write(`${silentLine(layer, epoch)}\n`);
    },
    onEpoch(record, seconds) {
      bar?.stop();
      output.write(`${epochLine({ label, record, seconds, epochs: options.epochs }, output)}\n`);
    },
    stop: () => bar?.stop(),
  };
}

function silentLine(layer: string, epoch: number): string {
  return (
    `warning: no neuron of ${layer} has spiked in epoch ${epoch}, and without spikes nothing before the output is ` +
    "learned; raise the weights into it (network.weights), or see regularization.silent"
  );
}

/** Speed and time left, from what happens after the first sign of life: a resumed run starts in the middle of an epoch. */
class Clock {
  readonly #epochs: number;
  #start = 0;
  #trials = 0;
  #last: Standing | undefined;

  constructor(epochs: number) {
    this.#epochs = epochs;
  }

  /** Trials per second and seconds, NaN while nothing is known. */
  tick(standing: Standing): { readonly speed: number; readonly left: number } {
    const now = performance.now();
    if (this.#last === undefined) this.#start = now;
    else this.#trials += standing.trials - (this.#last.epoch === standing.epoch ? this.#last.trials : 0);
    this.#last = standing;
    const speed = this.#trials / ((now - this.#start) / 1000);
    const trialsLeft = (this.#epochs - standing.epoch + 1) * standing.allTrials - standing.trials;
    return { speed, left: trialsLeft / speed };
  }
}

function barOptions(terminal: NodeJS.WriteStream): Options {
  return {
    format: "epoch {epoch} {batch} [{bar}] loss {loss} acc {accuracy} {speed}/s {left} left",
    stream: terminal,
    ...barStyle,
    barsize: 12,
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
    speed: Number.isFinite(clock.speed) ? clock.speed.toFixed(0) : "–",
    left: Number.isFinite(left) ? `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}` : "–",
  };
}

/**
 * Shows a training. The first signal is noticed after the batch, which keeps the thread to itself, and lets a checkpoint be
 * written; a second one ends the process at once.
 *
 * @param label starts every line
 */
export async function interruptibly<Result>(
  epochs: number,
  label: string | undefined,
  train: (watch: Pick<TrainOptions, "listener" | "signal">) => Promise<Result>,
): Promise<Result> {
  const shown = progress({
    epochs,
    ...(label !== undefined && { label }),
    output: process.stdout,
    terminal: process.stderr,
  });
  const stop = new AbortController();
  const unlisten = catchSignals(() => {
    stop.abort();
    shown.stop();
    console.error("stopping with a checkpoint; Ctrl-C once more ends at once");
  });
  try {
    return await train({ listener: shown, signal: stop.signal });
  } finally {
    unlisten();
    shown.stop();
  }
}
