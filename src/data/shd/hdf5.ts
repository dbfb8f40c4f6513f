/** HDF5 files through h5wasm: what a reader of data sets needs of them, with failures as one-line errors. */
import { Float16Array } from "@petamoriken/float16";
import type { Dataset, File, Metadata } from "h5wasm";
import { ConfigError } from "../../base/errors.ts";

/** An open file. Every method throws a ConfigError if there is no dataset at `path` or it is of another type. */
export interface Hdf5 {
  has(path: string, of?: TypeName): boolean;
  strings(path: string): readonly string[];
  integers(path: string): ArrayLike<number>;
  /** A dataset whose entries are arrays of different lengths. */
  arrays(path: string, of: "integer" | "float"): Hdf5Arrays;
}

export interface Hdf5Arrays {
  readonly count: number;
  /** Size of one number in the file, bytes. */
  readonly numberBytes: number;
  /** The entries one after another, read in blocks. */
  read(): Generator<ArrayLike<number>, undefined>;
}

/**
 * Calls `read` with the open file and closes it again.
 *
 * h5wasm is loaded here and not with this module: it is large, and most of what imports this package never needs it.
 * Its build for Node reads from the disk what is asked for, so that memory does not grow with the file.
 *
 * @param path a plain file that exists
 * @param source the file's name for the user, starts messages
 * @throws ConfigError it is not a whole HDF5 file
 */
export async function withHdf5<Result>(
  path: string,
  source: string,
  read: (file: Hdf5) => Result,
): Promise<Result> {
  const h5wasm = await import("h5wasm/node");
  const { activate_throwing_error_handler } = await h5wasm.ready;
  // Without it HDF5 prints its call stack to the terminal and goes on.
  activate_throwing_error_handler();
  let file: File | undefined;
  try {
    const opened = new h5wasm.File(path, "r");
    file = opened;
    return read(reader(source, (name) => entityAt(opened, name, h5wasm.Dataset)));
  } catch (error) {
    throw error instanceof ConfigError ? error : new ConfigError(`${source}: ${failure(error, file)}`);
  } finally {
    file?.close();
  }
}

/** The dataset at a path; null if something else is there, undefined if nothing. */
function entityAt(file: File, path: string, DatasetClass: typeof Dataset): Dataset | null | undefined {
  const entity = file.get(path);
  if (entity instanceof DatasetClass) return entity;
  return entity === null ? undefined : null;
}

function reader(source: string, at: (path: string) => Dataset | null | undefined): Hdf5 {
  const find = (path: string, expected: string, fits: (dataset: Dataset) => boolean) => {
    const dataset = at(path);
    if (!dataset) {
      const found = dataset === null ? "a group or link" : "none";
      throw new ConfigError(`${source}: expected a dataset ${path}, found ${found}`);
    }
    if (dataset.shape?.length === 1 && fits(dataset)) return dataset;
    throw new ConfigError(`${source}: ${path}: expected ${expected}, got ${described(dataset.metadata)}`);
  };
  return {
    has: (path, of) => {
      const dataset = at(path);
      return Boolean(dataset) && (of === undefined || dataset!.metadata.type === typeClass[of]);
    },
    strings: (path) =>
      find(path, "a list of strings", ({ metadata }) => metadata.type === typeClass.string).value as string[],
    integers: (path) =>
      numbers(find(path, "a list of integers", ({ metadata }) => metadata.type === typeClass.integer).value),
    arrays: (path, of) =>
      arrays(
        find(path, variableLength(of), ({ metadata }) => {
          return metadata.type === typeClass.variableLength && metadata.vlen_type?.type === typeClass[of];
        }),
      ),
  };
}

function arrays(dataset: Dataset): Hdf5Arrays {
  const { shape, vlen_type } = dataset.metadata;
  const count = shape![0]!;
  const numberBytes = vlen_type!.size;
  const half = vlen_type!.type === typeClass.float && numberBytes === 2;
  // h5wasm refuses float16. As integers of two bytes it reads their bits.
  if (half) vlen_type!.type = typeClass.integer;
  return { count, numberBytes, read: () => entries(dataset, count, half) };
}

/** In blocks, because h5wasm's memory never shrinks again. */
function* entries(dataset: Dataset, count: number, half: boolean): Generator<ArrayLike<number>, undefined> {
  const block = 256;
  for (let from = 0; from < count; from += block) {
    for (const entry of dataset.slice([[from, from + block]]) as unknown[]) {
      yield half ? halves(entry as Uint16Array) : numbers(entry);
    }
  }
}

function numbers(read: unknown): ArrayLike<number> {
  const wide = read instanceof BigInt64Array || read instanceof BigUint64Array;
  return wide ? Float64Array.from(read, Number) : (read as ArrayLike<number>);
}

/** The numbers whose float16 bits are given. */
function halves(bits: Uint16Array): Float32Array {
  halfValues ??= Float32Array.from(new Float16Array(Uint16Array.from({ length: 65536 }, (_, k) => k).buffer));
  const values = new Float32Array(bits.length);
  for (let k = 0; k < bits.length; k++) values[k] = halfValues[bits[k]!]!;
  return values;
}

/** The value of every float16, indexed by its bits: 50 times faster than decoding each. */
let halfValues: Float32Array | undefined;

/** HDF5 reports a stack of ten lines; the innermost one tells the reason. */
function failure(error: unknown, file: File | undefined): string {
  const lines = String(error instanceof Error ? error.message : error).split("\n");
  const frames = lines.filter((line) => /^\s*#\d+:/.test(line));
  const reason = frames.at(-1)?.replace(/^.*\(\): /, "") ?? lines[0];
  return `${file === undefined ? "not a whole HDF5 file" : "damaged HDF5 file"} (${reason})`;
}

/** HDF5's H5T_class_t, as far as recordings are made of it. */
const typeClass = { integer: 0, float: 1, string: 3, variableLength: 9 };

type TypeName = keyof typeof typeClass;

/** What something is, for those who expected something else: `a list of integers`, `one string`, `an array of 24 × 60 floats`. */
function described({ type, vlen_type, shape }: Metadata): string {
  if (shape === null) return "an empty dataset";
  if (type === typeClass.variableLength && shape.length === 1) return variableLength(nameOf(vlen_type?.type));
  const noun = nameOf(type) ?? "value";
  if (shape.length === 0) return `one ${noun}`;
  return shape.length === 1 ? `a list of ${noun}s` : `an array of ${shape.join(" × ")} ${noun}s`;
}

function variableLength(of: TypeName | undefined): string {
  return `variable-length arrays of ${of === undefined ? "other values" : `${of} numbers`}`;
}

function nameOf(type: number | undefined): TypeName | undefined {
  return (Object.keys(typeClass) as TypeName[]).find((name) => typeClass[name] === type);
}
