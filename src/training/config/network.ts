/** Layers of spiking neurons between the input and one readout per class, and their parameters before training. */
import { z } from "zod";
import { count, notNegative, positive, time } from "../../format/values.ts";
import type { Parameter } from "../../model/parameters.ts";

const gammaSchema = z
  .strictObject({
    distribution: z.literal("gamma"),
    shape: z.number().min(1e-3).max(1e6).default(3).describe("Shape; the scale is mean / shape."),
    mean: time.describe("ms, before the cut."),
    min: time.describe("ms: smaller values become it."),
    max: time.describe("ms: larger values become it."),
  })
  .refine(({ min, max }) => min < max, "expected min < max")
  .describe("Drawn for every neuron from a gamma distribution.");

const tauSchema = z.union([time, gammaSchema]);

const tauText = "ms: one number for all neurons, or a distribution.";

/** Names of a population's parameters beside the weights into it. */
function trained<const Names extends readonly [string, ...string[]]>(names: Names) {
  return z.array(z.enum(names)).default([]).describe("Parameters beside the weights that are trained.");
}

/** What training never takes a parameter below, unless told otherwise; ms, and in units of V. Those without are not trained. */
export const usualFloors = {
  tauMem: 3,
  tauSyn: 1,
  threshold: 0.1,
  reset: undefined,
  bias: undefined,
  v0: undefined,
  i0: undefined,
} as const satisfies Readonly<Record<Parameter, number | undefined>>;

export type Trainable = {
  [P in Parameter]: (typeof usualFloors)[P] extends number ? P : never;
}[Parameter];

const floors = {
  min_tau_mem: time.default(usualFloors.tauMem).describe("ms; training never takes tau_mem below."),
  min_tau_syn: time.default(usualFloors.tauSyn).describe("ms; training never takes tau_syn below."),
};

const layerSchema = z.strictObject({
  size: count().describe("Neurons."),
  recurrent: z.boolean().default(true).describe("Whether every neuron of the layer projects to every one."),
  tau_mem: tauSchema.default(20).describe(`Membrane, ${tauText}`),
  tau_syn: tauSchema.default(5).describe(`Synapse, ${tauText}`),
  threshold: positive.default(1).describe("Voltage at which a neuron spikes."),
  train: trained(["tau_mem", "tau_syn", "threshold"]),
  ...floors,
  min_threshold: positive
    .default(usualFloors.threshold)
    .describe("Training never takes the threshold below."),
});

const outputSchema = z.strictObject({
  tau_mem: time.default(20).describe("ms, membrane."),
  tau_syn: time.default(5).describe("ms, synapse."),
  train: trained(["tau_mem", "tau_syn"]),
  ...floors,
});

const weightsSchema = z.union([
  z.strictObject({ mean: z.number().describe("Mean."), sd: notNegative.describe("Standard deviation.") }),
  z
    .strictObject({
      drive: positive.describe(
        "Highest voltage of a neuron by the input alone, in thresholds, averaged over training trials.",
      ),
    })
    .describe("Of the input's weights: mean 0, and the deviation that the data ask for."),
]);

const delaySchema = z
  .strictObject({
    min: notNegative.default(0).describe("Least delay, ms."),
    max: positive.describe("Largest delay, ms."),
    train: z.boolean().default(true).describe("Whether training changes them."),
  })
  .refine(({ min, max }) => min < max, "expected min < max");

export const networkSchema = z.strictObject({
  hidden: z.array(layerSchema).min(1).max(3).describe("Layers from the input to the output."),
  output: outputSchema.prefault({}).describe("One readout per class."),
  weights: z
    .record(z.string(), weightsSchema)
    .default({})
    .describe(
      "Normal distributions by projection: input_hidden, hidden_hidden, hidden_output; with two layers and more " +
        "input_hidden1, hidden1_hidden1, hidden1_hidden2, …",
    ),
  delays: z
    .record(z.string(), delaySchema)
    .default({})
    .describe(
      "ms, by projection: uniform in [min, max] before training and never outside it. No entry: no delays.",
    ),
});

export type TauConfig = z.output<typeof tauSchema>;
export type LayerConfig = z.output<typeof layerSchema>;
/** What layers have in common; the output has no thresholds. */
export type TrainedLayer = Pick<
  LayerConfig,
  "tau_mem" | "tau_syn" | "min_tau_mem" | "min_tau_syn" | "train"
> &
  Partial<Pick<LayerConfig, "threshold" | "min_threshold">>;
export type NetworkConfig = z.output<typeof networkSchema>;
