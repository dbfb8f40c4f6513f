/** `goldspike sweep prepare`: the folder of a study, for workers that are begun by others. */
import { Command } from "commander";
import { prepareStudy, studyFor } from "../../study/studyFolder.ts";
import { say } from "../lines.ts";

export function prepareCommand(): Command {
  return new Command("prepare")
    .summary("make a study's folder, train nothing yet")
    .description("Checks a study and makes its folder, for workers on other machines.")
    .argument("<study>", "YAML file; its paths are relative to its own folder")
    .requiredOption("-o, --output <dir>", "folder of the study, which the workers share")
    .option("--data <dir>", "folder of the data set's files, in place of the base's; the study keeps it")
    .addHelpText(
      "after",
      `
Examples:
  $ goldspike sweep prepare studies/losses.yaml -o /shared/losses --data /shared/shd
  $ goldspike sweep work /shared/losses`,
    )
    .action(prepare);
}

async function prepare(path: string, { output, data }: { output: string; data?: string }): Promise<void> {
  const study = await studyFor(output, path, data);
  await prepareStudy(study);
  say(`${study.points.length} points in ${output}`);
}
