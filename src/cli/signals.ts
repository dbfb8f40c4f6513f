/** Signals that ask a long command to come to an end. */
import { constants } from "node:os";

/** Ctrl-C, the end of a job, the end of a terminal or a connection. */
const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Calls `onSignal` at the first of them; Ctrl-C after that ends the process at once. The others may well come twice: batch
 * systems signal a process and the shell that passes it on.
 *
 * @returns a function that leaves signals to themselves again
 */
export function catchSignals(onSignal: (signal: NodeJS.Signals) => void): () => void {
  let isFirst = true;
  const forget = () => {
    for (const signal of signals) process.removeListener(signal, caught);
  };
  const caught = (signal: NodeJS.Signals) => {
    if (isFirst) {
      isFirst = false;
      onSignal(signal);
      return;
    }
    if (signal !== "SIGINT") return;
    forget();
    process.kill(process.pid, signal);
  };
  for (const signal of signals) process.on(signal, caught);
  return forget;
}

/** By which shells tell of a signal. */
export function exitCodeOf(signal: NodeJS.Signals): number {
  return 128 + constants.signals[signal];
}

/** Does what a first signal must not break off: the process ends by it when the work is done. */
export async function unbroken(work: () => Promise<void>): Promise<void> {
  let caught: NodeJS.Signals | undefined;
  const forget = catchSignals((signal) => {
    caught = signal;
  });
  try {
    await work();
  } finally {
    forget();
    if (caught !== undefined) process.kill(process.pid, caught);
  }
}
