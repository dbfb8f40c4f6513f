/** `goldspike sweep report`: the pages of a study as far as it has come. */
import { Command } from "commander";
import { openStudy } from "../../study/studyFolder.ts";
import { writeSummary } from "../../study/summary.ts";
import { pairsLine, print } from "../lines.ts";

export function reportCommand(): Command {
  return new Command("report")
    .summary("pictures of what a study has found so far")
    .description(
      "Writes DIR/report.html and DIR/table.csv of what is finished, also while others train: accuracy against each axis, the " +
        "best combinations and how they learned.",
    )
    .argument("<dir>", "folder of the study")
    .addHelpText(
      "after",
      `
Examples:
  $ goldspike sweep report runs/losses

Prints points=N finished=N failed=N report=FILE table=FILE.`,
    )
    .action(report);
}

async function report(path: string): Promise<void> {
  const study = await openStudy(path);
  const summary = await writeSummary(study);
  print(`${pairsLine({ points: study.points.length, ...summary })}\n`);
}
