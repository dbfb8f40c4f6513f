/** Room for one trial: its plan in the kernel's memory, and what the plan points to. */
import type { Constants, KernelFunctions } from "./kernel.ts";
import type { Layout } from "./layout.ts";
import type { KernelMemory } from "./memory.ts";
import type { Shape } from "./shape.ts";
import type { Views } from "./writer.ts";

export class Slot {
  readonly layout: Layout;
  readonly functions: KernelFunctions;
  readonly constant: Constants;
  readonly views: Views;
  readonly #memory: KernelMemory;

  constructor(memory: KernelMemory, layout: Layout) {
    this.#memory = memory;
    this.layout = layout;
    this.functions = memory.functions;
    this.constant = memory.constant;
    this.views = memory.views;
  }

  get shape(): Shape {
    return this.#memory.shape;
  }

  setU32(field: string, value: number): void {
    this.views.data.setUint32(this.#at(field), value, true);
  }

  setF64(field: string, value: number): void {
    this.views.data.setFloat64(this.#at(field), value, true);
  }

  u32(field: string): number {
    return this.views.data.getUint32(this.#at(field), true);
  }

  f64(field: string): number {
    return this.views.data.getFloat64(this.#at(field), true);
  }

  #at(field: string): number {
    return this.layout.plan + this.constant("PlanAt", field);
  }
}
