/** The kernel's own exponential and logarithm, for what is computed outside it: engines differ in `Math.exp`. */
import { bindKernel, compileKernel, memoryOf } from "./kernel.ts";

/** Both to within 1 ulp, and the same bits on every engine. */
export interface Elementary {
  exp(x: number): number;
  log(x: number): number;
}

let bound: Promise<Elementary> | undefined;

/** Those of the f64 kernel, bound once per process. */
export function elementary(): Promise<Elementary> {
  bound ??= compileKernel("f64").then((module) => {
    const { exp, log } = bindKernel(module, memoryOf(1));
    return { exp, log };
  });
  return bound;
}
