/** `goldspike demo`, what `npm start` runs: the golden cases, then a network that learns. */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Command } from "commander";
import { loadCase } from "../case/loadCase.ts";
import { loadRunConfig } from "../config/load.ts";
import { yinYangClass, yinYangInput } from "../data/yinyang.ts";
import { Engine, type Precision } from "../engine.ts";
import { KernelError } from "../errors.ts";
import { loadExperiment } from "../run/experiment.ts";
import { currentNetwork } from "../run/outcome.ts";
import { trainRun } from "../run/trainRun.ts";
import { configuredLoss } from "../training/configuredLoss.ts";
import { predictedClass } from "../training/prediction.ts";
import { Trainer } from "../training/trainer.ts";
import { discMap } from "./discMap.ts";
import { type Expected, type GoldenErrors, goldenErrors } from "./goldenErrors.ts";
import { progress } from "./progress.ts";

export function demoCommand(): Command {
  return new Command("demo")
    .summary("solve the golden cases, then train on Yin-Yang")
    .description(
      "Solves the bundled cases and compares with their values from\n" +
        "arbitrary-precision arithmetic, then trains a small network on the\n" +
        "Yin-Yang data set and draws what it learned. About a minute.",
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

async function showLearning(): Promise<void> {
  const { config, dataset } = await loadExperiment(await loadRunConfig(bundled("configs/yinyang.yaml")));
  const neurons = config.network.hidden[0]!.size;
  const points = dataset.train.labels.length;
  console.log(`\nTraining ${neurons} spiking neurons on Yin-Yang, ${points} points in 3 classes:\n`);
  const trainer = await Trainer.create(config, dataset);
  const shown = progress({ epochs: config.epochs, output: process.stdout, terminal: process.stderr });
  try {
    await trainRun(trainer, { listener: shown });
    await showMaps(trainer);
    const { score } = (await trainer.evaluate(dataset.test, "test"))!;
    console.log(
      `\nTest accuracy ${(100 * score.accuracy).toFixed(1)} % on ${score.trials} points it has not seen.`,
    );
  } finally {
    shown.stop();
    trainer.engine.close();
  }
}

async function showMaps(trainer: Trainer): Promise<void> {
  const { duration, precision, loss } = trainer.config;
  const engine = await Engine.create(currentNetwork(trainer), { precision, duration, maxInputSpikes: 5 });
  const learned = discMap((x, y) =>
    predictedClass(
      loss,
      engine.evaluate(yinYangInput(x, y, duration), configuredLoss(loss)).readout,
      duration,
    ),
  );
  const truth = discMap(yinYangClass);
  console.log(`\n${"The classes".padEnd(truth[0]!.length)}   What the network learned`);
  console.log(truth.map((line, k) => `${line}   ${learned[k]}`).join("\n"));
}
