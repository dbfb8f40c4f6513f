/** A kernel with a memory of its own, laid out for one network and a number of trials at a time. */

import { ConfigError } from "../../base/errors.ts";
import type { Network } from "../../model/network.ts";
import type { Precision } from "../../model/solution.ts";
import { bindKernel, type Constants, type KernelFunctions } from "./kernel.ts";
import { layOut, type Room } from "./layout.ts";
import { type Shape, sameShape, shapeOf } from "./shape.ts";
import { Slot } from "./slot.ts";
import {
  Views,
  writeDelays,
  writePlan,
  writePopulation,
  writePopulationTable,
  writeProjection,
  writeProjectionTable,
} from "./writer.ts";

const pageBytes = 65536;
const maxPages = 65536;

export interface MemoryOptions extends Room {
  readonly precision: Precision;
  /** ms */
  readonly duration: number;
  /** Bytes beyond the kernel's own that the caller wants from `spare` on. */
  readonly spareBytes?: (shape: Shape, realBytes: number) => number;
}

export class KernelMemory {
  readonly memory: WebAssembly.Memory;
  readonly functions: KernelFunctions;
  readonly constant: Constants;
  readonly views: Views;
  readonly slots: readonly Slot[];
  /** First of the caller's bytes. */
  readonly spare: number;
  #shape: Shape;

  /** Allocates all memory that trials may need; nothing grows later. Throws a ConfigError beyond 4 GiB. */
  constructor(module: WebAssembly.Module, network: Network, options: MemoryOptions) {
    // A first binding, to a page of its own, tells the sizes of the structures.
    const { constant, functions } = bindKernel(module, memoryOf(1));
    this.constant = constant;
    this.#shape = shapeOf(network, this.#lanes());
    const map = layOut(this.#shape, options, constant, functions.heapBase());
    this.spare = Math.ceil(map.end / 64) * 64;
    const spareBytes = options.spareBytes?.(this.#shape, constant("Layout", "realBytes")) ?? 0;
    const pages = Math.ceil((this.spare + spareBytes) / pageBytes);
    if (pages > maxPages) throw tooLarge(options, pages);
    this.memory = memoryOf(pages);
    this.functions = bindKernel(module, this.memory).functions;
    this.views = new Views(this.memory, options.precision);
    this.slots = map.slots.map((layout) => new Slot(this, layout));
    for (const { layout } of this.slots) {
      writePlan(this.views, constant, this.#shape, layout, options.duration);
    }
    this.#writeParameters();
  }

  get shape(): Shape {
    return this.#shape;
  }

  /**
   * Takes over the parameters of a network; false if its delays need another layout.
   *
   * @throws ConfigError if its populations or projections are others
   */
  setNetwork(network: Network): boolean {
    const shape = shapeOf(network, this.#lanes());
    if (!sameShape(shape, this.#shape))
      throw new ConfigError(
        "network: expected the populations and projections of the engine's own, got others",
      );
    if (shape.projections.some((p, k) => p.delayKind !== this.#shape.projections[k]!.delayKind)) return false;
    this.#shape = shape;
    this.#writeParameters();
    return true;
  }

  /** Tells the kernel about changed parameters of a population, and every trial about what follows from them. */
  writePopulation(p: number): void {
    const shaped = this.#shape.populations[p]!;
    const { views, constant, slots } = this;
    writePopulation(views, shaped, slots[0]!.layout.populations[p]!);
    for (const { layout } of slots) {
      const table = layout.populationTable + p * constant("PopulationAt", "end");
      writePopulationTable(views, constant, table, shaped, layout.populations[p]!);
    }
  }

  writeProjection(p: number): void {
    const shaped = this.#shape.projections[p]!;
    const { views, constant, slots } = this;
    writeProjection(views, shaped, slots[0]!.layout.projections[p]!);
    for (const { layout } of slots) {
      const table = layout.projectionTable + p * constant("ProjectionAt", "end");
      writeProjectionTable(views, constant, table, shaped, layout.projections[p]!);
    }
  }

  /** Tells the kernel about changed delays of a projection. */
  writeDelays(p: number): void {
    const shaped = this.#shape.projections[p]!;
    const { delay } = shaped.projection;
    if (typeof delay !== "number")
      writeDelays(this.views, delay, shaped, this.slots[0]!.layout.projections[p]!);
  }

  #lanes(): number {
    return this.constant("Layout", "chunkBytes") / this.constant("Layout", "realBytes");
  }

  #writeParameters(): void {
    for (const p of this.#shape.populations.keys()) this.writePopulation(p);
    for (const p of this.#shape.projections.keys()) this.writeProjection(p);
  }
}

function memoryOf(pages: number): WebAssembly.Memory {
  return new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
}

function tooLarge({ maxEvents, slots }: MemoryOptions, pages: number): ConfigError {
  const trials = slots === 1 ? "" : ` in each of ${slots} trials of a batch`;
  const size = (pages / 16384).toFixed(1);
  return new ConfigError(
    `max_events: expected a network and budgets that fit into 4 GiB, got ${maxEvents} events${trials}, with which they take ${size} GiB`,
  );
}
