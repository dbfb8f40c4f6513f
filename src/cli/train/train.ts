/** `goldspike train`: trains a network as a YAML file says, in a folder of its own. */
import { Command } from "commander";
import { loadRunConfig, type RunOverrides } from "../../training/config/load.ts";
import { withOverrides } from "../options.ts";
import { trainNewRun } from "./training.ts";

interface TrainOptions extends RunOverrides {
  readonly output?: string;
}

export function trainCommand(): Command {
  const command = new Command("train")
    .description(
      "Trains a network by exact gradients, in a folder that holds its settings, " +
        "metrics, checkpoints and, at the end, a report. Prints one line of pairs " +
        "name=value per epoch to stdout; on a terminal a bar shows how far the epoch " +
        "is. Ctrl-C finishes the batch and writes a checkpoint from which " +
        "`goldspike resume` goes on.",
    )
    .argument("<config>", "YAML file; its paths are relative to its own folder")
    .option(
      "-o, --output <dir>",
      "folder of the run; default runs/NAME after the file's name, or runs/NAME-2 …",
    );
  return withOverrides(command, "file")
    .addHelpText(
      "after",
      `
Examples:
  $ goldspike train configs/yinyang.yaml
  $ goldspike train configs/yinyang.yaml --set optimizer.learning_rate=2e-3 --set network.hidden.0.size=60
  $ goldspike train configs/fsdd.yaml --data ~/fsdd --seed 2 -o runs/fsdd-seed2
  $ goldspike resume runs/fsdd-seed2 --epochs 60

Exit codes: 1 if a trial or the loss gets out of hand, 2 for a wrong configuration or data set, 130 if interrupted.`,
    )
    .action(train);
}

async function train(path: string, { output, ...overrides }: TrainOptions): Promise<void> {
  await trainNewRun(await loadRunConfig(path, overrides), path, output);
}
