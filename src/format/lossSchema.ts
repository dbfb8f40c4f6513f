/** Losses as case files and runs write them, before they are compared with the network. */
import { z } from "zod";
import type { LossKind } from "../model/losses.ts";
import { arraySchema } from "./arraySchemas.ts";
import { index, penalties, positive, weightings } from "./lossRules.ts";

const targetSchema = z.number().refine(index.test, index.expected).meta({ type: "integer", minimum: 0 });
const positiveSchema = z.number().refine(positive.test, positive.expected).meta({ exclusiveMinimum: 0 });
/** A label, and the population that is to tell it. */
const labelled = {
  target: targetSchema.describe("Label: an index of the population."),
  population: z.string().optional().describe("An `li` population; default the only one."),
};

const voltageSchema = z.strictObject({
  population: z.string().describe("Any population."),
  neuron: targetSchema.describe("Index in it."),
  time: z.number().describe("ms, in (0, duration]; at an event's own time V is that just before it."),
  factor: z.number().describe("What V is multiplied by."),
});

/** The loss of a case file, a row a kind. */
export const lossRows = {
  integral_cross_entropy: z.strictObject({
    kind: z.literal("integral_cross_entropy"),
    weighting: z.enum(weightings).describe("ω(t): 1, e^(−t/T), 1 − t/T, 1/(1 + e^((t/T − 0.5)/0.2))."),
    ...labelled,
  }),
  max_cross_entropy: z.strictObject({ kind: z.literal("max_cross_entropy"), ...labelled }),
  average_cross_entropy: z.strictObject({ kind: z.literal("average_cross_entropy"), ...labelled }),
  first_spike: z.strictObject({
    kind: z.literal("first_spike"),
    population: z.string().describe("A `lif` population."),
    tau0: positiveSchema.describe("ms; softness of the comparison of first spikes."),
    tau1: positiveSchema.optional().describe("ms; of the exponential penalty, which needs it."),
    alpha: z.number().describe("Strength of the penalty."),
    penalty: z
      .enum(penalties)
      .default("exponential")
      .describe("Of the label's first spike at t: alpha (e^(t/tau1) − 1), or alpha / (1.01 T − t)."),
    target: targetSchema.describe("Label: an index of the population."),
  }),
  spike_time_mse: z.strictObject({
    kind: z.literal("spike_time_mse"),
    population: z.string().describe("A `lif` population."),
    targets: arraySchema.describe("ms, ascending, a list a neuron."),
  }),
  linear: z.strictObject({
    kind: z.literal("linear"),
    spike_times: z
      .record(z.string(), arraySchema)
      .optional()
      .describe("1/ms, by `lif` population: a factor a spike, in the order of its spikes."),
    voltages: z.array(voltageSchema).optional().describe("Terms factor · V(time)."),
  }),
  none: z.strictObject({ kind: z.literal("none") }),
} satisfies Readonly<Record<LossKind, z.ZodType>>;

export const lossSchema = z.discriminatedUnion(
  "kind",
  Object.values(lossRows) as unknown as readonly [Row, ...Row[]],
);

type Row = (typeof lossRows)[LossKind];
