/** The kernel's Work structure, by which threads know what there is to do. */
import { enums } from "../kernel/description.ts";
import { Structure, type Views } from "../kernel/structures.ts";

type WorkKind = keyof typeof enums.WorkKind;

/** Addresses of the structure and of what it points to. */
export interface WorkParts {
  readonly work: number;
  /** u32[slots] */
  readonly trials: number;
  readonly tensors: number;
}

export class WorkList {
  readonly address: number;
  readonly #work: Structure<"Work">;
  readonly #lanes: number;

  /** @param addresses of the slots' trials */
  constructor(
    views: Views,
    { work, trials, tensors }: WorkParts,
    addresses: readonly number[],
    lanes: number,
  ) {
    this.address = work;
    this.#lanes = lanes;
    this.#work = new Structure(views, "Work", work);
    views.u32(trials, addresses.length).set(addresses);
    this.#work.setAll({ trials, slots: addresses.length, lanes, tensors });
  }

  /** The trials in the first `count` slots, a task a lane. */
  trials(kind: Exclude<WorkKind, "normalize" | "update">, count: number): void {
    this.#work.set("trialCount", count);
    this.#begin(kind, this.#lanes);
  }

  /** The gradients of those tensors that want it, brought to one size: a task a chunk of their rows, of these sizes. */
  normalize(rowBytes: readonly number[], tensorCount: number): void {
    this.#work.set("tensorCount", tensorCount);
    const tasks = rowBytes.reduce((sum, size) => sum + size / enums.Size.chunk, 0);
    this.#begin("normalize", tasks);
  }

  /** Tensors of these sizes, a task a part of them. */
  update(bytes: readonly number[]): void {
    this.#work.set("tensorCount", bytes.length);
    const tasks = bytes.reduce((sum, size) => sum + Math.ceil(size / enums.Size.part), 0);
    this.#begin("update", tasks);
  }

  #begin(kind: WorkKind, taskCount: number): void {
    this.#work.setAll({ kind: enums.WorkKind[kind], taskCount, next: 0 });
  }
}
