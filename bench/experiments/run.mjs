// Runs an experiment of conditions.mjs. Every finished run is kept in bench/results/NAME.json at once, so that the same
// command goes on where it was stopped:
//
//   npm run build && node bench/experiments/run.mjs NAME [--data FOLDER] [--threads N]
import { readFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { parse } from "yaml";
import { replaceFile } from "../../dist/base/files.js";
import { parseWith } from "../../dist/base/parseWith.js";
import { workerThreads } from "../../dist/engine/batch/workerThreads.js";
import { loadExperiment } from "../../dist/run/experiment.js";
import { trainRun } from "../../dist/run/trainRun.js";
import { checkRunConfig } from "../../dist/training/config/check.js";
import { loadRunConfig } from "../../dist/training/config/load.js";
import { runConfigSchema } from "../../dist/training/config/run.js";
import { Trainer } from "../../dist/training/trainer.js";
import { experiments } from "./conditions.mjs";
import { machine } from "./machine.mjs";
import { merged } from "./merged.mjs";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { data: { type: "string" }, threads: { type: "string", default: "auto" } },
});
const [name] = positionals;
const experiment = experiments[name];
if (experiment === undefined) {
  console.error(
    `usage: run.mjs NAME [--data FOLDER] [--threads N], NAME one of ${Object.keys(experiments).join(", ")}`,
  );
  process.exit(2);
}
const threads = values.threads === "auto" ? "auto" : Number(values.threads);
const path = new URL(`../results/${name}.json`, import.meta.url).pathname;
const results = (await kept()) ?? { experiment: name, ...experiment, settings: await baseText(), runs: [] };

for (const seed of experiment.seeds) {
  for (const [condition, changes] of Object.entries(experiment.conditions)) {
    if (results.runs.some((run) => run.condition === condition && run.seed === seed)) continue;
    const run = await once(condition, changes, seed);
    results.runs.push(run);
    await replaceFile(path, `${JSON.stringify(results, null, 1)}\n`);
    console.log(`${condition} seed ${seed}: ${run.accuracy.toFixed(4)}, ${run.seconds.toFixed(0)} s`);
  }
}

/** What an earlier call has left, unless its settings were others. */
async function kept() {
  const text = await readFile(path, "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  const earlier = JSON.parse(text);
  const settings = ({ base, conditions, settings }) => JSON.stringify({ base, conditions, settings });
  const expected = { ...experiment, settings: await baseText() };
  if (settings(earlier) === settings(expected)) return earlier;
  console.error(`${path}: made with other settings; delete it to run the experiment anew`);
  process.exit(2);
}

/** The base configuration without its comments. */
async function baseText() {
  return parse(await readFile(new URL(`../../${experiment.base}`, import.meta.url), "utf8"));
}

async function once(condition, changes, seed) {
  const base = new URL(`../../${experiment.base}`, import.meta.url).pathname;
  const loaded = await loadRunConfig(base, { seed, data: values.data });
  const config = parseWith(runConfigSchema, changes.reduce(merged, loaded), condition);
  checkRunConfig(config, condition);
  const { config: resolved, dataset } = await loadExperiment({ ...config, threads });
  const trainer = await Trainer.create(resolved, dataset, workerThreads(threads));
  try {
    const start = performance.now();
    const listener = {
      onEpoch: ({ epoch, train }) =>
        console.error(`${condition} ${seed}: epoch ${epoch} ${train.accuracy.toFixed(4)}`),
    };
    const ended = await trainRun(trainer, { listener });
    const seconds = (performance.now() - start) / 1000;
    const last = trainer.history.at(-1);
    const { part = "test" } = experiment;
    const { trials, accuracy, loss } = (await trainer.evaluate(dataset[part], part)).score;
    return {
      condition,
      seed,
      ended,
      epochs: last.epoch,
      train: last.train.accuracy,
      trials,
      accuracy,
      loss,
      hidden_spikes: last.hiddenSpikes,
      silent_neurons: last.silentNeurons,
      seconds: Math.round(seconds),
      machine,
    };
  } finally {
    trainer.engine.close();
  }
}
