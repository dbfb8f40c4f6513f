/** The whole state of a run in one safetensors file: training goes on from it as if it had never stopped. */
import { createHash } from "node:crypto";
import { z } from "zod";
import { ConfigError } from "../base/errors.ts";
import { cannotRead, readInput, replaceFile } from "../base/files.ts";
import { complaint, parseWith } from "../base/parseWith.ts";
import { type OwnConfig, ownConfigSchema } from "../training/config/own.ts";
import { type RunConfig, runConfigSchema } from "../training/config/run.ts";
import type { EpochRecord, Score } from "../training/records.ts";
import type { TrainerState } from "../training/trainer.ts";
import { decodeSafetensors, encodeSafetensors, type Safetensors, type Tensor } from "./safetensors.ts";

/** Of a file. */
const mostBytes = 2 ** 31;

const checkpointFormat = "goldspike/checkpoint@3";

/** What tells whether a run that goes on still has the data it began with. */
export interface Fingerprint {
  readonly trials: number;
  readonly spikes: number;
  /** Of labels, offsets, times and channels of the trials as they are prepared. */
  readonly sha256: string;
}

export type Fingerprints = Partial<Record<"train" | "validation" | "test", Fingerprint>>;

/** What a checkpoint may say of how its network is trained. */
export type AnyConfig = RunConfig | OwnConfig;

/** Of a configuration's run, or of a program's own network. */
export interface Checkpoint<Config extends AnyConfig = RunConfig> {
  /** Of the program that wrote it. */
  readonly version: string;
  /** Resolved. */
  readonly configuration: Config;
  readonly classes: readonly string[];
  /** Of the parts of the data set. */
  readonly data: Fingerprints;
  /** The epoch that is running, or has ended, from 1; 0 before the first. */
  readonly epoch: number;
  /** Batches done in it; 0 between epochs. */
  readonly batch: number;
  /** Of every epoch that has ended. */
  readonly history: readonly EpochRecord[];
  /** What else a run carries from batch to batch: sums of the running epoch, schedule, selection. */
  readonly progress: TrainerState;
  /** Parameters and the optimiser's moments. */
  readonly tensors: ReadonlyMap<string, Tensor>;
}

/**
 * Replaces the file at `path`; the same state gives the same bytes.
 *
 * @throws ConfigError one line if it cannot be written; a file that was there before is then untouched
 */
export async function writeCheckpoint(path: string, checkpoint: Checkpoint<AnyConfig>): Promise<void> {
  const { tensors } = checkpoint;
  const metadata = {
    format: checkpointFormat,
    version: checkpoint.version,
    configuration: exactJson(checkpoint.configuration),
    classes: exactJson(checkpoint.classes),
    data: exactJson(checkpoint.data),
    epoch: exactJson(checkpoint.epoch),
    batch: exactJson(checkpoint.batch),
    history: exactJson(checkpoint.history),
    progress: exactJson(checkpoint.progress),
  };
  const sha256 = digest({ metadata, tensors });
  await replaceFile(path, encodeSafetensors({ metadata: { ...metadata, sha256 }, tensors }));
}

/**
 * Keys are in the order of the alphabet, since equal settings may come in any. JSON would turn a number that is not finite
 * into null without a word.
 */
