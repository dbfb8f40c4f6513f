/** How parameters follow their gradients, how the learning rate changes on the way, and on what decisions rest. */
import { z } from "zod";
import { count, fraction, positive, probability } from "../../format/values.ts";

const accuracyOfSchema = z
  .enum(["train", "validation"])
  .optional()
  .describe(
    "Part whose accuracy decides; by default the validation part where there is one, else the training trials.",
  );

const growth = "expected a number > 1";

const easeInSchema = z
  .strictObject({
    from: fraction.default(0.001).describe("Fraction of the learning rate to start with."),
    factor: z.number().gt(1, growth).default(1.05).describe("Growth after every batch."),
  })
  .describe("Lets the learning rate grow at the start.");

const plateauSchema = z
  .strictObject({
    of: accuracyOfSchema,
    fast: probability.default(0.8).describe("Share of the old value in the fast mean."),
    slow: probability.default(0.85).describe("Share of the old value in the slow mean."),
    patience: count().default(50).describe("Epochs between two drops."),
    factor: fraction.default(0.5).describe("Of the learning rate at a drop."),
  })
  .refine(({ fast, slow }) => fast < slow, "expected fast < slow")
  .describe("Drops the learning rate when a fast mean of the accuracy is no better than a slow one.");

const groupSchema = z.strictObject({
  rate_factor: positive.default(1).describe("Factor of the learning rate."),
  beta1: probability.optional().describe("In place of the optimizer's."),
  beta2: probability.optional().describe("In place of the optimizer's."),
  epsilon: positive.optional().describe("In place of the optimizer's."),
});

export const optimizerSchema = z.strictObject({
  kind: z.literal("adam"),
  learning_rate: positive.default(1e-3).describe("Size of a step."),
  beta1: probability.default(0.9).describe("Share of the old value in the first moment."),
  beta2: probability.default(0.999).describe("Share of the old value in the second moment."),
  epsilon: positive.default(1e-8).describe("Added to the root of the second moment."),
  groups: z
    .record(z.string(), groupSchema)
    .default({})
    .describe(
      "Settings of their own for parameters, by the names of result files, e.g. projections[0].weight or populations.hidden.tau_mem.",
    ),
  ease_in: easeInSchema.optional(),
  decay: fraction.default(1).describe("Factor of the learning rate after every epoch."),
  plateau: plateauSchema.optional(),
});

export const stoppingSchema = z.strictObject({
  of: accuracyOfSchema,
  patience: count().optional().describe("Epochs without a better accuracy after which training ends."),
  at_accuracy: fraction.optional().describe("Accuracy at which training ends."),
});

export const selectionSchema = z.strictObject({ of: accuracyOfSchema });

export type AccuracyOf = "train" | "validation";
export type OptimizerConfig = z.output<typeof optimizerSchema>;
export type StoppingConfig = z.output<typeof stoppingSchema>;
