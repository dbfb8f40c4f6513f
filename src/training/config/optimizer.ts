/** How parameters follow their gradients, what keeps neurons active, and on what decisions rest. */
import { z } from "zod";
import { count, fraction, notNegative, positive, probability } from "../../format/values.ts";

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
  normalize: z
    .enum(["neuron"])
    .optional()
    .describe(
      "neuron: the gradient of all synapses of a projection into a neuron is divided by its root mean square before the step.",
    ),
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

const spikeCountSchema = z
  .strictObject({
    target: notNegative.default(14).describe("Spikes per neuron and trial."),
    upper: notNegative.describe("Strength above the target."),
    lower: notNegative.describe("Strength below the target."),
    counts: z
      .enum(["batch_mean", "trial"])
      .default("batch_mean")
      .describe("Whether n is a neuron's mean count over the batch or its count in the trial."),
  })
  .describe("λ_V −= strength (n − target) at every spike of a hidden neuron.");

const globalSchema = z
  .strictObject({
    limit: positive.default(10000).describe("Hidden spikes of a trial."),
    strength: notNegative.default(1e-8).describe("Strength above the limit."),
  })
  .describe("λ_V −= strength (N − limit) / neurons at every hidden spike of a trial with N > limit of them.");

const lift = positive.default(0.002).describe("Added to each weight.");

const silentSchema = z
  .discriminatedUnion("policy", [
    z.strictObject({ policy: z.literal("leave") }).describe("Nothing."),
    z.strictObject({ policy: z.literal("redraw") }).describe("Their weights are drawn again."),
    z.strictObject({ policy: z.literal("lift_silent"), lift }).describe("Their weights are lifted."),
    z
      .strictObject({ policy: z.literal("lift_all"), lift })
      .describe("All weights are lifted, needed or not."),
  ])
  .default({ policy: "leave" })
  .describe(
    "What happens after an epoch to the feed-forward weights into hidden neurons that never spiked in it.",
  );

export const regularizationSchema = z.strictObject({
  spike_count: spikeCountSchema.optional(),
  global: globalSchema.optional(),
  silent: silentSchema,
  dropout: probability
    .default(0)
    .describe("Probability with which a hidden neuron is silenced for a whole training trial."),
});

export type RegularizationConfig = z.output<typeof regularizationSchema>;
