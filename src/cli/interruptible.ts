/** A run that ends in order when it is told to stop. */
import type { RunFolder } from "../run/runFolder.ts";
import { type RunEnd, trainRun } from "../run/trainRun.ts";
import type { Trainer } from "../training/trainer.ts";
import { progress } from "./progress.ts";

/** Ctrl-C, the end of a job, the end of a terminal or a connection. */
const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Trains and shows it. The first signal is noticed after the batch, which keeps the thread to itself, and lets a
 * checkpoint be written; a second one ends the process at once.
 */
export async function interruptible(
  trainer: Trainer,
  folder: RunFolder,
  label: string | undefined,
): Promise<RunEnd> {
  const shown = progress({
    epochs: trainer.config.epochs,
    ...(label !== undefined && { label }),
    output: process.stdout,
    terminal: process.stderr,
  });
  const stop = new AbortController();
  const unlisten = () => {
    for (const signal of signals) process.removeListener(signal, onSignal);
  };
  const onSignal = () => {
    unlisten();
    stop.abort();
    shown.stop();
    console.error("stopping with a checkpoint; Ctrl-C once more ends at once");
  };
  for (const signal of signals) process.on(signal, onSignal);
  try {
    return await trainRun(trainer, { folder, listener: shown, signal: stop.signal });
  } finally {
    unlisten();
    shown.stop();
  }
}
