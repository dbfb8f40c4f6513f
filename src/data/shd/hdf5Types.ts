/** What something in an HDF5 file is, in words for those who expected something else. */
import type { Metadata } from "h5wasm";

/** HDF5's H5T_class_t, as far as recordings are made of it. */
export const typeClass = { integer: 0, float: 1, string: 3, variableLength: 9 };

export type TypeName = keyof typeof typeClass;

/** E.g. `a list of integers`, `one string`, `an array of 24 × 60 floats`. */
export function described({ type, vlen_type, shape }: Metadata): string {
  if (shape === null) return "an empty dataset";
  if (type === typeClass.variableLength && shape.length === 1) return variableLength(nameOf(vlen_type?.type));
  const noun = nameOf(type) ?? "value";
  if (shape.length === 0) return `one ${noun}`;
  return shape.length === 1 ? `a list of ${noun}s` : `an array of ${shape.join(" × ")} ${noun}s`;
}

export function variableLength(of: TypeName | undefined): string {
  return `variable-length arrays of ${of === undefined ? "other values" : `${of} numbers`}`;
}

function nameOf(type: number | undefined): TypeName | undefined {
  return (Object.keys(typeClass) as TypeName[]).find((name) => typeClass[name] === type);
}
