/** How parameters follow their gradients, and how the learning rate changes on the way. */
import { z } from "zod";
import { countSchema } from "../network/schema.ts";
import { fraction, positive, probability } from "./values.ts";

/** Accuracy on which decisions are made: of the training trials or of the validation part. */
const accuracyOf = z.enum(["train", "validation"]);

export const optimizerSchema = z.strictObject({
  kind: z.literal("adam"),
  learning_rate: positive.default(1e-3),
  beta1: probability.default(0.9),
  beta2: probability.default(0.999),
  epsilon: positive.default(1e-8),
  /** Factors of the learning rate by parameter, e.g. `hidden_output.weight` or `hidden.tau_mem`. */
  rate_factors: z.record(z.string(), positive).default({}),
  /** Starts at `from` times the learning rate and grows by `factor` after every batch until it is reached. */
  ease_in: z
    .strictObject({
      from: fraction.default(0.001),
      factor: positive.refine((value) => value > 1, "expected a number > 1").default(1.05),
    })
    .optional(),
  /** Multiplied after every epoch. */
  decay: fraction.default(1),
  /** Multiplies by `factor` when a fast mean of the accuracy is no better than a slow one, `patience` epochs apart. */
  plateau: z
    .strictObject({
      of: accuracyOf.default("validation"),
      fast: probability.default(0.8),
      slow: probability.default(0.85),
      patience: countSchema.default(50),
      factor: fraction.default(0.5),
    })
    .optional(),
});

/** Ends training when the accuracy has not been better for `patience` epochs, or once it is `at_accuracy`. */
export const stoppingSchema = z.strictObject({
  of: accuracyOf.default("validation"),
  patience: countSchema.optional(),
  at_accuracy: fraction.optional(),
});

/** The epoch whose checkpoint is kept as the best: the first with the highest accuracy. */
export const selectionSchema = z.strictObject({ of: accuracyOf.default("validation") });

export type OptimizerConfig = z.output<typeof optimizerSchema>;
export type StoppingConfig = z.output<typeof stoppingSchema>;
