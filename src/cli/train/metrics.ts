/** `goldspike metrics`: the table of a run's epochs. */
import { Command } from "commander";
import { csvFormatRows } from "d3-dsv";
import { alignedTable } from "../../base/alignedTable.ts";
import { ConfigError } from "../../base/errors.ts";
import { replaceFile } from "../../base/files.ts";
import { readMetrics } from "../../run/metrics.ts";
import { readRunConfig, runFile } from "../../run/runFolder.ts";
import { print } from "../lines.ts";

interface MetricsOptions {
  readonly csv?: boolean;
  readonly output?: string;
}

export function metricsCommand(): Command {
  return new Command("metrics")
    .description(
      "Prints what a run has noted after every epoch: scores of the training and the " +
        "validation part, hidden spikes a trial, silent neurons, learning rate, seconds.",
    )
    .argument("<run>", "folder of the run")
    .option("--csv", "separated by commas, every digit, for spreadsheets and pandas")
    .option("-o, --output <file>", "write it there instead of to stdout")
    .addHelpText(
      "after",
      `
Examples:
  $ goldspike metrics runs/words
  $ goldspike metrics runs/words --csv -o words.csv
  $ python3 -c "import pandas; print(pandas.read_csv('words.csv')['validation_accuracy'].max())"

Cells of what was not measured are empty. Exit codes: 2 if it is no run's folder.`,
    )
    .action(run);
}

async function run(path: string, { csv, output }: MetricsOptions): Promise<void> {
  // Says what is wrong with a folder that holds no run.
  await readRunConfig(path);
  const file = runFile(path, "metrics");
  const rows = await readMetrics(file);
  if (rows.length === 0)
    throw new ConfigError(`${file}: expected a line of metrics, found none: no epoch has ended`);
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const text = csv ? csvOf(columns, rows) : tableOf(columns, rows);
  if (output === undefined) print(text);
  else await replaceFile(output, text);
}

type Rows = readonly Readonly<Record<string, number>>[];

function csvOf(columns: readonly string[], rows: Rows): string {
  const cells = rows.map((row) => columns.map((name) => String(row[name] ?? "")));
  return `${csvFormatRows([[...columns], ...cells])}\n`;
}

/** Four digits. */
function tableOf(columns: readonly string[], rows: Rows): string {
  const cells = rows.map((row) =>
    columns.map((name) => (row[name] === undefined ? "" : shortNumber(row[name]))),
  );
  return alignedTable(columns, cells);
}

function shortNumber(value: number): string {
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(4)));
}
