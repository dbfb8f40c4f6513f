/** The compiled kernel: its functions as TypeScript sees them, and how to bring one to life. */
import type { Precision } from "../../model/solution.ts";
import { kernelBytes } from "./kernelBytes.ts";

/** Functions of the kernel; `plan` is the byte address of a Plan structure. */
export interface KernelFunctions {
  heapBase(): number;
  /** Forward pass and loss; a status. */
  evaluate(plan: number): number;
  differentiate(plan: number): void;
  closestGraze(plan: number): void;
  /** `work` is the byte address of a Work structure. */
  work(work: number): void;
  coefficients(alpha: number, beta: number, x: number, out: number): void;
  exp(x: number): number;
  log(x: number): number;
}

/** A constant that the kernel exports, e.g. `constant("PlanAt", "duration")`, the byte offset of that field. */
export type Constants = (group: string, name: string) => number;

export interface Kernel {
  readonly functions: KernelFunctions;
  readonly constant: Constants;
}

const modules = new Map<Precision, Promise<WebAssembly.Module>>();

/** Compiles the kernel of a precision, once per process. */
export function compileKernel(precision: Precision): Promise<WebAssembly.Module> {
  let module = modules.get(precision);
  if (!module) {
    const bytes = Uint8Array.from(atob(kernelBytes[precision]), (character) => character.charCodeAt(0));
    module = WebAssembly.compile(bytes);
    modules.set(precision, module);
  }
  return module;
}

/** Binds a compiled kernel to a memory. The kernel keeps no state outside it. */
export function bindKernel(module: WebAssembly.Module, memory: WebAssembly.Memory): Kernel {
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  const constant: Constants = (group, name) => {
    const value = exports[`${group}.${name}`];
    if (!(value instanceof WebAssembly.Global))
      throw new Error(`the kernel exports no constant ${group}.${name}`);
    return value.value as number;
  };
  return { functions: exports as unknown as KernelFunctions, constant };
}
