/** `goldspike demo`, what `npm start` runs: the golden cases, then a network that learns. */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Command } from "commander";
import { loadCase } from "../case/loadCase.ts";
import { loadRunConfig } from "../config/load.ts";
import { Engine, type Precision } from "../engine.ts";
import { KernelError } from "../errors.ts";
import { linearAccuracy } from "../training/linearClassifier.ts";
import { type Expected, type GoldenErrors, goldenErrors } from "./goldenErrors.ts";
import { newRun } from "./newRun.ts";

export function demoCommand(): Command {
  return new Command("demo")
    .summary("solve the golden cases, then learn spoken digits")
    .description(
      "Solves the bundled cases and compares with their values from\n" +
        "arbitrary-precision arithmetic, then trains a recurrent network on the\n" +
        "bundled synthetic spoken digits, in a new folder in runs/, and names the\n" +
        "report. Under three minutes.",
    )
    .addHelpText("after", "\nExample:\n  $ goldspike demo\n\nExit codes: 1 if an error is beyond its bound.")
    .action(demo);
}

async function demo(): Promise<void> {
  await showGolden();
  await showLearning();
}

/** Files beside the compiled or the source code's folder. */
function bundled(name: string): string {
  return fileURLToPath(new URL(`../../${name}`, import.meta.url));
}

/** What errors must stay below. */
const bounds: Readonly<Record<Precision, GoldenErrors>> = {
  f64: { times: 1e-14, loss: 1e-12, gradients: 1e-12 },
  f32: { times: 1e-4, loss: 1e-3, gradients: 1e-3 },
};

async function showGolden(): Promise<void> {
  const folder = bundled("golden");
  const files = (await readdir(folder)).filter((file) => file.endsWith(".json")).sort();
  console.log(`${files.length} golden cases, largest errors against arbitrary-precision arithmetic:\n`);
  console.log(row("case", "", "spikes", "times / T", "loss", "gradients"));
  const beyond: string[] = [];
  for (const file of files) {
    for (const precision of ["f64", "f32"] as const) {
      const { spikes, errors } = await solved(join(folder, file), precision);
      const { times, loss, gradients } = errors;
      const numbers = [times, loss, gradients].map((error) => error.toExponential(1));
      console.log(row(file.replace(".json", ""), precision, String(spikes), ...numbers));
      const bound = bounds[precision];
      const good = times <= bound.times && loss <= bound.loss && gradients <= bound.gradients;
      if (!good) beyond.push(`${file} in ${precision}`);
    }
  }
  if (beyond.length > 0) throw new KernelError(`errors beyond their bounds: ${beyond.join(", ")}`);
}

function row(name: string, precision: string, ...numbers: string[]): string {
  return `  ${name.padEnd(28)}${precision.padEnd(4)}${numbers.map((text) => text.padStart(11)).join("")}`;
}

async function solved(path: string, precision: Precision) {
  const problem = await loadCase(path);
  const { expected } = JSON.parse(await readFile(path, "utf8")) as { expected: Expected };
  const { network, duration, input, loss } = problem;
  const engine = await Engine.create(network, { precision, duration, maxInputSpikes: input.times.length });
  const solution = engine.solve(input, loss);
  const spikes = Object.values(solution.spikes).reduce((sum, { times }) => sum + times.length, 0);
  return { spikes, errors: goldenErrors(expected, problem, solution) };
}

/** Trains on the synthetic spoken digits, and sets the accuracy on voices it has not heard beside what counts tell. */
async function showLearning(): Promise<void> {
  const path = bundled("configs/synthetic_digits.yaml");
  const config = await loadRunConfig(path);
  const { size } = config.network.hidden[0]!;
  console.log(
    `\nTraining ${size} recurrent spiking neurons on spoken digits, English and German, by synthetic voices:\n`,
  );
  await newRun(config, path, undefined, ({ trainer, outcome }) => {
    if (outcome === undefined) return;
    const { classes, channels, train, test } = trainer.dataset;
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