function exactJson(value: unknown): string {
  return JSON.stringify(value, (key, entry: unknown) => {
    if (typeof entry === "number" && !Number.isFinite(entry)) throw new Error(`${key} is ${entry}`);
    if (typeof entry !== "object" || entry === null || Array.isArray(entry)) return entry;
    return Object.fromEntries(Object.entries(entry).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}

/** Of the file's bytes as they would be without the digest. */
function digest(content: Safetensors): string {
  const hash = createHash("sha256");
  for (const piece of encodeSafetensors(content)) hash.update(piece);
  return hash.digest("hex");
}

// What a file holds beside tensors is checked as it is read: it may be whole and signed, and yet be written by something
// else than this program.
const wholeCount = z
  .number()
  .refine((value) => Number.isSafeInteger(value) && value >= 0, "expected an integer ≥ 0");

const positiveCount = z
  .number()
  .refine((value) => Number.isSafeInteger(value) && value >= 1, "expected an integer ≥ 1");

const scoreSchema: z.ZodType<Score> = z.strictObject({
  trials: wholeCount,
  loss: z.number(),
  accuracy: z.number(),
});

/** Keys in the order in which the trainer makes them, which is that of the lines of metrics. */
const epochRecordSchema: z.ZodType<EpochRecord> = z.strictObject({
  epoch: positiveCount,
  learningRate: z.number(),
  train: scoreSchema,
  validation: z.exactOptional(scoreSchema),
  hiddenSpikes: z.number(),
  silentNeurons: wholeCount,
});

const trainerStateSchema: z.ZodType<TrainerState> = z.strictObject({
  epoch: positiveCount,
  batch: wholeCount,
  schedule: z.strictObject({
    rate: z.number(),
    ease: z.number(),
    fast: z.number(),
    slow: z.number(),
    lastDrop: wholeCount,
  }),
  adam: z.record(z.string(), z.strictObject({ beta1: z.number(), beta2: z.number() })),
  selected: z.strictObject({ epoch: wholeCount, accuracy: z.number() }),
  tally: z.strictObject({
    trials: wholeCount,
    loss: z.number(),
    correct: wholeCount,
    counts: z.array(z.array(z.number())),
  }),
});

const fingerprintSchema: z.ZodType<Fingerprint> = z.strictObject({
  trials: wholeCount,
  spikes: wholeCount,
  sha256: z.string(),
});

const metadataSchema = z.strictObject({
  format: z.literal(checkpointFormat),
  version: z.string(),
  configuration: runConfigSchema,
  classes: z.array(z.string()),
  data: z.strictObject({
    train: fingerprintSchema,
    validation: z.exactOptional(fingerprintSchema),
    test: z.exactOptional(fingerprintSchema),
  }),
  epoch: wholeCount,
  batch: wholeCount,
  history: z.array(epochRecordSchema),
  progress: trainerStateSchema,
});

const ownMetadataSchema = metadataSchema.extend({ configuration: ownConfigSchema });

/** Metadata are strings: all but these two hold JSON. */
const plain: readonly string[] = ["format", "version"];

function metadataValues(metadata: Safetensors["metadata"], path: string): Record<string, unknown> {
  const parsed = ([key, text]: [string, string]): [string, unknown] => {
    if (plain.includes(key)) return [key, text];
    try {
      return [key, JSON.parse(text)];
    } catch {
      throw complaint(path, [key], "expected JSON", text);
    }
  };
  return Object.fromEntries(Object.entries(metadata).map(parsed));
}

/**
 * The checkpoint of a configuration's run.
 *
 * @throws ConfigError one line for a file that cannot be read, is damaged, or is no checkpoint of this format and kind
 */
export async function readCheckpoint(path: string): Promise<Checkpoint> {
  const { state, tensors } = await read(path);
  if (isOwn(state))
    throw new ConfigError(
      `${path}: expected a checkpoint of a configuration's run, got one of a program's own network, which its program loads`,
    );
  const { format: _, ...rest } = parseWith(metadataSchema, state, path);
  return { ...rest, tensors };
}

/**
 * The checkpoint of a program's own network.
 *
 * @throws ConfigError as `readCheckpoint`
 */
export async function readOwnCheckpoint(path: string): Promise<Checkpoint<OwnConfig>> {
  const { state, tensors } = await read(path);
  if (!isOwn(state))
    throw new ConfigError(
      `${path}: expected a checkpoint of a program's own network, got one of a configuration's run`,
    );
  const { format: _, configuration, ...rest } = parseWith(ownMetadataSchema, state, path);
  return { ...rest, configuration: configuration as OwnConfig, tensors };
}

/** A run's configuration says where its data are. */
function isOwn({ configuration }: Record<string, unknown>): boolean {
  return typeof configuration === "object" && configuration !== null && !("dataset" in configuration);
}

function contentOf(path: string): Uint8Array {
  try {
    return readInput(path, mostBytes);
  } catch (error) {
    throw cannotRead(path, error);
  }
}

async function read(path: string) {
  const bytes = contentOf(path);
  const { metadata, tensors } = decodeSafetensors(bytes, path);
  if (metadata["format"] !== checkpointFormat)
    throw new ConfigError(
      `${path}: expected a checkpoint of format ${checkpointFormat}, got ${metadata["format"] ?? "a file without a format"}`,
    );
  const { sha256, ...content } = metadata;
  const found = digest({ metadata: content, tensors });
  if (found !== sha256)
    throw new ConfigError(
      sha256 === undefined
        ? `${path}: expected a checkpoint with its SHA-256, got one without`
        : `${path}: is damaged: expected SHA-256 ${sha256}, got ${found}`,
    );
  return { state: metadataValues(content, path), tensors };
}
