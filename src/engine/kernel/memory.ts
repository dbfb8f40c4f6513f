/** A kernel with a memory of its own, laid out for one network and a number of trials at a time. */
import { ConfigError } from "../../base/errors.ts";
import type { Network } from "../../model/network.ts";
import type { Precision } from "../../model/solution.ts";
import { enums } from "./description.ts";
import { bindKernel, type KernelFunctions, memoryOf } from "./kernel.ts";
import { type Layout, layOut, type Room } from "./layout.ts";
import { type Shape, sameShape, shapeOf } from "./shape.ts";
import { Views } from "./structures.ts";
import {
  writeDelays,
  writePopulation,
  writePopulationEntry,
  writeProjection,
  writeProjectionEntry,
  writeTrial,
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
  readonly views: Views;
  readonly layouts: readonly Layout[];
  /** First of the caller's bytes. */
  readonly spare: number;
  readonly #lanes: number;
  readonly #duration: number;
  #shape: Shape;

  /**
   * Allocates all memory that trials may need; nothing grows later.
   *
   * @throws ConfigError if it is more than 4 GiB
   */
  constructor(module: WebAssembly.Module, network: Network, options: MemoryOptions) {
    const realBytes = options.precision === "f64" ? 8 : 4;
    this.#lanes = enums.Size.chunk / realBytes;
    this.#duration = options.duration;
    this.#shape = shapeOf(network, this.#lanes);
    // A first binding, to a page of its own, tells where the kernel's own memory ends.
    const map = layOut(this.#shape, options, realBytes, bindKernel(module, memoryOf(1)).heapBase());
    this.spare = Math.ceil(map.end / enums.Size.chunk) * enums.Size.chunk;
    const spareBytes = options.spareBytes?.(this.#shape, realBytes) ?? 0;
    const pages = Math.ceil((this.spare + spareBytes) / pageBytes);
    if (pages > maxPages) throw tooLarge(network, options, pages);
    this.memory = memoryOf(pages);
    this.functions = bindKernel(module, this.memory);
    this.views = new Views(this.memory, options.precision);
    this.layouts = map.slots;
    for (const layout of this.layouts) writeTrial(this.views, this.#shape, layout, options.duration);
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
    const shape = shapeOf(network, this.#lanes);
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
    const [views, duration] = [this.views, this.#duration];
    writePopulation({ views, at: this.layouts[0]!.populations[p]!, duration }, shaped);
    for (const layout of this.layouts) writePopulationEntry(views, layout, p, shaped, duration);
  }

  writeProjection(p: number): void {
    const shaped = this.#shape.projections[p]!;
    writeProjection(this.views, shaped, this.layouts[0]!.projections[p]!);
    for (const layout of this.layouts) writeProjectionEntry(this.views, layout, p, shaped);
  }

  /** Tells the kernel about changed delays of a projection. */
  writeDelays(p: number): void {
    const shaped = this.#shape.projections[p]!;
    const { delay } = shaped.projection;
    if (typeof delay !== "number") writeDelays(this.views, delay, shaped, this.layouts[0]!.projections[p]!);
  }

  #writeParameters(): void {
    for (const p of this.#shape.populations.keys()) this.writePopulation(p);
    for (const p of this.#shape.projections.keys()) this.writeProjection(p);
  }
}

function tooLarge({ projections }: Network, { maxEvents, slots }: MemoryOptions, pages: number): ConfigError {
  const trials = slots === 1 ? "" : ` in each of ${slots} trials of a batch`;
  const size = (pages / 16384).toFixed(1);
  const synapses = projections.reduce((sum, { weight }) => sum + weight.length, 0);
  return new ConfigError(
    `max_events: expected a network and budgets that fit into 4 GiB, got ${maxEvents} events${trials} and ${synapses} synapses, with which they take ${size} GiB`,
  );
}
