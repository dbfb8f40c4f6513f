/** `goldspike train`: trains a network as a YAML file says. */
import { Command, InvalidArgumentError } from "commander";
import type { Dataset, Samples } from "../data/dataset.ts";
import { replaceFile } from "../files.ts";
import { loadRunConfig, type RunConfig } from "../training/config.ts";
import { loadDataset } from "../training/loadDataset.ts";
import { progress } from "../training/progress.ts";
import { type EpochRecord, type Trained, train } from "../training/train.ts";
import { version } from "../version.ts";
import { positiveInteger } from "./options.ts";

interface TrainOptions {
  readonly epochs?: number;
  readonly seed?: number;
  readonly data?: string;
  readonly output?: string;
}

export function trainCommand(): Command {
  return new Command("train")
    .summary("train a network as a YAML file says")
    .description(
      "Trains a network by exact gradients. Prints one line of pairs name=value per\n" +
        "epoch to stdout; on a terminal a bar shows how far the epoch is.",
    )
    .argument("<config>", "YAML file; its paths are relative to its own folder")
    .option("--epochs <n>", "number of epochs, in place of the file's", positiveInteger)
    .option("--seed <n>", "seed of weights and order, in place of the file's", seed)
    .option("--data <dir>", "folder of the data set's files, in place of the file's")
    .option("-o, --output <file>", "write settings and history there as JSON when the run is complete")
    .addHelpText(
      "after",
      `
Examples:
  $ goldspike train configs/yinyang.yaml
  $ goldspike train configs/fsdd.yaml --data ~/fsdd --epochs 10 -o run.json

Exit codes: 1 if a trial or the loss gets out of hand, 2 for a wrong configuration or data set.`,
    )
    .action(run);
}

async function run(path: string, { output, ...overrides }: TrainOptions): Promise<void> {
  const config = await loadRunConfig(path, overrides);
  const dataset = await loadDataset(config);
  for (const samples of [dataset.train, dataset.test]) console.error(described(samples));
  const { history } = await trainShown(config, dataset);
  console.error(summary(history));
  if (output === undefined) return;
  const result = { version, config, history: history.map(snakeCased) };
  await replaceFile(output, `${JSON.stringify(result, null, 2)}\n`);
}

/** Trains with lines on stdout and a bar on stderr. */
export async function trainShown(config: RunConfig, dataset: Dataset): Promise<Trained> {
  const shown = progress({
    epochs: config.epochs,
    batchSize: config.batch_size,
    train: dataset.train.labels.length,
    test: dataset.test.labels.length,
    output: process.stdout,
    terminal: process.stderr,
  });
  try {
    return await train(config, dataset, shown);
  } finally {
    shown.stop();
  }
}

function described({ source, labels, times, dropped }: Samples): string {
  const left = dropped > 0 ? `, ${dropped} events after the trial's end left out` : "";
  return `${source}: ${labels.length} trials, ${times.length} spikes${left}`;
}

function summary(history: readonly EpochRecord[]): string {
  const last = history.at(-1)!;
  const seconds = history.reduce((sum, { trainSeconds, testSeconds }) => sum + trainSeconds + testSeconds, 0);
  const accuracy = (100 * last.testAccuracy).toFixed(2);
  return `test accuracy ${accuracy} % after ${history.length} epochs, ${seconds.toFixed(1)} s`;
}

/** Files have snake_case keys: `trainLoss` → `train_loss`. */
function snakeCased(record: EpochRecord): Record<string, number> {
  const entries = Object.entries(record).map(([key, value]) => [
    key.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
    value,
  ]);
  return Object.fromEntries(entries);
}

function seed(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0 || value >= 2 ** 32) {
    throw new InvalidArgumentError("Expected an integer from 0 to 4294967295.");
  }
  return value;
}
