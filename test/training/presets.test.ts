/** Every configuration in configs/ is complete, resolves, and describes a network that can be built. */
import { readdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { elementary } from "../../src/engine/kernel/elementary.ts";
import { buildNetwork } from "../../src/model/buildNetwork.ts";
import { loadRunConfig } from "../../src/training/config/load.ts";
import { resolveRun } from "../../src/training/config/resolve.ts";
import { drivenAs } from "../../src/training/drive.ts";
import { initialNetwork } from "../../src/training/initialize.ts";

const folder = fileURLToPath(new URL("../../configs", import.meta.url));
const names = readdirSync(folder).sort();

test("there is one for each experiment", () => {
  expect(names).toEqual([
    "fsdd.yaml",
    "gsc15.yaml",
    "gsc15_paper.yaml",
    "latency_mnist.yaml",
    "latency_mnist_paper.yaml",
    "own_words.yaml",
    "shd_base_first_spike_exp.yaml",
    "shd_base_max.yaml",
    "shd_base_sum.yaml",
    "shd_base_sum_exp.yaml",
    "shd_best.yaml",
    "ssc_best.yaml",
    "synthetic_digits.yaml",
    "yinyang.yaml",
    "yinyang_paper.yaml",
  ]);
});

/** Whether the data set, split as the preset says, has a validation part. */
const validated = /^(shd|ssc|own)_|^gsc15/;

describe.each(names)("%s", (name) => {
  test("resolves, and builds a network", async () => {
    const preset = await loadRunConfig(join(folder, name));
    // As if data had been there to find weights by.
    const found = { network: { weights: { input_hidden: { mean: 0, sd: 1 } } } } as never;
    const config = resolveRun(drivenAs(preset, found), validated.test(name));
    const network = initialNetwork(config, 5, 3, await elementary());
    expect(buildNetwork(network)).toEqual(network);
  });

  test("shows editors its schema", async () => {
    const text = await readFile(join(folder, name), "utf8");
    expect(text.split("\n", 1)).toEqual(["# yaml-language-server: $schema=../schema/run.schema.json"]);
  });
});
