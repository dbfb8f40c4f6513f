/** Losses as case files, programs and runs write them, before they are compared with the network. */
import { z } from "zod";
import type { Loss, LossKind } from "../model/losses.ts";
import { arraySchema } from "./arrays.ts";

const targetSchema = z
  .number()
  .refine((target) => Number.isInteger(target) && target >= 0, "expected an integer ≥ 0")
  .meta({ type: "integer", minimum: 0 });
const positive = z
  .number()
  .refine((value) => value > 0, "expected a positive number")
  .meta({ exclusiveMinimum: 0 });
const notNegative = z.number().refine((value) => value >= 0, "expected a number ≥ 0");
/** A label, and the population that is to tell it. */
const labelled = {
  target: targetSchema.describe("Label: an index of the population."),
  population: z.string().optional().describe("An `li` population; default the only one."),
};

const weightings = ["uniform", "exponential", "linear", "sigmoid"] as const;

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
    tau0: positive.describe("ms; softness of the comparison of first spikes."),
    tau1: positive.optional().describe("ms; of the exponential penalty, which needs it."),
    alpha: z.number().describe("Strength of the penalty."),
    penalty: z
      .enum(["exponential", "hyperbolic"])
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

/** What programs may say beside it: keys are spelled as in files here, see `lossJson`. */
const programRows = {
  ...lossRows,
  integral_cross_entropy: lossRows.integral_cross_entropy.extend({
    weighting: z.enum([...weightings, "input"]),
    tau_input: positive.optional(),
  }),
  first_spike: lossRows.first_spike.extend({ phantom_spikes: z.boolean().optional() }),
  spike_time_mse: lossRows.spike_time_mse.extend({
    extra_cost: notNegative.optional(),
    missing_cost: notNegative.optional(),
  }),
};

/** One of the rows, told by its kind. */
function oneOf<Row extends (typeof programRows)[LossKind] | (typeof lossRows)[LossKind]>(
  rows: Readonly<Record<LossKind, Row>>,
) {
  return z.discriminatedUnion("kind", Object.values(rows) as unknown as readonly [Row, ...Row[]]);
}

export const lossSchema = oneOf<(typeof lossRows)[LossKind]>(lossRows);
export const programLossSchema = oneOf<(typeof programRows)[LossKind]>(programRows);

export type RawLoss = z.output<typeof programLossSchema>;

/** Keys of losses that files spell in another way. */
const spelling = {
  tauInput: "tau_input",
  phantomSpikes: "phantom_spikes",
  extraCost: "extra_cost",
  missingCost: "missing_cost",
  spikeTimes: "spike_times",
} as const;

/** A loss as files spell it; whatever else it may be stays as it is. */
export function lossJson(loss: Loss | unknown): unknown {
  if (typeof loss !== "object" || loss === null || Array.isArray(loss)) return loss;
  return Object.fromEntries(
    Object.entries(loss).flatMap(([key, value]) =>
      value === undefined ? [] : [[key in spelling ? spelling[key as keyof typeof spelling] : key, value]],
    ),
  );
}
