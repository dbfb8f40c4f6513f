/** What HDF5 files may hold beyond what recordings are made of, in words. */
import type { Filter, Metadata } from "h5wasm";

/** A dataset as `hdf5Worker.js` describes it. */
export type Description = Metadata & { readonly filters: readonly Pick<Filter, "id" | "name">[] };

/** HDF5's H5T_class_t, as far as recordings are made of it. */
export const typeClass = { integer: 0, float: 1, string: 3, variableLength: 9 };

export type TypeName = "integer" | "float" | "string";

const nouns: Readonly<Record<number, string>> = {
  0: "integer",
  1: "float",
  2: "time",
  3: "string",
  4: "bit field",
  5: "opaque value",
  6: "compound value",
  7: "reference",
  8: "enum value",
  10: "array",
  11: "complex number",
};

/** What something is, for those who expected something else: `a list of integers`, `one string`, `an array of 24 × 60 floats`. */
export function described(found: Description): string {
  const { type, vlen_type, shape } = found;
  if (shape === null) return "an empty dataset";
  if (type === typeClass.variableLength && shape.length === 1)
    return variableLength(vlen_type ? `${nounOf(vlen_type)} numbers` : "other values");
  const noun = nounOf(found);
  if (shape.length === 0) return `one ${noun}`;
  return shape.length === 1 ? `a list of ${noun}s` : `an array of ${shape.join(" × ")} ${noun}s`;
}

export function variableLength(of: string): string {
  return `variable-length arrays of ${of}`;
}

function nounOf(metadata: Metadata): string {
  const { type, size, enum_type: { members } = { members: {} } } = metadata;
  if (type === 8 && Object.keys(members).sort().join() === "FALSE,TRUE") return "boolean";
  const noun = nouns[type] ?? "value";
  return isReadable(metadata) ? noun : `${8 * size}-bit ${noun}`;
}

function isNumber(type: number): boolean {
  return type === typeClass.integer || type === typeClass.float;
}

/** Bytes of the numbers that can be read. */
const widths = [1, 2, 4, 8];

/** Whether numbers of this type can be read: among floating point, those of 16, 32 and 64 bits. */
export function isReadable({ type, size }: Metadata): boolean {
  return !isNumber(type) || (widths.includes(size) && !(type === typeClass.float && size === 1));
}

/** By number; the library has them. */
const ownFilters = [1, 2, 3, 5, 6];

/** Registered with The HDF Group; files often name them otherwise, or not at all. */
const filterNames: Readonly<Record<number, string>> = {
  4: "szip",
  307: "bzip2",
  32000: "lzf",
  32001: "blosc",
  32004: "lz4",
  32008: "bitshuffle",
  32013: "zfp",
  32015: "zstd",
  32026: "blosc2",
};

/** The first filter of a dataset that the library lacks. */
export function foreignFilter({ filters }: Description): string | undefined {
  const found = filters.find(({ id }) => !ownFilters.includes(id));
  return found && (filterNames[found.id] ?? `filter ${found.id}`);
}
