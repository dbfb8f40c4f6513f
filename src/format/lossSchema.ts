/** Losses as case files write them, before they are compared with the network. */
import { z } from "zod";
import { arraySchema } from "./arrays.ts";

const targetSchema = z
  .number()
  .refine((target) => Number.isInteger(target) && target >= 0, "expected an integer ≥ 0");
const positive = z.number().refine((value) => value > 0, "expected a positive number");

export const lossSchema = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("integral_cross_entropy"),
    weighting: z.enum(["uniform", "exponential", "linear", "sigmoid"]),
    target: targetSchema,
    population: z.string().optional(),
  }),
  z.strictObject({
    kind: z.literal("max_cross_entropy"),
    target: targetSchema,
    population: z.string().optional(),
  }),
  z.strictObject({
    kind: z.literal("average_cross_entropy"),
    target: targetSchema,
    population: z.string().optional(),
  }),
  z.strictObject({
    kind: z.literal("first_spike"),
    population: z.string(),
    tau0: positive,
    /** Needed by the exponential penalty only. */
    tau1: positive.optional(),
    alpha: z.number(),
    penalty: z.enum(["exponential", "hyperbolic"]).default("exponential"),
    target: targetSchema,
  }),
  z.strictObject({ kind: z.literal("spike_time_mse"), population: z.string(), targets: arraySchema }),
  z.strictObject({ kind: z.literal("none") }),
]);

export type RawLoss = z.output<typeof lossSchema>;
