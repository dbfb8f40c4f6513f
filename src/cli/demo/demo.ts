/** `goldspike demo`, what `npm start` runs: certified cases, then a network that learns. */
import { fileURLToPath } from "node:url";
import { Command } from "commander";
import { bundledSuite } from "../../conformance/suite/suite.ts";
import { loadRunConfig } from "../../training/config/load.ts";
import { linearAccuracy } from "../../training/linearClassifier.ts";
import { trainNewRun } from "../train/training.ts";
import { showGolden } from "./goldenTable.ts";

export function demoCommand(): Command {
  return new Command("demo")
    .description(
      "Solves the core cases of the suite and compares with their values " +
        "from arbitrary-precision arithmetic, then trains a recurrent network on the " +
        "bundled synthetic spoken digits, in a new folder in runs/, and names the " +
        "report. Under three minutes.",
    )
    .addHelpText("after", "\nExample:\n  $ goldspike demo\n\nExit codes: 1 if an error is beyond its bound.")
    .action(demo);
}

async function demo(): Promise<void> {
  await showGolden(bundledSuite);
  await showLearning();
}

/** Trains on the synthetic spoken digits, and sets the accuracy on voices it has not heard beside what counts tell. */
async function showLearning(): Promise<void> {
  const path = fileURLToPath(new URL("../../../configs/synthetic_digits.yaml", import.meta.url));
  const config = await loadRunConfig(path);
  const { size } = config.network.hidden[0]!;
  console.log(
    `\nTraining ${size} recurrent spiking neurons on spoken digits, English and German, by synthetic voices:\n`,
  );
  await trainNewRun(config, path, undefined, ({ trainer, outcome }) => {
    if (outcome === undefined) return;
    const { classes, channels, train } = trainer.dataset;
    const test = trainer.dataset.test!;
    const { score } = outcome.parts.at(-1)!.result;
    const voices = new Set(test.speakers).size;
    const linear = linearAccuracy(train, test, channels, classes.length);
    console.log(
      `\nTest accuracy ${percent(score.accuracy)} on ${score.trials} words by ${voices} voices it has not heard.\n` +
        `A linear classifier on spike counts reaches ${percent(linear)}.`,
    );
  });
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
