/** A kernel with a memory of its own, laid out for one network and a number of trials at a time. */
import { ConfigError } from "../errors.ts";
import type { Network } from "../network/network.ts";
import { bindKernel, type Constants, type KernelFunctions, type Precision } from "./kernel.ts";
import { layOut, type Room } from "./layout.ts";
import { type Shape, sameShape, shapeOf } from "./shape.ts";
import { Slot } from "./slot.ts";
import {
  Views,
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
  /** Bytes beyond the kernel's own that the caller wants from `spare`. */
  readonly spareBytes?: number;
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
    const pages = Math.ceil((this.spare + (options.spareBytes ?? 0)) / pageBytes);
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

  #lanes(): number {
    return this.constant("Layout", "chunkBytes") / this.constant("Layout", "realBytes");
  }

  #writeParameters(): void {
    const { views, constant, slots } = this;
    this.#shape.populations.forEach((shaped, p) => {
      writePopulation(views, shaped, slots[0]!.layout.populations[p]!);
      for (const { layout } of slots) {
        const table = layout.populationTable + p * constant("PopulationAt", "end");
        writePopulationTable(views, constant, table, shaped, layout.populations[p]!);
      }
    });
    this.#shape.projections.forEach((shaped, p) => {
      writeProjection(views, shaped, slots[0]!.layout.projections[p]!);
      for (const { layout } of slots) {
        const table = layout.projectionTable + p * constant("ProjectionAt", "end");
        writeProjectionTable(views, constant, table, shaped, layout.projections[p]!);
      }
    });
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
