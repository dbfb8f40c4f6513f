/** The kernel's own exponential and logarithm, for what is computed outside it: engines differ in `Math.exp`. */
import { bindKernel, compileKernel } from "./kernel.ts";

/** Both to within 1 ulp, and the same bits on every engine. */
export interface Elementary {
  exp(x: number): number;
  log(x: number): number;
}

let bound: Promise<Elementary> | undefined;

/** Those of the f64 kernel, bound once per process. */
export function elementary(): Promise<Elementary> {
  bound ??= compileKernel("f64").then((module) => {
    const memory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
    const { exp, log } = bindKernel(module, memory).functions as unknown as Elementary;
    return { exp, log };
  });
  return bound;
}
