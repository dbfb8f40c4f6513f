/** What is added to the gradient of the loss to keep hidden neurons in a useful range of activity. */
import { z } from "zod";
import { notNegative, positive } from "./values.ts";

export const regularizationSchema = z.strictObject({
  /** λ_V −= strength (n − target) at every spike of a hidden neuron; n its count in the trial or the batch's mean. */
  spike_count: z
    .strictObject({
      target: notNegative.default(14),
      /** Strengths above and below the target. */
      upper: notNegative,
      lower: notNegative,
      counts: z.enum(["batch_mean", "trial"]).default("batch_mean"),
    })
    .optional(),
  /** λ_V −= strength (N − limit) / neurons at every hidden spike of a trial with N > limit of them. */
  global: z.strictObject({ limit: positive.default(10000), strength: notNegative.default(1e-8) }).optional(),
  /** What happens after an epoch to neurons that never spiked in it; `lift_all` lifts every neuron, needed or not. */
  silent: z
    .discriminatedUnion("policy", [
      z.strictObject({ policy: z.literal("leave") }),
      z.strictObject({ policy: z.literal("redraw") }),
      z.strictObject({ policy: z.literal("lift_silent"), lift: positive.default(0.002) }),
      z.strictObject({ policy: z.literal("lift_all"), lift: positive.default(0.002) }),
    ])
    .default({ policy: "leave" }),
  /** Each hidden neuron is silenced for a whole training trial with this probability. */
  dropout: notNegative.refine((p) => p < 1, "expected a number in [0, 1)").default(0),
});

export type RegularizationConfig = z.output<typeof regularizationSchema>;
