/** The case format `goldspike/case@1`, before shapes and references are checked. */
import { z } from "zod";
import { arraySchema } from "./arrays.ts";
import { lossSchema } from "./lossSchema.ts";
import { countSchema, populationSchema, projectionSchema } from "./networkSchema.ts";

export const caseSchema = z.strictObject({
  format: z.literal("goldspike/case@1"),
  name: z.string(),
  note: z.string().optional(),
  time_unit: z.literal("ms"),
  duration: z.number(),
  input: z.strictObject({ channels: countSchema, times: arraySchema, sources: arraySchema }),
  populations: z.array(populationSchema).min(1),
  projections: z.array(projectionSchema),
  loss: lossSchema,
});

/** A case with the values a correct implementation must produce, which are not looked at here. */
export const expectedCaseSchema = z.strictObject({ case: caseSchema, expected: z.unknown() });

export type RawCase = z.output<typeof caseSchema>;
