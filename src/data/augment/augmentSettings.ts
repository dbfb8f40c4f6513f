/** What is done to the training trials anew in every epoch. */
import { z } from "zod";
import { count, fraction, notNegative, positive, probability } from "../../format/values.ts";

const factors = z
  .tuple([positive, positive])
  .refine(([from, to]) => from <= to, "expected two factors, the smaller one first");

export const augmentationSchema = z.discriminatedUnion("kind", [
  z
    .strictObject({
      kind: z.literal("shift"),
      channels: positive.describe(
        "Bound of the shift, uniform in (−channels, channels) and cut towards zero.",
      ),
    })
    .describe("Moves all channels of a trial by one whole number."),
  z
    .strictObject({
      kind: z.literal("blend"),
      keep: z
        .array(fraction)
        .min(1)
        .max(8)
        .default([0.5, 0.5])
        .describe("Fraction of the i-th trial's spikes that goes into the mixture."),
      total: count().describe("Trials of an epoch, mixtures included."),
    })
    .describe("Appends trials mixed from trials of one class."),
  z
    .strictObject({
      kind: z.literal("dilate"),
      factors: factors.describe("Bounds of the factor, which is log-uniform between them."),
    })
    .describe("Multiplies the times of a trial by a factor."),
  z
    .strictObject({
      kind: z.literal("jitter"),
      sd: notNegative.describe("Standard deviation in channels."),
    })
    .describe("Moves the channel of every spike by a normal number, rounded."),
  z
    .strictObject({
      kind: z.literal("dropout"),
      probability: probability.describe("Of each spike."),
    })
    .describe("Leaves spikes out."),
  z
    .strictObject({ kind: z.literal("normalize_spike_number") })
    .describe("Thins every trial to the count of the one with fewest spikes, in expectation."),
  z
    .strictObject({ kind: z.literal("balance_classes") })
    .describe("Draws as many trials of every class as the smallest one has."),
]);

export type AugmentationConfig = z.output<typeof augmentationSchema>;
