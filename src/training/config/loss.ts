/** The losses that a run can train with; labels come from the data set. */
import { z } from "zod";
import { time } from "../../format/values.ts";

export const lossSchema = z.discriminatedUnion("kind", [
  z
    .strictObject({
      kind: z.literal("integral_cross_entropy"),
      weighting: z
        .enum(["uniform", "exponential", "linear", "sigmoid", "input"])
        .default("exponential")
        .describe("ω(t); input: the activity of the input, low-passed by tau_input."),
      tau_input: time.default(20).describe("ms; of the weighting `input`."),
    })
    .describe("Cross-entropy of the readouts' weighted mean voltages."),
  z
    .strictObject({ kind: z.literal("max_cross_entropy") })
    .describe("Cross-entropy of the readouts' largest voltages."),
  z
    .strictObject({ kind: z.literal("average_cross_entropy") })
    .describe("Mean over time of the cross-entropy of the readouts' voltages."),
  z
    .strictObject({
      kind: z.literal("first_spike"),
      tau0: time.default(1).describe("ms; softness of the comparison of first spikes."),
      tau1: time.default(100).describe("ms; of the exponential penalty."),
      alpha: z.number().default(5e-5).describe("Strength of the penalty of a late first spike."),
      penalty: z
        .enum(["exponential", "hyperbolic"])
        .default("exponential")
        .describe("Of the label's first spike at t: alpha (e^(t/tau1) − 1), or alpha / (1.01 duration − t)."),
      phantom_spikes: z
        .boolean()
        .default(true)
        .describe("Pull a label's silent neuron up as if it had spiked at the end of the trial."),
    })
    .describe("Cross-entropy of the outputs' first spike times; the outputs spike."),
]);

export type LossConfig = z.output<typeof lossSchema>;
