/**
 * What a checkpoint holds beside tensors, checked as it is read: a file may be whole and signed, and yet be written by
 * something else than this program.
 */
import { z } from "zod";
import type { EpochRecord, Score } from "../training/records.ts";
import type { TrainerState } from "../training/trainer.ts";

export const wholeCount = z
  .number()
  .refine((value) => Number.isSafeInteger(value) && value >= 0, "expected an integer ≥ 0");

const positiveCount = z
  .number()
  .refine((value) => Number.isSafeInteger(value) && value >= 1, "expected an integer ≥ 1");

const scoreSchema: z.ZodType<Score> = z.strictObject({
  trials: wholeCount,
  loss: z.number(),
  accuracy: z.number(),
});

/** Keys in the order in which the trainer makes them, which is that of the lines of metrics. */
export const epochRecordSchema: z.ZodType<EpochRecord> = z.strictObject({
  epoch: positiveCount,
  learningRate: z.number(),
  train: scoreSchema,
  validation: z.exactOptional(scoreSchema),
  hiddenSpikes: z.number(),
  silentNeurons: wholeCount,
});

export const trainerStateSchema: z.ZodType<TrainerState> = z.strictObject({
  epoch: positiveCount,
  batch: wholeCount,
  schedule: z.strictObject({
    rate: z.number(),
    ease: z.number(),
    fast: z.number(),
    slow: z.number(),
    lastDrop: wholeCount,
  }),
  adam: z.record(z.string(), z.strictObject({ beta1: z.number(), beta2: z.number() })),
  selected: z.strictObject({ epoch: wholeCount, accuracy: z.number() }),
  tally: z.strictObject({
    trials: wholeCount,
    loss: z.number(),
    correct: wholeCount,
    counts: z.array(z.array(z.number())),
  }),
});
