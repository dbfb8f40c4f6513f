/** The kernel's structures and arrays as typed views: where a field is and how wide it is, its description says. */
import type { Precision } from "../../model/solution.ts";
import { structures } from "./description.ts";

type Structures = typeof structures;
export type StructureName = keyof Structures;
export type Field<S extends StructureName> = keyof Structures[S]["fields"] & string;
type TypeOf<S extends StructureName, F> = F extends keyof Structures[S]["fields"]
  ? Structures[S]["fields"][F] extends readonly [number, infer T]
    ? T
    : never
  : never;

/** Fields that hold the address of an array. */
export type ArrayField<S extends StructureName> = {
  [F in Field<S>]: TypeOf<S, F> extends "reals" | "f64s" | "u32s" | `${string}[]` ? F : never;
}[Field<S>];

/** Arrays of a structure by their fields, e.g. how long they are or where. */
export type Arrays<S extends StructureName> = Readonly<Record<ArrayField<S>, number>>;

export type RealArray = Float64Array | Float32Array;

type Described = readonly [at: number, type: string];

export function fieldsOf(name: StructureName): Readonly<Record<string, Described>> {
  return structures[name].fields;
}

export function bytesOf(name: StructureName): number {
  return structures[name].bytes;
}

/** Bytes of an entry of an array of this type. */
export function entryBytes(type: string, realBytes: number): number {
  if (type === "reals") return realBytes;
  if (type === "f64s") return 8;
  if (type === "u32s") return 4;
  return bytesOf(type.slice(0, -"[]".length) as StructureName);
}

/** Typed access to an engine's memory. */
export class Views {
  readonly buffer: ArrayBufferLike;
  readonly precision: Precision;
  readonly data: DataView;
  /** The whole memory. */
  readonly allF64: Float64Array;
  readonly allU32: Uint32Array;

  constructor(memory: WebAssembly.Memory, precision: Precision) {
    this.buffer = memory.buffer;
    this.precision = precision;
    this.data = new DataView(memory.buffer);
    this.allF64 = new Float64Array(memory.buffer);
    this.allU32 = new Uint32Array(memory.buffer);
  }

  get realBytes(): number {
    return this.precision === "f64" ? 8 : 4;
  }

  f64(at: number, length: number): Float64Array {
    return new Float64Array(this.buffer, at, length);
  }

  u32(at: number, length: number): Uint32Array {
    return new Uint32Array(this.buffer, at, length);
  }

  real(at: number, length: number): RealArray {
    return this.precision === "f64"
      ? new Float64Array(this.buffer, at, length)
      : new Float32Array(this.buffer, at, length);
  }
}

/** One structure of the kernel's memory. */
export class Structure<S extends StructureName> {
  readonly name: S;
  readonly at: number;
  readonly #views: Views;

  constructor(views: Views, name: S, at: number) {
    this.#views = views;
    this.name = name;
    this.at = at;
  }

  get(field: Field<S>): number {
    const [at, type] = fieldsOf(this.name)[field]!;
    const { data } = this.#views;
    return type === "f64" ? data.getFloat64(this.at + at, true) : data.getUint32(this.at + at, true);
  }

  set(field: Field<S>, value: number): void {
    const [at, type] = fieldsOf(this.name)[field]!;
    const { data } = this.#views;
    if (type === "f64") data.setFloat64(this.at + at, value, true);
    else data.setUint32(this.at + at, value, true);
  }

  setAll(values: { readonly [F in Field<S>]?: number }): void {
    for (const [field, value] of Object.entries<number | undefined>(values))
      if (value !== undefined) this.set(field as Field<S>, value);
  }
}

/** One structure after another of a table, as `Structure` but without an object for each: records are long. */
export class TableReader<S extends StructureName> {
  readonly #views: Views;
  readonly #at: number;
  readonly #bytes: number;
  readonly #fields: Readonly<Record<string, Described>>;

  constructor(views: Views, name: S, at: number) {
    this.#views = views;
    this.#at = at;
    this.#bytes = bytesOf(name);
    this.#fields = fieldsOf(name);
  }

  /** A function from the place in the table to the field's value. */
  reader(field: Field<S>): (k: number) => number {
    const [at, type] = this.#fields[field]!;
    const width = type === "f64" ? 8 : 4;
    const first = (this.#at + at) / width;
    const stride = this.#bytes / width;
    const array = width === 8 ? this.#views.allF64 : this.#views.allU32;
    return (k) => array[first + k * stride]!;
  }
}
