/** Networks as case files write them, before shapes are checked. */
import { z } from "zod";
import { inputName, mostNeurons } from "../model/network.ts";
import { type FileName, type Parameter, type Parameters, parameters } from "../model/parameters.ts";
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

type WithDefault = z.ZodDefault<typeof numberOrArraySchema>;
type ParameterShape = {
  [P in Parameter as FileName<P>]: Parameters[P]["default"] extends number
    ? WithDefault
    : typeof numberOrArraySchema;
};
const parameterShape = Object.fromEntries(
  Object.values(parameters).map(({ file, default: value }) => [
    file,
    value === undefined ? numberOrArraySchema : numberOrArraySchema.default(value),
  ]),
);

export const populationSchema = z.strictObject({
  name: nameSchema,
  size: countSchema,
  model: z.enum(["lif", "li"]),
  ...(parameterShape as ParameterShape),
});

export const projectionSchema = z.strictObject({
  from: z.string(),
  to: z.string(),
  weight: arraySchema,
  delay: numberOrArraySchema.default(0),
});

export type RawPopulation = z.output<typeof populationSchema>;
export type RawProjection = z.output<typeof projectionSchema>;
