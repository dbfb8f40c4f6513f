/** `goldspike train`: trains a network as a YAML file says, in a folder of its own. */
import { readdir } from "node:fs/promises";
import { basename, extname, join } from "node:path";
import { Command } from "commander";
import { loadRunConfig, type RunOverrides } from "../config/load.ts";
import { RunFolder } from "../run/runFolder.ts";
import { positiveInteger, seed, threads } from "./options.ts";
import { runShown, summary, trainerFor } from "./training.ts";

interface TrainOptions extends RunOverrides {
  readonly output?: string;
}

export function trainCommand(): Command {
  return new Command("train")
    .summary("train a network as a YAML file says")
    .description(
      "Trains a network by exact gradients, in a folder that holds its settings, metrics,\n" +
        "checkpoints and, at the end, a report. Prints one line of pairs name=value per\n" +
        "epoch to stdout; on a terminal a bar shows how far the epoch is. Ctrl-C finishes\n" +
        "the batch and writes a checkpoint from which `goldspike resume` goes on.",
    )
    .argument("<config>", "YAML file; its paths are relative to its own folder")
    .option(
      "-o, --output <dir>",
      "folder of the run; default runs/NAME after the file's name, or runs/NAME-2 …",
    )
    .option("--epochs <n>", "number of epochs, in place of the file's", positiveInteger)
    .option("--seed <n>", "seed of weights, order and augmentation, in place of the file's", seed)
    .option("--data <dir>", "folder of the data set's files, in place of the file's")
    .option("--threads <n>", "number of threads, or auto; results do not depend on it", threads)
    .option("--max-events <n>", "most hidden spikes of a trial, in place of the file's", positiveInteger)
    .addHelpText(
      "after",
      `
Examples:
  $ goldspike train configs/yinyang.yaml
  $ goldspike train configs/fsdd.yaml --data ~/fsdd --seed 2 -o runs/fsdd-seed2
  $ goldspike resume runs/fsdd-seed2 --epochs 60

Exit codes: 1 if a trial or the loss gets out of hand, 2 for a wrong configuration or data set, 130 if interrupted.`,
    )
    .action(train);
}

async function train(path: string, { output, ...overrides }: TrainOptions): Promise<void> {
  const config = await loadRunConfig(path, overrides);
  const place = output ?? (await freeFolder(path));
  // Before the data are read, which may take a while.
  await RunFolder.requireFree(place);
  const trainer = await trainerFor(config);
  const folder = await RunFolder.create(place, trainer.config);
  try {
    const run = await runShown(trainer, { folder, resume: false });
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
