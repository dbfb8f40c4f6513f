/** The compiled kernels as functions of numbers, in a memory of one page. */
import { readFileSync } from "node:fs";
import { bytesOf as embeddedBytes } from "../../../src/engine/kernel/kernel.ts";
import { Structure, Views } from "../../../src/engine/kernel/structures.ts";

export const builds = ["f64", "f32", "debug"] as const;
export type Build = (typeof builds)[number];

/** The scalar functions of a kernel; `points` and `out` are byte addresses, of five numbers and of a Coefficients structure. */
interface Scalars {
  heapBase(): number;
  exp(x: number): number;
  expm1(x: number): number;
  log(x: number): number;
  log1p(x: number): number;
  phi1(y: number): number;
  phi2(y: number): number;
  difference2(p: number, q: number): number;
  difference3(p: number, q: number): number;
  difference4(p: number, q: number, three: number, points: number): number;
  repeatedDifference(
    points: number,
    zeros: number,
    p: number,
    copiesP: number,
    q: number,
    copiesQ: number,
  ): number;
  coefficients(alpha: number, beta: number, x: number, out: number): void;
  gainDerivatives(alpha: number, beta: number, x: number, out: number): void;
  crossing(
    d: number,
    i: number,
    gap: number,
    level: number,
    alpha: number,
    beta: number,
    early: number,
    late: number,
    end: number,
    out: number,
  ): number;
}

/** The bytes that the package embeds; those of the debug kernel, which it does not, as the build left them. */
export function bytesOf(build: Build): Uint8Array<ArrayBuffer> {
  if (build !== "debug") return embeddedBytes(build);
  return Uint8Array.from(readFileSync(new URL("../../../build/kernel.debug.wasm", import.meta.url)));
}

function onePage(): WebAssembly.Memory {
  return new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
}

export function instantiate(build: Build, memory = onePage()): WebAssembly.Exports {
  return new WebAssembly.Instance(new WebAssembly.Module(bytesOf(build)), { env: { memory } }).exports;
}

/** A kernel's scalar functions, the free bytes of its memory, and their address. */
export interface Scalar {
  readonly kernel: Scalars;
  readonly free: Float64Array;
  readonly at: number;
  /** The free bytes as a Coefficients structure. */
  readonly slot: Structure<"Coefficients">;
}

export function scalarKernel(build: Build): Scalar {
  const memory = onePage();
  const kernel = instantiate(build, memory) as unknown as Scalars;
  const at = Math.ceil(kernel.heapBase() / 16) * 16;
  const slot = new Structure(new Views(memory, "f64"), "Coefficients", at);
  return { kernel, free: new Float64Array(memory.buffer, at, 64), at, slot };
}
