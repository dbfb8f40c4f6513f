/** The kernel's Work structure, by which threads know what there is to do. */
import { enums } from "../kernel/description.ts";
import { Structure, type Views } from "../kernel/structures.ts";

type WorkKind = keyof typeof enums.WorkKind;

/** Of a tensor that a task of a step takes. */
const taskBytes = { normalize: enums.Size.chunk, update: enums.Size.part };

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
  trials(kind: Exclude<WorkKind, keyof typeof taskBytes>, count: number): void {
    this.#work.set("trialCount", count);
    this.#begin(kind, this.#lanes);
  }

  /** Of the first `tensorCount` tensors those that take part, divided into tasks each: a row's bytes, or all. */
  tensors(kind: keyof typeof taskBytes, sizes: readonly number[], tensorCount: number): void {
    this.#work.set("tensorCount", tensorCount);
    const tasks = sizes.reduce((sum, size) => sum + Math.ceil(size / taskBytes[kind]), 0);
    this.#begin(kind, tasks);
  }

  #begin(kind: WorkKind, taskCount: number): void {
    this.#work.setAll({ kind: enums.WorkKind[kind], taskCount, next: 0 });
  }
}
