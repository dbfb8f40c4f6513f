/** A trained run as files of other programs: its network without its data, its epochs as CSV. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { csvParse } from "d3-dsv";
import { expect, test } from "vitest";
import { readCheckpoint } from "../../src/run/checkpoint.ts";
import {
  configuredTraining,
  loadCheckpoint,
  loadData,
  loadNetwork,
  parseRunConfig,
} from "../../src/training.ts";
import { goldspike } from "../support/command.ts";
import { temporaryFolder } from "../support/temporaryFolder.ts";

const folder = temporaryFolder();
const run = join(folder, "run");
const settings = {
  dataset: { kind: "yinyang" as const, train: 64, test: 32 },
  duration: 30,
  network: {
    hidden: [{ size: 12, recurrent: true, train: ["tau_mem" as const] }],
    delays: { input_hidden: { max: 4 }, hidden_output: { max: 2, train: false } },
    weights: { input_hidden: { mean: 1.5, sd: 0.8 } },
  },
  split: { kind: "random" as const, validation: 16, seed: 1 },
  epochs: 2,
};

test("they hold what the run has learnt", { timeout: 300_000 }, async () => {
  writeFileSync(join(folder, "run.yaml"), JSON.stringify(settings));
  expect((await goldspike(["train", join(folder, "run.yaml"), "-o", run])).code).toBe(0);

  const config = parseRunConfig(settings);
  const training = await configuredTraining(config, await loadData(settings));
  for (const which of ["best", "last"] as const) {
    await loadCheckpoint(training, join(run, `${which}.safetensors`), { parametersOnly: true });
    expect(await loadNetwork(run, { checkpoint: which })).toStrictEqual(training.network());
  }
  training.close();
  const npz = join(folder, "run.npz");
  expect((await goldspike(["export", run, "-o", npz, "--checkpoint", "last"])).code).toBe(0);
  expect(await loadNetwork(npz)).toStrictEqual(await loadNetwork(join(run, "last.safetensors")));

  const { code, stdout } = await goldspike(["metrics", run, "--csv"]);
  expect(code).toBe(0);
  const { history } = await readCheckpoint(join(run, "last.safetensors"));
  const rows = csvParse(stdout);
  expect(
    rows.map((row) => [row["epoch"], row["train_loss"], row["validation_accuracy"]].map(Number)),
  ).toEqual(history.map(({ epoch, train, validation }) => [epoch, train.loss, validation!.accuracy]));
  expect(Object.keys(rows[0]!)).toEqual([
    "epoch",
    "learning_rate",
    "train_trials",
    "train_loss",
    "train_accuracy",
    "validation_trials",
    "validation_loss",
    "validation_accuracy",
    "hidden_spikes",
    "silent_neurons",
    "seconds_train",
    "seconds_validation",
  ]);
  const csv = join(folder, "epochs.csv");
  await goldspike(["metrics", run, "--csv", "-o", csv]);
  expect(readFileSync(csv, "utf8")).toBe(stdout);
  const refused = await goldspike(["metrics", folder]);
  expect([refused.code, refused.stderr]).toEqual([
    2,
    `error: ${folder}: expected the folder of a run, found no config.yaml in it\n`,
  ]);
});
