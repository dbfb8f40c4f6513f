/** A configuration is read with its defaults; whatever is wrong in one gives one line with the place and the value. */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { stringify } from "yaml";
import { ConfigError } from "../src/errors.ts";
import { loadRunConfig } from "../src/training/config.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "goldspike-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A complete configuration as a YAML file's value, fresh on every call. */
function valid() {
  return {
    dataset: { kind: "shd", folder: "../data", train: "train.h5", test: "test.h5", channels: 700 },
    duration: 1000,
    network: { hidden: 256, recurrent: true, tau_mem: 20, tau_syn: 5 },
    weights: {
      input_hidden: { mean: 0.03, sd: 0.01 },
      hidden_hidden: { mean: 0, sd: 0.02 },
      hidden_output: { mean: 0, sd: 0.03 },
    },
    loss: { kind: "integral_cross_entropy", weighting: "exponential" },
    optimizer: { kind: "adam", learning_rate: 0.001, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, decay: 0.95 },
    batch_size: 32,
    epochs: 30,
    seed: 1,
    precision: "f32",
    stop_at_accuracy: 0.9,
  };
}

async function written(text: string): Promise<string> {
  const path = join(folder, "run.yaml");
  await writeFile(path, text);
  return path;
}

async function complaint(text: string): Promise<string> {
  const path = await written(text);
  const error: unknown = await loadRunConfig(path).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(ConfigError);
  const { message } = error as ConfigError;
  expect(message).not.toContain("\n");
  return message.replace(path, "run.yaml");
}

describe("a configuration", () => {
  test("keeps what the file says, its data folder seen from the working folder", async () => {
    const config = await loadRunConfig(await written(stringify(valid())));
    const { dataset } = valid();
    expect(config).toEqual({ ...valid(), dataset: { ...dataset, folder: join(folder, "../data") } });
  });

  test("needs a data set, a duration, a hidden layer and a number of epochs only", async () => {
    const text = "dataset: {kind: yinyang}\nduration: 30\nnetwork: {hidden: 100}\nepochs: 5";
    expect(await loadRunConfig(await written(text))).toEqual({
      dataset: { kind: "yinyang", train: 15360, test: 3072, train_seed: 123, test_seed: 456 },
      duration: 30,
      network: { hidden: 100, recurrent: true, tau_mem: 20, tau_syn: 5 },
      weights: valid().weights,
      loss: valid().loss,
      optimizer: { ...valid().optimizer, decay: 1 },
      batch_size: 32,
      epochs: 5,
      seed: 1,
      precision: "f32",
    });
  });

  test("takes epochs, seed and the folder of the data from the command line first", async () => {
    const path = await written(stringify(valid()));
    const config = await loadRunConfig(path, { epochs: 2, seed: 9, data: "elsewhere" });
    expect(config).toMatchObject({ epochs: 2, seed: 9, dataset: { folder: "elsewhere" } });
  });

  test.each(["yinyang", "fsdd"])("is what configs/%s.yaml holds", async (name) => {
    const path = fileURLToPath(new URL(`../configs/${name}.yaml`, import.meta.url));
    expect(await loadRunConfig(path)).toMatchObject({ loss: { kind: "integral_cross_entropy" } });
  });
});

/** Puts `value` at a path such as `optimizer.beta1`. */
function changed(path: string, value: unknown): string {
  const config: Record<string, unknown> = valid();
  const keys = path.split(".");
  const last = keys.pop()!;
  let at = config;
  for (const key of keys) at = at[key] as Record<string, unknown>;
  at[last] = value;
  return stringify(config);
}

describe("the complaint about", () => {
  test.each<[string, unknown, string]>([
    ["epoch", 3, "unknown key"],
    ["network.tau_men", 20, "unknown key"],
    ["optimizer.momentum", 0.9, "unknown key"],
    ["dataset.size", 9, "unknown key"],
    ["duration", -1, "expected a positive number, got -1"],
    ["duration", "long", 'expected a finite number, got "long"'],
    ["duration", Number.NaN, "got NaN"],
    ["network.hidden", 2.5, "expected an integer from 1 to 1048576, got 2.5"],
    ["network.recurrent", "sometimes", 'expected true or false, got "sometimes"'],
    ["network.tau_mem", 0, "expected a positive number, got 0"],
    ["weights.hidden_output.sd", -0.1, "expected a number ≥ 0, got -0.1"],
    ["weights.input_hidden", [0, 1], "expected an object, got [0, 1]"],
    ["loss.kind", "sum", 'got "sum"'],
    ["loss.weighting", "exp", 'got "exp"'],
    ["optimizer.kind", "sgd", 'expected "adam", got "sgd"'],
    ["optimizer.learning_rate", 0, "expected a positive number, got 0"],
    ["optimizer.beta1", 1, "expected a number in [0, 1), got 1"],
    ["optimizer.decay", 1.1, "expected a number in (0, 1], got 1.1"],
    ["batch_size", 0, "expected an integer from 1 to 1048576, got 0"],
    ["epochs", null, "got null"],
    ["seed", 2 ** 32, "expected an integer from 0 to 4294967295, got 4294967296"],
    ["precision", "f16", 'expected "f64" or "f32", got "f16"'],
    ["stop_at_accuracy", 95, "expected a number in (0, 1], got 95"],
    ["dataset.kind", "mnist", 'got "mnist"'],
    ["dataset.train", undefined, "got nothing"],
    ["dataset.channels", 70000, "expected at most 65536 channels, got 70000"],
  ])("%s = %j names both", async (path, value, expected) => {
    const message = await complaint(changed(path, value));
    expect(message.startsWith(`run.yaml: ${path}: `)).toBe(true);
    expect(message).toContain(expected);
  });

  test("a text that is no configuration is one line", async () => {
    expect(await complaint("")).toBe("run.yaml: expected an object, got null");
    expect(await complaint("- 1")).toBe("run.yaml: expected an object, got [1]");
    expect(await complaint("epochs: [1")).toMatch(/^run\.yaml: not YAML: .* at line 1, column \d+$/);
    expect(await complaint("epochs: 1\nepochs: 2")).toMatch(/^run\.yaml: not YAML: .*unique/);
  });

  test("a missing file, a folder, and data for a set that has no files", async () => {
    await expect(loadRunConfig(join(folder, "none.yaml"))).rejects.toThrow(/none\.yaml: cannot be read: /);
    await mkdir(join(folder, "folder"), { recursive: true });
    await expect(loadRunConfig(join(folder, "folder"))).rejects.toThrow("cannot be read: it is a folder");
    const text = "dataset: {kind: yinyang}\nduration: 30\nnetwork: {hidden: 9}\nepochs: 5";
    await expect(loadRunConfig(await written(text), { data: "d" })).rejects.toThrow(
      'dataset.kind: expected "shd" to take files from d, got "yinyang"',
    );
  });
});
