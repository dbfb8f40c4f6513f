/** Losses as case files, programs and runs write them, before they are compared with the network. */
import { z } from "zod";
import type { Loss, LossKind } from "../model/losses.ts";
import { arraySchema } from "./arrays.ts";

const targetSchema = z
  .number()
  .refine((target) => Number.isInteger(target) && target >= 0, "expected an integer ≥ 0");
const positive = z.number().refine((value) => value > 0, "expected a positive number");
/** A label, and the population that is to tell it. */
const labelled = { target: targetSchema, population: z.string().optional() };

const weightings = ["uniform", "exponential", "linear", "sigmoid"] as const;

const voltageSchema = z.strictObject({
  population: z.string(),
  neuron: targetSchema,
  time: z.number(),
  factor: z.number(),
});

/** The loss of a case file, a row a kind. */
export const lossRows = {
  integral_cross_entropy: z.strictObject({
    kind: z.literal("integral_cross_entropy"),
    weighting: z.enum(weightings),
    ...labelled,
  }),
  max_cross_entropy: z.strictObject({ kind: z.literal("max_cross_entropy"), ...labelled }),
  average_cross_entropy: z.strictObject({ kind: z.literal("average_cross_entropy"), ...labelled }),
  first_spike: z.strictObject({
    kind: z.literal("first_spike"),
    population: z.string(),
    tau0: positive,
    /** Needed by the exponential penalty only. */
    tau1: positive.optional(),
    alpha: z.number(),
    penalty: z.enum(["exponential", "hyperbolic"]).default("exponential"),
    target: targetSchema,
  }),
  spike_time_mse: z.strictObject({
    kind: z.literal("spike_time_mse"),
    population: z.string(),
    targets: arraySchema,
  }),
  linear: z.strictObject({
    kind: z.literal("linear"),
    spike_times: z.record(z.string(), arraySchema).optional(),
    voltages: z.array(voltageSchema).optional(),
  }),
  none: z.strictObject({ kind: z.literal("none") }),
} satisfies Readonly<Record<LossKind, z.ZodType>>;

/** What programs and runs may say beside it. */
const more = {
  integral_cross_entropy: {
    weighting: z.enum([...weightings, "input"]),
    tau_input: positive.optional(),
  },
  first_spike: { phantom_spikes: z.boolean().optional() },
};

const { integral_cross_entropy, first_spike, ...others } = lossRows;
const [maximum, average, mse, linear, none] = [
  others.max_cross_entropy,
  others.average_cross_entropy,
  others.spike_time_mse,
  others.linear,
  others.none,
];

export const lossSchema = z.discriminatedUnion("kind", [
  integral_cross_entropy,
  maximum,
  average,
  first_spike,
  mse,
  linear,
  none,
]);

/** Of programs: keys are spelled as in files here, see `lossJson`. */
export const programLossSchema = z.discriminatedUnion("kind", [
  integral_cross_entropy.extend(more.integral_cross_entropy),
  maximum,
  average,
  first_spike.extend(more.first_spike),
  mse,
  linear,
  none,
]);

export type RawLoss = z.output<typeof programLossSchema>;

/** Keys of losses that files spell in another way. */
const spelling = {
  tauInput: "tau_input",
  phantomSpikes: "phantom_spikes",
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
