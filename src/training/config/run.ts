/** The configuration of an experiment, as its YAML file writes it: keys in snake_case, times in ms. */
import { z } from "zod";
import { augmentationSchema, datasetSchema, inputSchema, splitSchema } from "../../data/settings.ts";
import { count, seed, time } from "../../format/values.ts";
import { lossSchema } from "./loss.ts";
import { networkSchema } from "./network.ts";
import { optimizerSchema, regularizationSchema, selectionSchema, stoppingSchema } from "./optimizer.ts";

const gradientScaleSchema = z
  .discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("exact") }).describe("The gradient of the stated loss."),
    z
      .strictObject({
        kind: z.literal("paper"),
        time_step: time
          .default(1)
          .describe("ms: gradients of time constants are multiplied by 1/time_step as well."),
      })
      .describe(
        "Multiplied as in the code of [NTK25], by 1/tau_mem of the output (integral losses), 1/duration (maximum) or 1 " +
          "(first spike), so that its regularisation strengths and Adam's epsilon mean what they mean there.",
      ),
  ])
  .default({ kind: "exact" })
  .describe("Scale of the gradient that the optimiser and the regularisation see.");

export const runConfigSchema = z.strictObject({
  /** Kind and place of the recordings. */
  dataset: datasetSchema.describe("Where recordings come from."),
  /** Default: the data set's own validation part, if it has one. */
  split: splitSchema
    .prefault({ kind: "official" })
    .describe("The validation part: what the schedule and the choice of an epoch may look at."),
  /** Grid and delay line; default neither. */
  input: inputSchema
    .prefault({})
    .describe("From recordings to the spikes that the network sees, training and testing alike."),
  /** Default none. */
  augmentation: z
    .array(augmentationSchema)
    .default([])
    .describe("What is done to the training trials anew in every epoch, one step after another."),
  /** ms. */
  duration: time.describe("Length of a trial, ms."),
  /** Sizes, time constants (ms), thresholds and weights; what is trained. */
  network: networkSchema.describe("Layers and their parameters before training."),
  /** Default integral_cross_entropy with exponential weighting. */
  loss: lossSchema.prefault({ kind: "integral_cross_entropy" }).describe("What training makes small."),
  /** Default none. */
  regularization: regularizationSchema
    .prefault({})
    .describe("What keeps hidden neurons in a useful range of activity."),
  /** Default exact. */
  gradient_scale: gradientScaleSchema,
  /** Default Adam with a learning rate of 1e-3. */
  optimizer: optimizerSchema.prefault({ kind: "adam" }).describe("How parameters follow their gradients."),
  /** Default 32. */
  batch_size: count().default(32).describe("Trials between two steps."),
  /** At least 1. */
  epochs: count().describe("Passes through the training trials."),
  /** Default: after the last epoch. */
  stopping: stoppingSchema.prefault({}).describe("When training ends before the last epoch."),
  /** Default: the validation part where there is one. */
  selection: selectionSchema
    .prefault({})
    .describe("The epoch whose checkpoint is kept as the best: the first with the highest accuracy."),
  /** Integer from 0 to 2³² − 1; default 1. */
  seed: seed.default(1).describe("Of initial parameters, the order of trials, augmentation and dropout."),
  /** Default f32; times are f64 in either. */
  precision: z.enum(["f64", "f32"]).default("f32").describe("Floating-point type of the kernel."),
  /** Default auto: one a processor. */
  threads: z
    .union([z.literal("auto"), count(1024)])
    .default("auto")
    .describe("They never change a result."),
  /** 1 to 64; default 8. */
  lanes: count(64)
    .default(8)
    .describe("Parts in which sums over a batch are formed, and hence the most threads that help."),
  /** Default 2¹⁷. */
  max_events: count(2 ** 26)
    .default(2 ** 17)
    .describe("Most hidden spikes and delayed deliveries of a trial."),
});

/** A run's configuration, every default filled in; schema/run.schema.json explains each key. */
export type RunConfig = z.output<typeof runConfigSchema>;

/** A run's configuration as its file would hold it, keys in snake_case; schema/run.schema.json explains each key. */
export type RunSettings = z.input<typeof runConfigSchema>;
