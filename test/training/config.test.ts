/** A configuration is read with its defaults; whatever is wrong in one gives one line with the place and the value. */
import { mkdir, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { stringify } from "yaml";
import { ConfigError } from "../../src/base/errors.ts";
import { loadRunConfig } from "../../src/training/config/load.ts";
import { trainedParameters } from "../../src/training/config/parts.ts";
import { resolveRun } from "../../src/training/config/resolve.ts";
import { temporaryFolder } from "../support/temporaryFolder.ts";

const folder = temporaryFolder();

/** A configuration that says everything, as a YAML file's value, fresh on every call. */
function valid() {
  return {
    dataset: { kind: "shd", folder: "../data", train: "train.h5", test: "test.h5", channels: 700 },
    split: { kind: "random", validation: 512, seed: 3 },
    input: { channel_scale: 1, time_scale: 1, time_step: 1, delay_line: { copies: 10, step: 30 } },
    augmentation: [
      { kind: "shift", channels: 40 },
      { kind: "blend", keep: [0.5, 0.5], total: 15288 },
      { kind: "dilate", factors: [0.9, 1.1] },
      { kind: "jitter", sd: 5 },
      { kind: "dropout", probability: 0.2 },
      { kind: "normalize_spike_number" },
      { kind: "balance_classes" },
    ],
    duration: 1000,
    network: {
      hidden: [
        {
          size: 256,
          recurrent: true,
          tau_mem: 20,
          tau_syn: { distribution: "gamma", shape: 3, mean: 5, min: 1, max: 15 },
          threshold: 1,
          train: ["tau_mem", "threshold"],
          min_tau_mem: 3,
          min_tau_syn: 1,
          min_threshold: 0.1,
        },
      ],
      output: { tau_mem: 20, tau_syn: 5, train: ["tau_syn"], min_tau_mem: 3, min_tau_syn: 1 },
      weights: { hidden_output: { mean: 0, sd: 0.1 } },
      delays: {
        input_hidden: { min: 0, max: 20, train: true },
        hidden_hidden: { min: 1, max: 2, train: false },
      },
    },
    loss: { kind: "integral_cross_entropy", weighting: "input", tau_input: 20 },
    regularization: {
      spike_count: { target: 14, upper: 5e-10, lower: 1e-10, counts: "trial" },
      global: { limit: 10000, strength: 1e-8 },
      silent: { policy: "lift_silent", lift: 0.002 },
      dropout: 0.1,
    },
    gradient_scale: { kind: "paper", time_step: 2 },
    optimizer: {
      kind: "adam",
      learning_rate: 0.001,
      beta1: 0.9,
      beta2: 0.999,
      epsilon: 1e-8,
      groups: { "populations.hidden.tau_mem": { rate_factor: 10 } },
      ease_in: { from: 0.001, factor: 1.05 },
      decay: 0.95,
      plateau: { of: "train", fast: 0.8, slow: 0.85, patience: 50, factor: 0.5 },
    },
    batch_size: 32,
    epochs: 30,
    stopping: { of: "validation", patience: 9, at_accuracy: 0.9 },
    selection: { of: "train" },
    seed: 1,
    precision: "f64",
    threads: 2,
    lanes: 4,
    max_events: 1000,
  };
}

const short = "dataset: {kind: yinyang}\nduration: 30\nnetwork: {hidden: [{size: 100}]}\nepochs: 5";

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
    const floors = { min_tau_mem: 3, min_tau_syn: 1 };
    const layer = { size: 100, recurrent: true, tau_mem: 20, tau_syn: 5, threshold: 1, train: [] };
    expect(await loadRunConfig(await written(short))).toEqual({
      dataset: { kind: "yinyang", train: 15360, test: 3072, train_seed: 123, test_seed: 456 },
      split: { kind: "official" },
      input: { channel_scale: 1, time_scale: 1, time_step: 0 },
      augmentation: [],
      duration: 30,
      network: {
        hidden: [{ ...layer, ...floors, min_threshold: 0.1 }],
        output: { tau_mem: 20, tau_syn: 5, train: [], ...floors },
        weights: {},
        delays: {},
      },
      loss: { kind: "integral_cross_entropy", weighting: "exponential", tau_input: 20 },
      regularization: { silent: { policy: "leave" }, dropout: 0 },
      gradient_scale: { kind: "exact" },
      optimizer: {
        kind: "adam",
        learning_rate: 0.001,
        beta1: 0.9,
        beta2: 0.999,
        epsilon: 1e-8,
        groups: {},
        decay: 1,
      },
      batch_size: 32,
      epochs: 5,
      stopping: {},
      selection: {},
      seed: 1,
      precision: "f32",
      threads: "auto",
      lanes: 8,
      max_events: 131072,
    });
  });

  test("takes what the command line says first", async () => {
    const path = await written(stringify(valid()));
    const overrides = { epochs: 2, seed: 9, data: "elsewhere", threads: "auto", maxEvents: 77 } as const;
    expect(await loadRunConfig(path, overrides)).toMatchObject({
      epochs: 2,
      seed: 9,
      dataset: { folder: resolve("elsewhere") },
      threads: "auto",
      max_events: 77,
    });
  });

  test("names what it trains", async () => {
    const one = await loadRunConfig(await written(stringify(valid())));
    expect(trainedParameters(one)).toEqual([
      "projections[0].weight",
      "projections[0].delay",
      "projections[1].weight",
      "projections[2].weight",
      "populations.hidden.tau_mem",
      "populations.hidden.threshold",
      "populations.output.tau_syn",
    ]);
    const two = "{hidden: [{size: 3, recurrent: false}, {size: 2, train: [tau_syn]}]}";
    expect(trainedParameters(await loadRunConfig(await written(short.replace(/{hidden.*/, two))))).toEqual([
      "projections[0].weight",
      "projections[1].weight",
      "projections[2].weight",
      "projections[3].weight",
      "populations.hidden2.tau_syn",
    ]);
  });
});

