/** Trainers of a small run. */

import { loadDataset } from "../../../src/data/loadDataset.ts";
import { oneThread } from "../../../src/engine/batch/threads.ts";
import { resolveRun } from "../../../src/training/config/resolve.ts";
import { type RunConfig, runConfigSchema } from "../../../src/training/config/run.ts";
import { Trainer } from "../../../src/training/trainer.ts";

/** Three batches an epoch; hidden neurons spike a few times each. */
const smallRun = {
  dataset: { kind: "yinyang", train: 48, test: 30 },
  duration: 30,
  network: {
    hidden: [{ size: 12 }],
    weights: { input_hidden: { mean: 3, sd: 2 }, hidden_output: { mean: 0.2, sd: 0.5 } },
  },
  batch_size: 16,
  epochs: 3,
  precision: "f64",
  // So that gradients can be read after a step, which forms the sum over lanes in the first one's place.
  lanes: 1,
  threads: 1,
};

export function smallConfig(changes: object = {}): RunConfig {
  return runConfigSchema.parse({ ...smallRun, ...changes });
}

export async function trainerFor(changes: object = {}): Promise<Trainer> {
  const config = smallConfig(changes);
  return Trainer.create(resolveRun(config, false), await loadDataset(config), oneThread);
}
