/** The kernel's Work structure, by which threads know what there is to do. */
import type { KernelMemory } from "../kernel/memory.ts";

export type WorkKind = "evaluate" | "evaluateForGradients" | "differentiate" | "update";

/** Addresses of what the structure points to. */
export interface WorkParts {
  readonly work: number;
  /** u32[slots]: addresses of the slots' plans. */
  readonly plans: number;
  readonly tensors: number;
}

export class WorkList {
  readonly #memory: KernelMemory;
  readonly #parts: WorkParts;
  readonly #lanes: number;

  constructor(memory: KernelMemory, parts: WorkParts, lanes: number) {
    this.#memory = memory;
    this.#parts = parts;
    this.#lanes = lanes;
    const { slots, views } = memory;
    views.u32(parts.plans, slots.length).set(slots.map(({ layout }) => layout.plan));
    this.#set("plans", parts.plans);
    this.#set("slots", slots.length);
    this.#set("lanes", lanes);
    this.#set("tensors", parts.tensors);
  }

  get address(): number {
    return this.#parts.work;
  }

  /** The trials in the first `count` slots, a task a lane. */
  trials(kind: Exclude<WorkKind, "update">, count: number): void {
    this.#set("trialCount", count);
    this.#begin(kind, this.#lanes);
  }

  /** Tensors of these sizes, a task a part of them. */
  update(bytes: readonly number[]): void {
    const part = this.#memory.constant("Layout", "partBytes");
    this.#set("tensorCount", bytes.length);
    this.#begin(
      "update",
      bytes.reduce((sum, size) => sum + Math.ceil(size / part), 0),
    );
  }

  #begin(kind: WorkKind, tasks: number): void {
    this.#set("kind", this.#memory.constant("WorkKind", kind));
    this.#set("taskCount", tasks);
    this.#set("next", 0);
  }

  #set(field: string, value: number): void {
    const { views, constant } = this.#memory;
    views.data.setUint32(this.#parts.work + constant("WorkAt", field), value, true);
  }
}
