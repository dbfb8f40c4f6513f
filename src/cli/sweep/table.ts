/** `goldspike sweep table`: what a study has found, a row a combination of settings. */
import { Command, Option } from "commander";
import { replaceFile } from "../../base/files.ts";
import { openStudy } from "../../study/studyFolder.ts";
import { studyRows } from "../../study/summary.ts";
import { csvOf, jsonOf, textOf } from "../../study/table.ts";
import { print } from "../lines.ts";

interface TableOptions {
  readonly csv?: boolean;
  readonly json?: boolean;
  readonly time?: boolean;
  readonly output?: string;
}

export function tableCommand(): Command {
  return new Command("table")
    .summary("what a study has found")
    .description(
      "Prints a row for every combination of settings: accuracies, mean and deviation over its seeds and folds. CSV and JSON " +
        "have every digit, the study's order, and the same bytes however it came about; --time adds what differs.",
    )
    .argument("<dir>", "folder of the study")
    .addOption(new Option("--csv", "separated by commas").conflicts("json"))
    .option("--json", "as JSON")
    .option("--time", "with the seconds that a run took on average")
    .option("-o, --output <file>", "write it there instead of to stdout")
    .addHelpText(
      "after",
      `
Examples:
  $ goldspike sweep table runs/losses
  $ goldspike sweep table runs/losses --csv --time -o losses.csv`,
    )
    .action(table);
}

async function table(path: string, { csv, json, time = false, output }: TableOptions): Promise<void> {
  const rows = await studyRows(await openStudy(path));
  const text = csv
    ? csvOf(rows, time)
    : json
      ? `${JSON.stringify(jsonOf(rows, time), null, 1)}\n`
      : textOf(rows);
  if (output === undefined) print(text);
  else await replaceFile(output, text);
}
