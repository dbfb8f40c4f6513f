/** What the commands that train share: a run in its folder, shown, and finished. */

import { readdir } from "node:fs/promises";
import { basename, extname, join } from "node:path";
import { ConfigError } from "../../base/errors.ts";
import { writeFailure } from "../../base/files.ts";
import type { Samples } from "../../data/dataset.ts";
import { remarks } from "../../data/statistics.ts";
import { type CompletedRun, completeRun } from "../../run/completeRun.ts";
import { loadExperiment, trainerOf } from "../../run/experiment.ts";
import { RunFolder, resumeHint } from "../../run/runFolder.ts";
import { wilsonInterval } from "../../training/confidence.ts";
import type { RunConfig } from "../../training/config/run.ts";
import type { Trainer } from "../../training/trainer.ts";
import { say } from "../lines.ts";
import { interruptibly } from "./progress.ts";

interface RunPlace {
  readonly folder: RunFolder;
  /** Whether to go on from the last checkpoint. */
  readonly resume: boolean;
  /** Starts every line, e.g. `fold=speaker-3`. */
  readonly label?: string;
  /** What goes on after a failure, if not `goldspike resume`. */
  readonly again?: string;
}

/**
 * A configuration and its data as a trainer, what they are said on stderr.
 *
 * @param source where the configuration stands; starts messages about it
 */
export async function trainerFor(config: RunConfig, source: string): Promise<Trainer> {
  const experiment = await loadExperiment(config, source);
  const { train, validation, test } = experiment.dataset;
  const parts = { training: train, validation, test };
  // Parts of one file share what is said of the file.
  const lines = new Set<string>();
  for (const [name, samples] of Object.entries(parts)) {
    if (samples) for (const line of [described(name, samples), ...remarks(samples)]) lines.add(line);
  }
  for (const line of lines) say(line);
  return trainerOf(experiment, source);
}

function described(name: string, { source, labels, times }: Samples): string {
  return `${name}: ${labels.length} trials of ${source}, ${times.length} spikes`;
}

/** Trains in a folder: lines on stdout, a bar on stderr; at the end scores, `result.json` and `report.html`. */
export async function trainAndShow(trainer: Trainer, place: RunPlace): Promise<CompletedRun> {
  const { folder, resume, label, again = resumeHint(folder.path) } = place;
  try {
    return await interruptibly(trainer.config.epochs, label, (watch) =>
      completeRun(trainer, folder, { resume, onRemark: say, ...watch }),
    );
  } catch (error) {
    const failure = writeFailure(error);
    if (failure === undefined) throw error;
    const first = /^(ENOSPC|EDQUOT)$/.test(failure) ? "free some space" : "see to that";
    throw new ConfigError(`${(error as Error).message}; ${first}, then: ${again}`);
  }
}

/** One line about the end of a run. */
export function summary({ trainer, outcome }: CompletedRun, folder: RunFolder): string {
  if (outcome === undefined) {
    const { epoch, batch } = trainer.state;
    return `stopped after batch ${batch} of epoch ${epoch}; go on with: ${resumeHint(folder.path)}`;
  }
  const percent = (share: number) => (100 * share).toFixed(2);
  const accuracies = outcome.parts.map(({ name, result: { score } }) => {
    const { low, high } = wilsonInterval(score.accuracy, score.trials);
    return `${name} accuracy ${percent(score.accuracy)} % (${percent(low)}–${percent(high)})`;
  });
  const { length } = trainer.history;
  return `${accuracies.join(", ")} with epoch ${outcome.epoch} of ${length}; see ${folder.file("report")}`;
}

/**
 * Trains as a configuration says and tells how it ended.
 *
 * @param source the file of the configuration; the run is named after it
 * @param output its folder, if not a new one in runs/
 * @param onEnd gets the run before it is closed
 */
export async function trainNewRun(
  config: RunConfig,
  source: string,
  output: string | undefined,
  onEnd: (run: CompletedRun) => void = () => {},
): Promise<void> {
  const place = output ?? (await freeFolder(source));
  // Before the data are read, which may take a while.
  await RunFolder.requireFree(place);
  const trainer = await trainerFor(config, source);
  const folder = await RunFolder.create(place, trainer.config);
  try {
    const run = await trainAndShow(trainer, { folder, resume: false });
    onEnd(run);
    say(summary(run, folder));
    if (run.end === "interrupted") process.exitCode = 130;
  } finally {
    trainer.engine.close();
    await folder.close();
  }
}

/** The first of runs/NAME, runs/NAME-2, … that is not there. */
async function freeFolder(path: string): Promise<string> {
  const name = basename(path, extname(path));
  const taken = new Set(await readdir("runs").catch(() => []));
  for (let k = 1; ; k++) {
    const free = k === 1 ? name : `${name}-${k}`;
    if (!taken.has(free)) return join("runs", free);
  }
}
