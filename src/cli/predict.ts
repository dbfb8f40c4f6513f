/** `goldspike predict`: which word a sound is, by a trained run. */
import { Command } from "commander";
import { ConfigError } from "../base/errors.ts";
import { samplesOf } from "../data/encode/encodeSounds.ts";
import { soundFiles } from "../data/encode/soundFiles.ts";
import { createEar, spikesOf } from "../data/encode/spikesOf.ts";
import { readCheckpoint } from "../run/checkpoint.ts";
import { type Recognized, recognize } from "../run/recognize.ts";
import { runFile } from "../run/runFolder.ts";
import { countBar } from "./bars.ts";
import { print, printJson, say } from "./lines.ts";
import { seed, soundDurationOption } from "./options.ts";

interface PredictOptions {
  readonly run: string;
  readonly duration?: number;
  readonly seed: number;
  readonly json?: boolean;
}

/** Classes that a line names. */
const named = 3;

export function predictCommand(): Command {
  return new Command("predict")
    .description(
      "Turns WAV files into spikes as `goldspike encode` does, runs the network of a " +
        "trained run on them, and prints the word and the best class scores of each. " +
        "The run must have been trained on recordings of that model of the ear, such " +
        "as SHD, SSC or what `goldspike encode` writes.",
    )
    .argument("<sound...>", "WAV files, or folders of them")
    .requiredOption("--run <dir>", "folder of the trained run; its selected epoch is used")
    .addOption(soundDurationOption())
    .option("--seed <n>", "seed of the nerve fibres' releases", seed, 0)
    .option("--json", "print one JSON object per sound with all scores")
    .addHelpText(
      "after",
      `
Examples:
  $ goldspike predict --run runs/words yes.wav no.wav
  $ goldspike predict --run runs/words recordings/ --json

Exit codes: 2 if a file is not a sound or the run was trained on something else.`,
    )
    .action(predict);
}

async function predict(
  sounds: readonly string[],
  { run, duration, seed, json }: PredictOptions,
): Promise<void> {
  const checkpoint = await readCheckpoint(runFile(run, "best"));
  const { configuration } = checkpoint;
  const { dataset } = configuration;
  if (dataset.kind !== "shd") {
    throw new ConfigError(
      `${run}: expected a run trained on recordings of sounds, got dataset.kind ${dataset.kind}`,
    );
  }
  const paths = await soundFiles(sounds);
  const { channels } = dataset;
  const ear = await createEar({ channels });
  const bar = countBar("encoding", paths.length, process.stderr);
  const spikes = [];
  try {
    for (const [k, path] of paths.entries()) {
      // Each as if it were alone: what a sound is taken for does not depend on its company.
      spikes.push(await spikesOf(path, ear, 0, { channels, duration, seed }));
      bar.show(k + 1);
    }
  } finally {
    bar.stop();
  }
  const { recognized, dropped } = await recognize(checkpoint, samplesOf(spikes, "the sounds"), channels);
  const end = `the run's ${configuration.duration} ms`;
  if (dropped > 0) say(`${dropped} spikes after ${end} left out`);
  for (const [k, path] of paths.entries()) {
    const its = recognized[k]!;
    if (json) printJson({ file: path, ...its, word: its.word ?? null });
    else print(`${lineOf(path, its, `no spike within ${end}`)}\n`);
  }
}

/** The best classes first, e.g. `a.wav: seven  (seven 0.93, nine 0.05, one 0.01)`. */
function lineOf(path: string, { word, scores, spikes }: Recognized, unheard: string): string {
  if (spikes === 0) return `${path}: no answer  (${unheard})`;
  const best = Object.entries(scores)
    .sort(([, a], [, b]) => b - a)
    .slice(0, named)
    .map(([name, score]) => `${name} ${score.toFixed(2)}`);
  return `${path}: ${word ?? "no answer"}  (${best.join(", ")})`;
}
