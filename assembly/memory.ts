/** How structures and arrays lie in memory, and how their entries are reached. */

/**
 * Addresses of arrays, by what their entries are. A structure declares its arrays with these types, and from them the
 * host knows how wide an entry is; see describe.mjs.
 */
export type Reals = usize;
export type F64s = usize;
export type U32s = usize;
/** Of structures of type T, `bytesOf<T>()` apart. */
// biome-ignore lint/correctness/noUnusedVariables: what the entries are is for describe.mjs
export type Table<T> = usize;

/** Bytes from one structure of a table to the next. */
export function bytesOf<T>(): usize {
  return (offsetof<T>() + 7) & ~7;
}

/** Structure k of a table. */
export function entryOf<T>(table: usize, k: u32): T {
  return changetype<T>(table + <usize>k * bytesOf<T>());
}

/** Structure k as bytes that hold nothing. */
export function clear<T>(table: usize, k: u32): void {
  memory.fill(table + <usize>k * bytesOf<T>(), 0, bytesOf<T>());
}

export function f64Of(array: F64s, k: u32): f64 {
  return load<f64>(array + ((<usize>k) << 3));
}

export function setF64(array: F64s, k: u32, value: f64): void {
  store<f64>(array + ((<usize>k) << 3), value);
}

export function u32Of(array: U32s, k: u32): u32 {
  return load<u32>(array + ((<usize>k) << 2));
}

export function setU32(array: U32s, k: u32, value: u32): void {
  store<u32>(array + ((<usize>k) << 2), value);
}

export function realOf(array: Reals, k: usize): f64 {
  return <f64>load<real>(array + k * sizeof<real>());
}

export function setReal(array: Reals, k: usize, value: f64): void {
  store<real>(array + k * sizeof<real>(), <real>value);
}

/** Adds in f64, rounded once to `real`. */
export function addReal(array: Reals, k: usize, x: f64): void {
  setReal(array, k, realOf(array, k) + x);
}

export function addF64(array: F64s, k: u32, x: f64): void {
  setF64(array, k, f64Of(array, k) + x);
}
