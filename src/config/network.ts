/** Layers of spiking neurons between the input and one readout per class, and their parameters before training. */
import { z } from "zod";
import { countSchema } from "../network/schema.ts";
import { notNegative, positive } from "./values.ts";

/** A time constant in ms: one for all neurons, or drawn from a gamma distribution and cut to [min, max]. */
const tauSchema = z.union([
  positive,
  z
    .strictObject({
      distribution: z.literal("gamma"),
      shape: positive.default(3),
      mean: positive,
      min: positive,
      max: positive,
    })
    .refine(({ min, max }) => min < max, "expected min < max"),
]);

/** A parameter that training may change, and the least value it may take. */
function trained(names: readonly [string, ...string[]]) {
  return z.array(z.enum(names)).default([]);
}

const layerSchema = z.strictObject({
  size: countSchema,
  recurrent: z.boolean().default(true),
  tau_mem: tauSchema.default(20),
  tau_syn: tauSchema.default(5),
  threshold: positive.default(1),
  /** Parameters beside the weights that are trained. */
  train: trained(["tau_mem", "tau_syn", "threshold"]),
  /** Training never takes them below. */
  min_tau_mem: positive.default(3),
  min_tau_syn: positive.default(1),
  min_threshold: positive.default(0.1),
});

const outputSchema = z.strictObject({
  tau_mem: positive.default(20),
  tau_syn: positive.default(5),
  train: trained(["tau_mem", "tau_syn"]),
  min_tau_mem: positive.default(3),
  min_tau_syn: positive.default(1),
});

/** Delays in ms, uniform in [min, max] before training and never outside it. */
const delaySchema = z
  .strictObject({ min: notNegative.default(0), max: positive, train: z.boolean().default(true) })
  .refine(({ min, max }) => min < max, "expected min < max");

export const networkSchema = z.strictObject({
  hidden: z.array(layerSchema).min(1).max(3),
  output: outputSchema.prefault({}),
  /** By projection, e.g. `input_hidden`; mean and sd of a normal distribution. See `projections.ts` for the names. */
  weights: z.record(z.string(), z.strictObject({ mean: z.number(), sd: notNegative })).default({}),
  /** By projection; without an entry a projection has no delays. */
  delays: z.record(z.string(), delaySchema).default({}),
});

export type TauConfig = z.output<typeof tauSchema>;
export type LayerConfig = z.output<typeof layerSchema>;
export type NetworkConfig = z.output<typeof networkSchema>;
