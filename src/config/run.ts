/** The configuration of an experiment, as its YAML file writes it: keys in snake_case, times in ms. */
import { z } from "zod";
import { countSchema } from "../network/schema.ts";
import { augmentationSchema } from "./augmentation.ts";
import { datasetSchema, inputSchema, splitSchema } from "./dataset.ts";
import { lossSchema } from "./loss.ts";
import { networkSchema } from "./network.ts";
import { optimizerSchema, selectionSchema, stoppingSchema } from "./optimizer.ts";
import { regularizationSchema } from "./regularization.ts";
import { positive, seed } from "./values.ts";

/**
 * `exact` follows the gradient of the stated loss. `paper` multiplies it as the code of [NTK25] does, by 1/tau_mem of the
 * output (integral losses), 1/duration (maximum) or 1 (first spike), and of time constants by 1/time_step as well, so
 * that its regularisation strengths and Adam's epsilon mean what they mean there.
 */
const gradientScaleSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("exact") }),
  z.strictObject({ kind: z.literal("paper"), time_step: positive.default(1) }),
]);

export const runConfigSchema = z.strictObject({
  dataset: datasetSchema,
  split: splitSchema.prefault({ kind: "official" }),
  input: inputSchema.prefault({}),
  augmentation: z.array(augmentationSchema).default([]),
  /** Length T of a trial, ms. */
  duration: positive,
  network: networkSchema,
  loss: lossSchema.prefault({ kind: "integral_cross_entropy" }),
  regularization: regularizationSchema.prefault({}),
  gradient_scale: gradientScaleSchema.default({ kind: "exact" }),
  optimizer: optimizerSchema.prefault({ kind: "adam" }),
  batch_size: countSchema.default(32),
  epochs: countSchema,
  stopping: stoppingSchema.prefault({}),
  selection: selectionSchema.prefault({}),
  /** Of initial parameters, the order of trials and augmentation. */
  seed: seed.default(1),
  precision: z.enum(["f64", "f32"]).default("f32"),
  threads: z.union([z.literal("auto"), countSchema]).default("auto"),
  /** Sums over a batch are formed in so many parts, whatever the number of threads; no more threads than that help. */
  lanes: countSchema.refine((count) => count <= 64, "expected at most 64").default(8),
  /** Most hidden spikes and delayed deliveries of a trial. */
  max_events: countSchema.default(2 ** 17),
});

export type RunConfig = z.output<typeof runConfigSchema>;
