/** Networks as case files write them, before shapes are checked. */
import { z } from "zod";
import { inputName, mostNeurons } from "../model/network.ts";
import { arraySchema, numberOrArraySchema } from "./arrays.ts";

export const countSchema = z
  .number()
  .refine(
    (count) => Number.isInteger(count) && count >= 1 && count <= mostNeurons,
    `expected an integer from 1 to ${mostNeurons}`,
  );

/** Populations are keys of the result's objects, where `__proto__` would be lost. */
const nameSchema = z
  .string()
  .min(1)
  .refine(
    (name) => name !== inputName && name !== "__proto__",
    `expected a name other than "${inputName}" and "__proto__"`,
  );

export const populationSchema = z.strictObject({
  name: nameSchema,
  size: countSchema,
  model: z.enum(["lif", "li"]),
  tau_mem: numberOrArraySchema,
  tau_syn: numberOrArraySchema,
  threshold: numberOrArraySchema.default(1),
  reset: numberOrArraySchema.default(0),
  bias: numberOrArraySchema.default(0),
  v0: numberOrArraySchema.default(0),
  i0: numberOrArraySchema.default(0),
});

export const projectionSchema = z.strictObject({
  from: z.string(),
  to: z.string(),
  weight: arraySchema,
  delay: numberOrArraySchema.default(0),
});

export type RawPopulation = z.output<typeof populationSchema>;
export type RawProjection = z.output<typeof projectionSchema>;
