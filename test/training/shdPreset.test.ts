/** The best published setting for SHD runs from file to trained network: 7700 inputs, 512 recurrent neurons, trained τ. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { expect, onTestFinished, test } from "vitest";
import { oneThread } from "../../src/engine/batch/threads.ts";
import { loadExperiment } from "../../src/run/experiment.ts";
import { trainRun } from "../../src/run/trainRun.ts";
import { loadRunConfig } from "../../src/training/config/load.ts";
import { Trainer } from "../../src/training/trainer.ts";
import { temporaryFolder } from "../support/temporaryFolder.ts";

const fixture = fileURLToPath(new URL("../fixtures/shd_real_size.h5.gz", import.meta.url));
const preset = fileURLToPath(new URL("../../configs/shd_best.yaml", import.meta.url));

test("an epoch of the preset on a file in SHD's layout moves every kind of parameter", async () => {
  const folder = temporaryFolder(onTestFinished);
  const bytes = gunzipSync(await readFile(fixture));
  for (const name of ["shd_train.h5", "shd_test.h5"]) await writeFile(join(folder, name), bytes);
  const { config, dataset } = await loadExperiment(await loadRunConfig(preset, { data: folder, epochs: 1 }));
  // Its first steps are so small that in single precision tau_mem does not move.
  const optimizer = { ...config.optimizer, ease_in: undefined };
  const trainer = await Trainer.create({ ...config, optimizer }, dataset, oneThread);
  const { shape } = trainer.engine;
  expect(shape.inputChannels).toBe(7700);
  expect(shape.populations.map(({ population }) => population.size)).toEqual([512, dataset.classes.length]);
  const before = trainer.parameters.map((tensor) => tensor.read());
  expect(await trainRun(trainer)).toBe("epochs");
  trainer.engine.close();
  const moved = trainer.parameters.filter((tensor, k) => tensor.read().some((x, j) => x !== before[k]![j]));
  expect(moved.map(({ name }) => name)).toEqual([
    "projections[0].weight",
    "projections[1].weight",
    "projections[2].weight",
    "populations.hidden.tau_mem",
    "populations.hidden.tau_syn",
  ]);
  const [record] = trainer.history;
  expect(record!.train.loss).toBeLessThan(2 * Math.log(dataset.classes.length));
  expect(record!.validation!.trials).toBe(dataset.test!.labels.length);
});
