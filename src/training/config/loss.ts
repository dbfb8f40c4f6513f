/**
 * The losses that a run can train with: those of case files without what comes with the trials, with defaults, and with
 * what runs may say beside it. A loss more in the engine does not compile before it is said here whether runs train it.
 */
import { z } from "zod";
import { lossRows } from "../../format/lossSchema.ts";
import { time } from "../../format/values.ts";
import type { LossKind } from "../../model/losses.ts";

/** Labels come from the data set, and the output is the network's. */
const given = { target: true, population: true } as const;
const { integral_cross_entropy, max_cross_entropy, average_cross_entropy, first_spike } = lossRows;

/** Undefined: its targets are no labels, so that no data set has them. */
const trainable = {
  integral_cross_entropy: integral_cross_entropy
    .omit(given)
    .extend({
      weighting: z
        .enum([...integral_cross_entropy.shape.weighting.options, "input"])
        .default("exponential")
        .describe("ω(t); input: the activity of the input, low-passed by tau_input."),
      tau_input: time.default(20).describe("ms; of the weighting `input`."),
    })
    .describe("Cross-entropy of the readouts' weighted mean voltages."),
  max_cross_entropy: max_cross_entropy
    .omit(given)
    .describe("Cross-entropy of the readouts' largest voltages."),
  average_cross_entropy: average_cross_entropy
    .omit(given)
    .describe("Mean over time of the cross-entropy of the readouts' voltages."),
  first_spike: first_spike
    .omit(given)
    .extend({
      tau0: time.default(1).describe("ms; softness of the comparison of first spikes."),
      tau1: time.default(100).describe("ms; of the exponential penalty."),
      alpha: first_spike.shape.alpha.default(5e-5).describe("Strength of the penalty of a late first spike."),
      penalty: first_spike.shape.penalty.describe(
        "Of the label's first spike at t: alpha (e^(t/tau1) − 1), or alpha / (1.01 duration − t).",
      ),
      phantom_spikes: z
        .boolean()
        .default(true)
        .describe("Pull a label's silent neuron up as if it had spiked at the end of the trial."),
    })
    .describe("Cross-entropy of the outputs' first spike times; the outputs spike."),
  spike_time_mse: undefined,
  linear: undefined,
  none: undefined,
} satisfies Readonly<Record<LossKind, z.ZodObject | undefined>>;

type Row = NonNullable<(typeof trainable)[LossKind]>;

const rows = Object.values(trainable).filter((row) => row !== undefined);

export const lossSchema = z.discriminatedUnion("kind", rows as [Row, ...Row[]]);

export type LossConfig = z.output<Row>;
/** Kinds of losses that runs train with. */
export type TrainedLossKind = LossConfig["kind"];
