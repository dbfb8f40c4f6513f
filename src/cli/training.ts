/** What the commands that train share: a run in its folder, shown, stoppable, and brought to its end. */
import { readFile } from "node:fs/promises";
import { basename, resolve } from "node:path";
import type { RunConfig } from "../config/run.ts";
import type { Samples } from "../data/dataset.ts";
import { remarks } from "../data/remarks.ts";
import { readCheckpoint } from "../run/checkpoint.ts";
import { requireTensors } from "../run/compatible.ts";
import { loadExperiment } from "../run/experiment.ts";
import { goOn } from "../run/goOn.ts";
import { type Outcome, outcomeOf, writeOutcome } from "../run/outcome.ts";
import type { RunFolder } from "../run/runFolder.ts";
import { checkpointOf, restoreParameters } from "../run/state.ts";
import { type RunEnd, trainRun } from "../run/trainRun.ts";
import { Trainer } from "../training/trainer.ts";
import { progress } from "./progress.ts";

export interface ShownRun {
  readonly trainer: Trainer;
  readonly end: RunEnd;
  /** Undefined if the run was interrupted. */
  readonly outcome: Outcome | undefined;
}

export interface RunPlace {
  readonly folder: RunFolder;
  /** Whether to go on from the last checkpoint. */
  readonly resume: boolean;
  /** Starts every line, e.g. `fold=speaker-3`. */
  readonly label?: string;
}

/** A configuration and its data as a trainer, what they are said on stderr. */
export async function trainerFor(config: RunConfig): Promise<Trainer> {
  const experiment = await loadExperiment(config);
  const { train, validation, test } = experiment.dataset;
  const parts = { training: train, validation, test };
  // Parts of one file share what is said of the file.
  const lines = new Set<string>();
  for (const [name, samples] of Object.entries(parts)) {
    if (samples) for (const line of [described(name, samples), ...remarks(samples)]) lines.add(line);
  }
  for (const line of lines) console.error(line);
  return Trainer.create(experiment.config, experiment.dataset);
}

function described(name: string, { source, labels, times }: Samples): string {
  return `${name}: ${labels.length} trials of ${source}, ${times.length} spikes`;
}

/** Trains in a folder: lines on stdout, a bar on stderr; at the end scores, `result.json` and `report.html`. */
export async function runShown(trainer: Trainer, { folder, resume, label }: RunPlace): Promise<ShownRun> {
  if (resume) await goOn(trainer, folder);
  const start = performance.now();
  const end = await interruptible(trainer, folder, label);
  if (end === "interrupted") return { trainer, end, outcome: undefined };
  const { epoch } = trainer.selected;
  const best = await readCheckpoint(folder.file("best"));
  requireTensors(folder.file("best"), best.tensors, checkpointOf(trainer).tensors);
  restoreParameters(trainer.parameters, best);
  const outcome = await outcomeOf(
    trainer,
    epoch,
    trainer.dataset.validation ? ["validation", "test"] : ["test"],
  );
  await writeOutcome(folder, trainer, outcome, end, {
    title: basename(resolve(folder.path)),
    settings: await readFile(folder.file("config"), "utf8"),
    seconds: (performance.now() - start) / 1000,
  });
  return { trainer, end, outcome };
}

/** The first Ctrl-C lets the batch finish and a checkpoint be written; a second one ends the process at once. */
async function interruptible(
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
  const onSignal = () => stop.abort();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, onSignal);
  try {
    return await trainRun(trainer, { folder, listener: shown, signal: stop.signal });
  } finally {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.removeListener(signal, onSignal);
    shown.stop();
  }
}

/** One line about the end of a run. */
export function summary({ trainer, outcome }: ShownRun, folder: RunFolder): string {
  if (outcome === undefined) {
    const { epoch, batch } = trainer.state;
    return `stopped after batch ${batch} of epoch ${epoch}; go on with: goldspike resume ${folder.path}`;
  }
  const accuracies = outcome.parts.map(
    ({ name, result }) => `${name} accuracy ${(100 * result.score.accuracy).toFixed(2)} %`,
  );
  const { length } = trainer.history;
  return `${accuracies.join(", ")} with epoch ${outcome.epoch} of ${length}; see ${folder.file("report")}`;
}
