/** Arrays of files, as schemas. */
import { z } from "zod";
import { dtypes, isPlainName } from "./arrays.ts";

export const blobSchema = z.strictObject(
  {
    file: z.string().refine(isPlainName, "expected the plain name of a file in the same folder").meta({
      description: "Plain name of a file in the same folder.",
      pattern: "^(?!\\.\\.?$)[^/\\\\:\\u0000\\n\\r]+$",
    }),
    dtype: z.enum(dtypes).describe("Little-endian f64, f32 or int32."),
    shape: z.array(z.int().min(0)).describe("Lengths, C order."),
  },
  { error: (issue) => (issue.code === "invalid_type" ? "expected {file, dtype, shape}" : undefined) },
);

/** An array whose entries `readArray` looks at once its shape is known, or a raw file. */
export const arraySchema = z
  .union([
    z.custom<readonly unknown[]>(Array.isArray, "expected an array").meta({
      type: "array",
      items: { anyOf: [{ type: "number" }, { type: "array", items: { type: "number" } }] },
    }),
    blobSchema,
  ])
  .meta({ id: "array", description: "Numbers, rows of numbers, or a raw file." });
export const numberOrArraySchema = z
  .union([z.number(), arraySchema])
  .meta({ id: "number_or_array", description: "One number for all, or an array with one for each." });
