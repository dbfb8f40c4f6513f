/** The losses that a run can train with; labels come from the data set. */
import { z } from "zod";
import { positive } from "./values.ts";

export const lossSchema = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("integral_cross_entropy"),
    /** ω(t); `input`: the activity of the input, low-passed by `tau_input`. */
    weighting: z.enum(["uniform", "exponential", "linear", "sigmoid", "input"]).default("exponential"),
    /** ms */
    tau_input: positive.default(20),
  }),
  z.strictObject({ kind: z.literal("max_cross_entropy") }),
  z.strictObject({ kind: z.literal("average_cross_entropy") }),
  z.strictObject({
    kind: z.literal("first_spike"),
    /** ms */
    tau0: positive.default(1),
    tau1: positive.default(100),
    alpha: z.number().default(5e-5),
    penalty: z.enum(["exponential", "hyperbolic"]).default("exponential"),
    /** Whether a label's neuron that stays silent is pulled up as if it had spiked at the end of the trial. */
    phantom_spikes: z.boolean().default(true),
  }),
]);

export type LossConfig = z.output<typeof lossSchema>;
