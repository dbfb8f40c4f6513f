/** What a user should know about a run that is not wrong is told in one line on stderr. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { stringify } from "yaml";
import { goldspike } from "../support/command.ts";
import { temporaryFolder } from "../support/temporaryFolder.ts";
import { hidden, tiny } from "../support/training/tinyTraining.ts";

const parent = temporaryFolder();
const options = {
  get cwd() {
    return parent;
  },
};
const write = (name: string, changes: Record<string, unknown>) =>
  writeFile(join(parent, name), stringify(tiny(changes)));

describe("told is", () => {
  test("a hidden layer that never spikes, once, with a way out", async () => {
    await write("silent.yaml", { network: { weights: { input_hidden: { mean: -1, sd: 0 } } } });
    const { code, stdout, stderr } = await goldspike(["train", "silent.yaml"], options);
    expect(code).toBe(0);
    const warnings = stderr.split("\n").filter((line) => line.startsWith("warning: "));
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatch(
      /no neuron of hidden has spiked in epoch 1,.*network\.weights.*regularization\.silent/,
    );
    expect([...stdout.matchAll(/ silent_neurons=(\d+) /g)].map(([, count]) => count)).toEqual([
      "8",
      "8",
      "8",
    ]);
  });

  test("what is odd about recordings, once", async () => {
    const folder = fileURLToPath(new URL("../fixtures", import.meta.url));
    const dataset = { kind: "shd", folder, train: "shd.h5", test: "shd_names.h5.gz", channels: 5 };
    await write("empty.yaml", { dataset, duration: 1000, epochs: 1, network: hidden({}) });
    const { code, stderr } = await goldspike(["train", "empty.yaml"], options);
    expect(code).toBe(0);
    expect(stderr).toMatch(/^training: 3 trials of .*shd\.h5, 6 spikes$/m);
    expect(stderr).toMatch(/^.*shd\.h5: 1 events after the trial's end left out$/m);
    expect(stderr).toMatch(/^.*shd\.h5: 1 recordings with unsorted times put in order$/m);
    expect(stderr).toMatch(/^.*shd\.h5: 1 of 3 recordings have no spike .* the first is recording 2$/m);
  });
});
