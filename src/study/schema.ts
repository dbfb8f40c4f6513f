/** A study as its YAML file says it: a base configuration, what varies, and how often each point is trained. */
import { z } from "zod";
import { withVisibleControls } from "../base/controls.ts";
import { count, integer, seed, wholeNumber } from "../format/values.ts";
import { mostNeurons } from "../model/network.ts";

const settings = z.record(z.string(), z.unknown());

/** They stand in lines and headings. */
const axisName = z
  .string()
  .refine(
    (name) => name !== "" && name !== "__proto__" && withVisibleControls(name) === name,
    "expected a name of visible characters",
  );

/** Headings of the table beside the axes'. */
export const tableColumns = [
  "runs",
  "of",
  "failed",
  "validation_accuracy",
  "validation_deviation",
  "validation_low",
  "validation_high",
  "test_accuracy",
  "test_deviation",
  "test_low",
  "test_high",
  "mean_recall",
  "train_accuracy",
  "hidden_spikes",
  "trained_epochs",
] as const;

const taken = new Set<string>([...tableColumns, "seconds", "failure"]);

const rangeFields = {
  count: integer(2, 1e6, "expected an integer from 2 to 1000000")
    .optional()
    .describe("Values of a grid, evenly spaced from the first number to the second, both included."),
  integer: z.boolean().default(false).describe("Whether values are rounded to whole numbers."),
};

const ends = z
  .tuple([z.number(), z.number()])
  .refine(([from, to]) => from < to, "expected two numbers, the smaller one first")
  .refine(([from, to]) => Number.isFinite(to - from), "expected two numbers whose difference is one");

const uniformSchema = z
  .strictObject({ uniform: ends.describe("Bounds of the value."), ...rangeFields })
  .describe("A number between two bounds.");

const logUniformSchema = z
  .strictObject({
    log_uniform: ends
      .refine(([from]) => from > 0, "expected positive numbers")
      .describe("Bounds of the value, which is even in its logarithm."),
    ...rangeFields,
  })
  .describe("A positive number between two bounds, by its logarithm.");

const variantsSchema = z
  .strictObject({
    variants: z
      .record(axisName, settings)
      .refine((variants) => Object.keys(variants).length > 0, "expected at least one variant")
      .describe("Settings by the variant's name, `path.to.key: value` each; null takes a setting away."),
  })
  .describe("Several settings that change together, under a name.");

const axisSchema = z.union([
  z
    .array(
      z
        .unknown()
        .refine((value) => typeof value !== "number" || Number.isFinite(value), "expected a finite number"),
    )
    .min(1, "expected at least one value")
    .describe("Values of the setting."),
  uniformSchema,
  logUniformSchema,
  variantsSchema,
]);

const samplingSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("grid") }).describe("Every combination, the last axis fastest."),
  z
    .strictObject({
      kind: z.literal("random"),
      points: count(1e6).describe("Combinations, all different."),
      seed: seed.default(1).describe("Of the draws."),
    })
    .describe("Combinations drawn from all axes at once."),
]);

const foldsSchema = z.union([
  z.literal("speakers"),
  integer(2, mostNeurons, `expected "speakers" or an integer from 2 to ${mostNeurons}`),
  z
    .strictObject({ speakers: z.array(wholeNumber).min(2).describe("Numbers of the speakers.") })
    .describe("One fold for each of these speakers."),
]);

const halvingSchema = z.strictObject({
  epochs: count().describe("Epochs after which poor points are stopped for the first time."),
  factor: integer(2, 1000, "expected an integer from 2 to 1000")
    .default(3)
    .describe(
      "One of so many combinations goes on, rounded up: those with the highest validation accuracy so far, on average over " +
        "their runs; the others stop. The next comparison is after so many times the epochs.",
    ),
});

export const studySchema = z.strictObject({
  base: z
    .union([z.string().min(1), settings])
    .describe(
      "The configuration of which points differ: a file, relative to the study's own, or its settings.",
    ),
  set: settings.default({}).describe("Settings of all points, `path.to.key: value`; null takes one away."),
  axes: z
    .record(
      axisName.refine((name) => !taken.has(name), "expected a name that no column of the table has"),
      axisSchema,
    )
    .default({})
    .describe(
      "What varies: by the path of a setting, `path.to.key`, or by a name of one's own for variants.",
    ),
  sampling: samplingSchema.default({ kind: "grid" }).describe("Which combinations of values are points."),
  except: z
    .array(settings)
    .default([])
    .describe(
      "Combinations that are left out: those of which every named axis has the value, or one of the values, or is within " +
        "{min, max}.",
    ),
  adjust: z
    .array(
      z.strictObject({
        when: settings.describe("Values of axes, as in `except`."),
        set: settings.describe("Settings of the combinations that have them; null takes one away."),
      }),
    )
    .default([])
    .describe("What some combinations have beside their axes' values, one after another."),
  seeds: z
    .array(seed)
    .min(1, "expected at least one seed")
    .optional()
    .describe("Each combination is trained with each; default the configuration's."),
  folds: foldsSchema
    .optional()
    .describe(
      "Each combination is trained once a fold, on all but what the fold holds out; default no folds.",
    ),
  halving: halvingSchema.optional().describe("Stops poor points early; default: all are trained to the end."),
});

type StudyConfig = z.output<typeof studySchema>;
export type AxisConfig = z.output<typeof axisSchema>;
export type RangeAxis = z.output<typeof uniformSchema> | z.output<typeof logUniformSchema>;
export type HalvingConfig = z.output<typeof halvingSchema>;

/** A study that needs no other file: settings of all points are in its base, and folds have numbers. */
export interface Study extends Omit<StudyConfig, "base" | "set" | "folds"> {
  readonly base: Readonly<Record<string, unknown>>;
  readonly folds?: number | { readonly speakers: readonly number[] } | undefined;
}
