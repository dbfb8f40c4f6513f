/** The data set a configuration names. */
import { join } from "node:path";
import type { Dataset } from "../data/dataset.ts";
import { readShdFile, type ShdFile } from "../data/shdFile.ts";
import { yinYang } from "../data/yinyang.ts";
import { ConfigError } from "../errors.ts";
import type { RunConfig } from "./config.ts";

/** @throws ConfigError as `readShdFile`; two files whose classes differ; a file without recordings */
export async function loadDataset({ dataset, duration }: RunConfig): Promise<Dataset> {
  if (dataset.kind === "yinyang") {
    const { train, test, train_seed: trainSeed, test_seed: testSeed } = dataset;
    return yinYang({ train, test, trainSeed, testSeed, duration });
  }
  const { folder, channels } = dataset;
  const train = await readShdFile(join(folder, dataset.train), { channels, duration });
  const test = await readShdFile(join(folder, dataset.test), { channels, duration });
  return { classes: commonClasses(train, test), channels, train: train.samples, test: test.samples };
}

/** The files' names of the classes; without names, as many as the labels for training need. */
function commonClasses(train: ShdFile, test: ShdFile): readonly string[] {
  for (const { samples } of [train, test]) {
    if (samples.labels.length === 0)
      throw new ConfigError(`${samples.source}: expected recordings, found none`);
  }
  const classes = train.classes ?? numbered(train.samples.labels);
  const { source, labels } = test.samples;
  if (test.classes !== undefined && test.classes.join("\n") !== classes.join("\n")) {
    throw new ConfigError(`${source}: /extra/keys: expected the classes of ${train.samples.source}`);
  }
  const wrong = labels.findIndex((label) => label >= classes.length);
  if (wrong >= 0) {
    const expected = `a label from 0 to ${classes.length - 1} as in ${train.samples.source}`;
    throw new ConfigError(`${source}: recording ${wrong}: expected ${expected}, got ${labels[wrong]}`);
  }
  return classes;
}

function numbered(labels: Uint16Array): string[] {
  const count = labels.reduce((most, label) => (label >= most ? label + 1 : most), 0);
  return Array.from({ length: count }, (_, label) => String(label));
}
