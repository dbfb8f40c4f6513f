/** `goldspike resume`: goes on with a run from its last checkpoint. */
import { Command } from "commander";
import type { RunOverrides } from "../config/load.ts";
import { RunFolder, readRunConfig } from "../run/runFolder.ts";
import { positiveInteger, threads } from "./options.ts";
import { runShown, summary, trainerFor } from "./training.ts";

export function resumeCommand(): Command {
  return new Command("resume")
    .summary("go on with a run from its last checkpoint")
    .description(
      "Goes on with a run that was stopped, has crashed, or is to train for longer. It ends\n" +
        "with the same bits as one that was never stopped.",
    )
    .argument("<run>", "folder of the run")
    .option("--epochs <n>", "train up to this many epochs, in place of the run's", positiveInteger)
    .option("--data <dir>", "folder of the data set's files, if it has moved")
    .option("--threads <n>", "number of threads, or auto; results do not depend on it", threads)
    .option("--max-events <n>", "most hidden spikes of a trial, in place of the run's", positiveInteger)
    .addHelpText(
      "after",
      `
Examples:
  $ goldspike resume runs/fsdd
  $ goldspike resume runs/fsdd --epochs 100

Exit codes: as for train.`,
    )
    .action(resume);
}

async function resume(path: string, overrides: RunOverrides): Promise<void> {
  const folder = await RunFolder.resume(path);
  try {
    const trainer = await trainerFor(await readRunConfig(path, overrides));
    try {
      const run = await runShown(trainer, { folder, resume: true });
      console.error(summary(run, folder));
      if (run.end === "interrupted") process.exitCode = 130;
    } finally {
      trainer.engine.close();
    }
  } finally {
    await folder.close();
  }
}
