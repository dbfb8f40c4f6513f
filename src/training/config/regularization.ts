/** What keeps hidden neurons in a useful range of activity. */
import { z } from "zod";
import { notNegative, positive, probability } from "../../format/values.ts";

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
