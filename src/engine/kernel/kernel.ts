/** The compiled kernel: its functions as TypeScript sees them, and how to bring one to life. */
import { embedded } from "../../base/embedded.ts";
import type { Precision } from "../../model/solution.ts";
import { layoutVersion } from "./description.ts";
import { kernelBytes } from "./kernelBytes.ts";

/** Functions of the kernel; `trial` is the byte address of a Trial structure. */
export interface KernelFunctions {
  heapBase(): number;
  /** Forward pass and loss; a status. */
  evaluate(trial: number): number;
  /** Loss of the trial that lies recorded; a status. */
  evaluateLoss(trial: number): number;
  differentiate(trial: number): void;
  closestGraze(trial: number): void;
  /** `work` is the byte address of a Work structure. */
  work(work: number): void;
  exp(x: number): number;
  log(x: number): number;
}

/** Both kernels have much in common, which is embedded once. */
export function bytesOf(precision: Precision): Uint8Array<ArrayBuffer> {
  const f64 = embedded(kernelBytes.f64);
  if (precision === "f64") return f64;
  const parts = kernelBytes.f32.map(({ from, to, bytes }) => embedded(bytes, f64.subarray(from, to)));
  const f32 = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    f32.set(part, at);
    at += part.length;
  }
  return f32;
}

const modules = new Map<Precision, Promise<WebAssembly.Module>>();

/** Compiles the kernel of a precision, once per process. */
export function compileKernel(precision: Precision): Promise<WebAssembly.Module> {
  let module = modules.get(precision);
  if (!module) {
    module = WebAssembly.compile(bytesOf(precision));
    modules.set(precision, module);
  }
  return module;
}

/**
 * Binds a compiled kernel to a memory. The kernel keeps no state outside it.
 *
 * @throws Error if the kernel was built with another description of its memory than this host
 */
export function bindKernel(module: WebAssembly.Module, memory: WebAssembly.Memory): KernelFunctions {
  const { exports } = new WebAssembly.Instance(module, { env: { memory }, profile: { clock } });
  const found = (exports["layoutVersion"] as WebAssembly.Global | undefined)?.value as number | undefined;
  if (found === undefined || found >>> 0 !== layoutVersion)
    throw new Error(
      `kernel: expected layout version ${hex(layoutVersion)}, got ${found === undefined ? "none" : hex(found)}: kernel and host were not built together; run npm run build`,
    );
  return exports as unknown as KernelFunctions;
}

/** ms; asked for by the build that tells where its time goes. */
function clock(): number {
  return performance.now();
}

function hex(version: number): string {
  return (version >>> 0).toString(16).padStart(8, "0");
}

/** A memory that threads can share, of this many pages for good. */
export function memoryOf(pages: number): WebAssembly.Memory {
  return new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
}
