// Runs of these settings one after another in one process, each in a folder as `goldspike train` leaves it: what studies.mjs
// compares a sweep with.
//
//   node bench/bareTrainings.mjs FOLDER CONFIG…
import { join } from "node:path";
import { completeRun } from "../dist/run/completeRun.js";
import { loadExperiment, trainerOf } from "../dist/run/experiment.js";
import { RunFolder } from "../dist/run/runFolder.js";
import { PreparedData } from "../dist/study/preparedData.js";
import { loadRunConfig } from "../dist/training/config/load.js";

const [folder, ...configs] = process.argv.slice(2);
const data = new PreparedData();
for (const [k, path] of configs.entries()) {
  const config = await loadRunConfig(path);
  const experiment = await loadExperiment({ ...config, threads: 1 }, undefined, (its) => data.load(its));
  const trainer = await trainerOf(experiment);
  const run = await RunFolder.create(join(folder, `${process.pid}-${k}`), experiment.config);
  await completeRun(trainer, run, { resume: false });
  await run.close();
  trainer.engine.close();
}
