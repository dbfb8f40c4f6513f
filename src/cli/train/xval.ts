/** `goldspike xval`: trains once for every fold and tells how well each does on what it has not seen. */
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { Command, InvalidArgumentError } from "commander";
import { z } from "zod";
import { exists, makeFolder, replaceFile } from "../../base/files.ts";
import { readText } from "../../base/text.ts";
import { parseJson } from "../../format/parseJson.ts";
import { requireSame } from "../../run/compatible.ts";
import { type Fold, foldsOf } from "../../run/experiment.ts";
import { RunFolder, readRunConfig, requirePlace, runFile } from "../../run/runFolder.ts";
import { meanAndDeviation, wilsonInterval } from "../../training/confidence.ts";
import { loadRunConfig, type RunOverrides } from "../../training/config/load.ts";
import { resolveRun } from "../../training/config/resolve.ts";
import type { RunConfig } from "../../training/config/run.ts";
import { drivenAs } from "../../training/drive.ts";
import { intervalText, print, say } from "../lines.ts";
import { positiveInteger, withOverrides } from "../options.ts";
import { trainAndShow, trainerFor } from "./training.ts";

interface XvalOptions extends RunOverrides {
  readonly output: string;
  readonly folds: "speakers" | number;
}

export function xvalCommand(): Command {
  const command = new Command("xval")
    .description(
      "Trains once for every fold, each in a folder of its own, and prints the accuracy on " +
        "what was held out with the parameters of the selected epoch. Folds that are done " +
        "already are kept and one that was stopped goes on, so the same command continues.",
    )
    .argument("<config>", "YAML file; its `split` is replaced by the fold's")
    .requiredOption("-o, --output <dir>", "folder for the folds' folders and xval.json")
    .option("--folds <folds>", "speakers: one for each; or a number, by chance", foldCount, "speakers");
  return withOverrides(command, "file")
    .addHelpText(
      "after",
      `
The accuracy of an epoch that was selected by the held-out trials themselves is too
high: set selection.of to train in the configuration.

Examples:
  $ goldspike xval configs/fsdd.yaml --data ~/fsdd -o runs/fsdd-speakers
  $ goldspike xval configs/yinyang.yaml --folds 5 -o runs/yinyang-folds`,
    )
    .action(xval);
}

function foldCount(text: string): "speakers" | number {
  if (text === "speakers") return text;
  const count = positiveInteger(text);
  if (count < 2) throw new InvalidArgumentError("Expected speakers or an integer ≥ 2.");
  return count;
}

async function xval(path: string, { output, folds, ...overrides }: XvalOptions): Promise<void> {
  const config = await loadRunConfig(path, overrides);
  await requirePlace(output);
  const all = await foldsOf(config, folds, path);
  await makeFolder(output);
  const scores: Record<string, FoldScore> = {};
  for (const fold of all) {
    const score = await scoreOfFold(fold, join(output, fold.name), path);
    if (score === undefined) {
      say(`stopped in ${fold.name}; the same command goes on`);
      process.exitCode = 130;
      return;
    }
    scores[fold.name] = score;
    const interval = intervalText(wilsonInterval(score.accuracy, score.trials));
    print(`fold=${fold.name} accuracy=${score.accuracy.toFixed(4)} interval=${interval}\n`);
  }
  const { mean, deviation } = meanAndDeviation(Object.values(scores).map(({ accuracy }) => accuracy));
  const trials = Object.values(scores).reduce((sum, score) => sum + score.trials, 0);
  const interval = wilsonInterval(mean, trials);
  print(`mean=${mean.toFixed(4)} deviation=${deviation.toFixed(4)} interval=${intervalText(interval)}\n`);
  const accuracies = Object.fromEntries(
    Object.entries(scores).map(([name, { accuracy }]) => [name, accuracy]),
  );
  const result = { accuracies, mean, deviation, interval, selected_of: config.selection.of ?? "validation" };
  await replaceFile(join(output, "xval.json"), `${JSON.stringify(result, null, 2)}\n`);
}

/**
 * Undefined if it was interrupted.
 *
 * @param source of the configuration
 */
async function scoreOfFold(
  { name, config }: Fold,
  path: string,
  source: string,
): Promise<FoldScore | undefined> {
  const started = await exists(runFile(path, "config"));
  const done = started ? await scoreIn(path, config, source) : undefined;
  if (done !== undefined) return done;
  const trainer = await trainerFor(config, source);
  const label = `fold=${name}`;
  try {
    const folder = started ? await RunFolder.resume(path) : await RunFolder.create(path, trainer.config);
    try {
      const place = { folder, resume: started, label, again: "the same command" };
      const { outcome } = await trainAndShow(trainer, place);
      return outcome?.parts.find((part) => part.name === "validation")?.result.score;
    } finally {
      await folder.close();
    }
  } finally {
    trainer.engine.close();
  }
}

/**
 * Of a fold that is done; undefined if there is none, or one that was to end earlier or later.
 *
 * @throws ConfigError if the folder's run is of another configuration
 */
async function scoreIn(path: string, config: RunConfig, source: string): Promise<FoldScore | undefined> {
  const found = await readRunConfig(path);
  const wanted = resolveRun(drivenAs(config, found), true);
  requireSame(source, wanted, found, runFile(path, "config"), "; other settings need another folder (-o)");
  if (!isDeepStrictEqual([found.epochs, found.stopping], [wanted.epochs, wanted.stopping])) return undefined;
  // A damaged result is made again from the checkpoints.
  const result = resultSchema.safeParse(jsonIn(runFile(path, "result")));
  return result.success ? result.data.validation : undefined;
}

const foldScore = z.object({ trials: z.number(), accuracy: z.number() });
type FoldScore = z.output<typeof foldScore>;
const resultSchema = z.object({ validation: foldScore });

/** Undefined where there is no JSON. */
function jsonIn(path: string): unknown {
  try {
    return parseJson(readText(path), path);
  } catch {
    return undefined;
  }
}