/** The configuration with `value` at a path. */
function changed(path: Path, value: unknown): string {
  const config: unknown = valid();
  let at = config as Record<PropertyKey, unknown>;
  for (const key of path.slice(0, -1)) at = at[key] as typeof at;
  at[path.at(-1)!] = value;
  return stringify(config);
}

type Path = readonly (string | number)[];

/** `network.hidden[0].size` as keys. */
function keysOf(place: string): Path {
  return place.split(/[.[]/).map((key) => (key.endsWith("]") ? Number(key.slice(0, -1)) : key));
}

/** Every path below `value` with its text, containers first. */
function places(value: unknown, path: Path = [], text = ""): { path: Path; text: string }[] {
  const own = path.length === 0 ? [] : [{ path, text }];
  if (typeof value !== "object" || value === null) return own;
  const entries = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  const below = entries.flatMap(([key, entry]) => {
    const plain = typeof key === "number" ? `[${key}]` : /\W/.test(key) ? `["${key}"]` : `.${key}`;
    return places(entry, [...path, key], `${text}${plain}`.replace(/^\./, ""));
  });
  return [...own, ...below];
}

describe("nonsense", () => {
  test.each(places(valid()))("in the place of $text is one line that names it", async ({ path, text }) => {
    for (const nonsense of ["nonsense", { non: "sense" }, -1, null]) {
      const takesText = ["folder", "train", "test"].includes(String(path.at(-1))) && path[0] === "dataset";
      if ((takesText && nonsense === "nonsense") || (path.at(-1) === "mean" && nonsense === -1)) continue;
      const message = await complaint(changed(path, nonsense));
      expect(message.startsWith(`run.yaml: ${text}`), message).toBe(true);
    }
  });

  test.each([
    "",
    "network.",
    "network.hidden[0].",
    "optimizer.plateau.",
    "input.delay_line.",
    "dataset.",
    "loss.",
  ])("as an additional key %snonsense is refused by name", async (place) => {
    const message = await complaint(changed(keysOf(`${place}nonsense`), 1));
    expect(message).toMatch(`run.yaml: ${place}nonsense: unknown key (expected one of `);
  });
});

describe("the complaint about", () => {
  test.each<[string, unknown, string]>([
    ["epoch", 3, "unknown key"],
    ["network.hidden[0].tau_men", 20, "unknown key"],
    ["dataset.size", 9, "unknown key"],
    ["duration", -1, "expected a positive number, got -1"],
    ["duration", "long", 'expected a finite number, got "long"'],
    ["duration", Number.NaN, "got NaN"],
    ["duration", 1e-80, "expected a number ≥ 1e-75, got 1e-80"],
    ["network.hidden", [], "expected an array of length ≥ 1, got []"],
    ["network.hidden", 256, "expected an array, got 256"],
    ["network.hidden[0].size", 2.5, "expected an integer from 1 to 1048576, got 2.5"],
    ["network.hidden[0].recurrent", "sometimes", 'expected true or false, got "sometimes"'],
    ["network.hidden[0].tau_mem", 0, "expected a positive number, got 0"],
    ["network.hidden[0].tau_syn.max", 0.5, "expected min < max"],
    ["network.hidden[0].train[0]", "reset", 'expected "tau_mem" or "tau_syn" or "threshold", got "reset"'],
    ["network.weights.hidden_output.sd", -0.1, "expected a number ≥ 0, got -0.1"],
    ["network.delays.input_hidden.min", 20, "expected min < max"],
    ["loss.kind", "sum", 'got "sum"'],
    ["loss.weighting", "exp", 'got "exp"'],
    ["augmentation[0].kind", "rotate", 'got "rotate"'],
    ["augmentation[2].factors", [2, 1], "expected two factors, the smaller one first, got [2, 1]"],
    ["regularization.dropout", 1, "expected a number in [0, 1), got 1"],
    ["optimizer.kind", "sgd", 'expected "adam", got "sgd"'],
    ["optimizer.learning_rate", 0, "expected a positive number, got 0"],
    ["optimizer.decay", 1.1, "expected a number in (0, 1], got 1.1"],
    ["optimizer.ease_in.factor", 1, "expected a number > 1, got 1"],
    ["optimizer.plateau.fast", 0.9, "expected fast < slow"],
    ["batch_size", 0, "expected an integer from 1 to 1048576, got 0"],
    ["seed", 2 ** 32, "expected an integer from 0 to 4294967295, got 4294967296"],
    ["precision", "f16", 'expected "f64" or "f32", got "f16"'],
    ["threads", "all", 'expected "auto" or an integer from 1 to 1024, got "all"'],
    ["threads", 0, "expected an integer from 1 to 1024, got 0"],
    ["stopping.at_accuracy", 95, "expected a number in (0, 1], got 95"],
    ["dataset.kind", "mnist", 'got "mnist"'],
    ["dataset.train", undefined, "got nothing"],
    ["dataset.channels", 70000, "expected an integer from 1 to 65536, got 70000"],
  ])("%s = %j names both", async (place, value, expected) => {
    const message = await complaint(changed(keysOf(place), value));
    const parent = place.replace(/\.\w+$/, "");
    expect(message.startsWith(`run.yaml: ${expected.includes(" < ") ? parent : place}: `), message).toBe(
      true,
    );
    expect(message).toContain(expected);
  });

  test("a text that is no configuration is one line", async () => {
    expect(await complaint("")).toBe("run.yaml: expected an object, got null");
    expect(await complaint("- 1")).toBe("run.yaml: expected an object, got [1]");
    expect(await complaint("epochs: [1")).toMatch(/^run\.yaml: not YAML: .* at line 1, column \d+$/);
    expect(await complaint("epochs: 1\nepochs: 2")).toBe(
      'run.yaml: line 2: expected each key once, got "epochs" again',
    );
    expect(await complaint("a: &a {size: 4}\nnetwork:\n  <<: *a")).toBe(
      "run.yaml: line 3: expected a name, got <<: YAML 1.2 has no merge keys; write the settings out where they belong",
    );
  });

  test("a missing file, a folder, and data for a set that has no files", async () => {
    await expect(loadRunConfig(join(folder, "none.yaml"))).rejects.toThrow(/none\.yaml: cannot be read: /);
    await mkdir(join(folder, "folder"), { recursive: true });
    await expect(loadRunConfig(join(folder, "folder"))).rejects.toThrow("cannot be read: it is a folder");
    await expect(loadRunConfig(await written(short), { data: "d" })).rejects.toThrow(
      'dataset.kind: expected "shd" to take files from d, got "yinyang"',
    );
  });
});

describe("settings that do not fit each other:", () => {
  const known = "input_hidden, hidden_hidden, hidden_output";
  test.each<[string, unknown, string]>([
    [
      "network.weights",
      { hidden_hiden: { mean: 0, sd: 1 } },
      `.hidden_hiden: unknown projection (expected one of ${known})`,
    ],
    ["network.delays", { input: { max: 9 } }, `.input: unknown projection (expected one of ${known})`],
    [
      "network.hidden[0].recurrent",
      false,
      "network.delays.hidden_hidden: unknown projection (expected one of input_hidden, hidden_output)",
    ],
    [
      "optimizer.groups",
      { "populations.hidden.tau_syn": { rate_factor: 2 } },
      '["populations.hidden.tau_syn"]: unknown trained parameter (expected one of projections[0].weight, projections[0].delay, ',
    ],
    ["network.hidden[0].tau_mem", 2, ": expected a number ≥ 3 (min_tau_mem), got 2"],
    ["network.hidden[0].threshold", 0.05, ": expected a number ≥ 0.1 (min_threshold), got 0.05"],
    ["network.output.tau_syn", 0.5, ": expected a number ≥ 1 (min_tau_syn), got 0.5"],
    [
      "network.hidden[0].tau_mem",
      { distribution: "gamma", mean: 20, min: 1, max: 60 },
      ".min: expected a number ≥ 3 (min_tau_mem), got 1",
    ],
    ["input.time_step", 1000, "input.time_step: expected less than duration, 1000, got 1000"],
    [
      "dataset.validation",
      "valid.h5",
      'split.kind: expected "official" where dataset.validation names a file, got "random"',
    ],
  ])("%s = %j", async (place, value, expected) => {
    const message = await complaint(changed(keysOf(place), value));
    const where = /^[.:[]/.test(expected) ? `${place}${expected}` : expected;
    expect(message).toContain(`run.yaml: ${where}`);
  });

  test.each([
    [
      "split: {kind: leave_one_speaker_out, speaker: 1}",
      "split.kind: expected a split without speakers for yinyang",
    ],
    [
      "split: {kind: fold, folds: 15361, fold: 0}",
      "split.folds: expected at most dataset.train, 15360, got 15361",
    ],
    ["split: {kind: fold, folds: 4, fold: 4}", "split.fold: expected less than split.folds, got 4"],
    ["split: {kind: fold, folds: 1, fold: 0}", "split.folds: expected an integer from 2 to"],
    [
      "split: {kind: random, validation: 15360}",
      "split.validation: expected less than dataset.train, 15360, got 15360",
    ],
  ])("%s for generated points", async (lines, expected) => {
    expect(await complaint(`${short}\n${lines}`)).toContain(`run.yaml: ${expected}`);
  });

  test("a duration at which the penalty of silence is infinite", async () => {
    const lines = `${short.replace("30", "100")}\nloss: {kind: first_spike, penalty: hyperbolic}`;
    expect(await complaint(lines)).toContain(
      "run.yaml: duration: expected another duration than 100, at which",
    );
  });
});

describe("a resolved configuration", () => {
  const load = async (lines = "") => loadRunConfig(await written(`${short}\n${lines}`));

  test.each([
    [true, "validation"],
    [false, "train"],
  ])("with a validation part (%s) decides by the accuracy of %s", async (hasValidation, of) => {
    const resolved = resolveRun(await load("optimizer: {kind: adam, plateau: {}}"), hasValidation);
    expect([resolved.optimizer.plateau?.of, resolved.stopping.of, resolved.selection.of]).toEqual([
      of,
      of,
      of,
    ]);
  });

  test("keeps a decision that the file has made", async () => {
    expect(resolveRun(await load("selection: {of: train}"), true).selection.of).toBe("train");
  });

  test.each(["optimizer.plateau", "stopping", "selection"])(
    "refuses %s of a part that is missing",
    async (place) => {
      const [key, below] = place.split(".");
      const rule = below === undefined ? "{of: validation}" : `{kind: adam, ${below}: {of: validation}}`;
      const config = await load(`${key}: ${rule}`);
      expect(() => resolveRun(config, false)).toThrow(
        `${place}.of: expected "train", as the data set has no validation`,
      );
    },
  );

  test("states the weights of every projection", async () => {
    const config = await load();
    const { weights } = resolveRun(config, false).network;
    expect(weights).toEqual({
      input_hidden: { mean: 0.03, sd: 0.01 },
      hidden_hidden: { mean: 0, sd: 0.02 },
      hidden_output: { mean: 0, sd: 0.03 },
    });
  });
});
