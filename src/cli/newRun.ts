/** A run of its own: trained in a new folder, and brought to its end. */
import { readdir } from "node:fs/promises";
import { basename, extname, join } from "node:path";
import { RunFolder } from "../run/runFolder.ts";
import type { RunConfig } from "../training/config/run.ts";
import { runShown, type ShownRun, summary, trainerFor } from "./training.ts";

/**
 * Trains as a configuration says and tells how it ended.
 *
 * @param source the file of the configuration; the run is named after it
 * @param output its folder, if not a new one in runs/
 * @param look gets the run before it is closed
 */
export async function newRun(
  config: RunConfig,
  source: string,
  output: string | undefined,
  look: (run: ShownRun) => void = () => {},
): Promise<void> {
  const place = output ?? (await freeFolder(source));
  // Before the data are read, which may take a while.
  await RunFolder.requireFree(place);
  const trainer = await trainerFor(config, source);
  const folder = await RunFolder.create(place, trainer.config);
  try {
    const run = await runShown(trainer, { folder, resume: false });
    look(run);
    console.error(summary(run, folder));
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
