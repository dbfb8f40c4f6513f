/** What is done to the training trials anew in every epoch, one step after another in the order of the list. */
import { z } from "zod";
import { countSchema } from "../network/schema.ts";
import { fraction, notNegative, positive, probability } from "./values.ts";

const factors = z
  .tuple([positive, positive])
  .refine(([from, to]) => from <= to, "expected two factors, the smaller one first");

export const augmentationSchema = z.discriminatedUnion("kind", [
  /** Each trial's channels move by one whole number, uniform in (−channels, channels) and cut towards zero. */
  z.strictObject({ kind: z.literal("shift"), channels: positive }),
  /** Appends trials mixed from trials of one class, `keep[i]` of the i-th one's spikes, up to `total` trials. */
  z.strictObject({
    kind: z.literal("blend"),
    keep: z.array(fraction).min(1).max(8).default([0.5, 0.5]),
    total: countSchema,
  }),
  /** Each trial's times are multiplied by a factor, log-uniform between two. */
  z.strictObject({ kind: z.literal("dilate"), factors }),
  /** Each spike's channel moves by a normal number, rounded. */
  z.strictObject({ kind: z.literal("jitter"), sd: notNegative }),
  /** Each spike is left out with this probability. */
  z.strictObject({ kind: z.literal("dropout"), probability }),
  /** Thins every trial to the count of the one with fewest spikes, in expectation. */
  z.strictObject({ kind: z.literal("normalize_spike_number") }),
  /** Draws as many trials of every class as the smallest one has. */
  z.strictObject({ kind: z.literal("balance_classes") }),
]);

export type AugmentationConfig = z.output<typeof augmentationSchema>;
