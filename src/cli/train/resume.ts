/** `goldspike resume`: goes on with a run from its last checkpoint. */

import { Command } from "commander";
import { RunFolder, readRunConfig, runFile } from "../../run/runFolder.ts";
import type { RunOverrides } from "../../training/config/load.ts";
import { say } from "../lines.ts";
import { withOverrides } from "../options.ts";
import { summary, trainAndShow, trainerFor } from "./training.ts";

export function resumeCommand(): Command {
  const command = new Command("resume")
    .description(
      "Goes on with a run that was stopped, has crashed, or is to train for longer. It ends " +
        "with the same bits as one that was never stopped.",
    )
    .argument("<run>", "folder of the run");
  return withOverrides(command, "run")
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
    const trainer = await trainerFor(await readRunConfig(path, overrides), runFile(path, "config"));
    try {
      const run = await trainAndShow(trainer, { folder, resume: true });
      say(summary(run, folder));
      if (run.end === "interrupted") process.exitCode = 130;
    } finally {
      trainer.engine.close();
    }
  } finally {
    await folder.close();
  }
}
