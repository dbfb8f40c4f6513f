/** The configuration of a training run, as its YAML file writes it: keys in snake_case, times in ms. */
import { readFile } from "node:fs/promises";
import { dirname, isAbsolute, join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { ConfigError } from "../errors.ts";
import { fileReason } from "../files.ts";
import { countSchema } from "../network/schema.ts";
import { parseWith } from "../parseWith.ts";

const positive = z.number().refine((value) => value > 0, "expected a positive number");
const seed = z
  .number()
  .refine(
    (value) => Number.isInteger(value) && value >= 0 && value < 2 ** 32,
    "expected an integer from 0 to 4294967295",
  );
const momentDecay = z.number().refine((value) => value >= 0 && value < 1, "expected a number in [0, 1)");
const unitFraction = z.number().refine((value) => value > 0 && value <= 1, "expected a number in (0, 1]");

/** Points drawn anew in every run, from seeds of their own. */
const yinYangSchema = z.strictObject({
  kind: z.literal("yinyang"),
  train: countSchema.default(15360),
  test: countSchema.default(3072),
  train_seed: seed.default(123),
  test_seed: seed.default(456),
});

/** Two files in SHD's layout in `folder`, which is relative to the configuration's own folder. */
const shdSchema = z.strictObject({
  kind: z.literal("shd"),
  folder: z.string().min(1).default("."),
  train: z.string().min(1),
  test: z.string().min(1),
  channels: countSchema.refine((count) => count <= 65536, "expected at most 65536 channels").default(700),
});

/** One hidden layer of spiking neurons and one linear readout per class, with the same time constants. */
const networkSchema = z.strictObject({
  hidden: countSchema.refine((count) => count <= 4096, "expected an integer from 1 to 4096"),
  recurrent: z.boolean().default(true),
  tau_mem: positive.default(20),
  tau_syn: positive.default(5),
});

/** Normal distribution of a projection's weights before training. */
function normalSchema(mean: number, sd: number) {
  return z.strictObject({
    mean: z.number().default(mean),
    sd: z
      .number()
      .refine((value) => value >= 0, "expected a number ≥ 0")
      .default(sd),
  });
}

const weightsSchema = z.strictObject({
  input_hidden: normalSchema(0.03, 0.01).prefault({}),
  /** Of recurrent networks only. */
  hidden_hidden: normalSchema(0, 0.02).prefault({}),
  hidden_output: normalSchema(0, 0.03).prefault({}),
});

const lossSchema = z.strictObject({
  kind: z.literal("integral_cross_entropy"),
  weighting: z.enum(["uniform", "exponential", "linear", "sigmoid"]).default("exponential"),
});

const optimizerSchema = z.strictObject({
  kind: z.literal("adam"),
  learning_rate: positive.default(1e-3),
  beta1: momentDecay.default(0.9),
  beta2: momentDecay.default(0.999),
  epsilon: positive.default(1e-8),
  /** The learning rate is multiplied by it after every epoch. */
  decay: unitFraction.default(1),
});

export const runConfigSchema = z.strictObject({
  dataset: z.discriminatedUnion("kind", [yinYangSchema, shdSchema]),
  /** Length T of a trial, ms. */
  duration: positive,
  network: networkSchema,
  weights: weightsSchema.prefault({}),
  loss: lossSchema.prefault({ kind: "integral_cross_entropy" }),
  optimizer: optimizerSchema.prefault({ kind: "adam" }),
  batch_size: countSchema.default(32),
  epochs: countSchema,
  /** Of the initial weights and of the order of the trials. */
  seed: seed.default(1),
  precision: z.enum(["f64", "f32"]).default("f32"),
  /** Training ends after the first epoch with at least this test accuracy. */
  stop_at_accuracy: unitFraction.optional(),
});

export type RunConfig = z.output<typeof runConfigSchema>;

/** Settings the command line puts in the place of the file's. */
export interface RunOverrides {
  readonly epochs?: number | undefined;
  readonly seed?: number | undefined;
  /** Folder of the data set's files, relative to the working folder. */
  readonly data?: string | undefined;
}

/**
 * The configuration in a YAML file, defaults filled in and the data set's folder relative to the working folder.
 *
 * @throws ConfigError one line for a file that cannot be read, is not YAML or not a configuration
 */
export async function loadRunConfig(path: string, overrides: RunOverrides = {}): Promise<RunConfig> {
  const text = await readFile(path, "utf8").catch((error: unknown) => {
    throw new ConfigError(`${path}: cannot be read: ${fileReason(error)}`);
  });
  const config = parseWith(runConfigSchema, parseYaml(text, path), path);
  return {
    ...config,
    dataset: located(config.dataset, path, overrides.data),
    epochs: overrides.epochs ?? config.epochs,
    seed: overrides.seed ?? config.seed,
  };
}

function located(
  dataset: RunConfig["dataset"],
  path: string,
  data: string | undefined,
): RunConfig["dataset"] {
  if (dataset.kind === "shd") {
    const own = isAbsolute(dataset.folder) ? dataset.folder : join(dirname(path), dataset.folder);
    return { ...dataset, folder: data ?? own };
  }
  if (data === undefined) return dataset;
  throw new ConfigError(
    `${path}: dataset.kind: expected "shd" to take files from ${data}, got "${dataset.kind}"`,
  );
}

function parseYaml(text: string, path: string): unknown {
  try {
    return parse(text, { logLevel: "error" });
  } catch (error) {
    throw new ConfigError(
      `${path}: not YAML: ${(error as Error).message.split("\n", 1)[0]!.replace(/:$/, "")}`,
    );
  }
}
