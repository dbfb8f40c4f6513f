/** A kernel with a memory of its own, laid out for one network. */
import { ConfigError } from "../errors.ts";
import type { Network } from "../network/network.ts";
import { bindKernel, type Constants, type KernelFunctions, type Precision } from "./kernel.ts";
import { type Capacity, type Layout, layOut } from "./layout.ts";
import { type Shape, sameShape, shapeOf } from "./shape.ts";
import { Views, writePlan, writePopulation, writeProjection } from "./writer.ts";

const pageBytes = 65536;
const maxPages = 65536;

export interface InstanceOptions extends Capacity {
  readonly precision: Precision;
  /** ms */
  readonly duration: number;
}

export class Instance {
  readonly functions: KernelFunctions;
  readonly constant: Constants;
  readonly layout: Layout;
  readonly views: Views;
  #shape: Shape;

  /** Allocates all memory a trial may need; nothing grows later. Throws a ConfigError beyond 4 GiB. */
  constructor(module: WebAssembly.Module, network: Network, options: InstanceOptions) {
    // A first binding, to a page of its own, tells the sizes of the structures.
    const { constant, functions } = bindKernel(module, memoryOf(1));
    this.constant = constant;
    this.#shape = shapeOf(network, this.#lanes());
    this.layout = layOut(this.#shape, options, constant, functions.heapBase());
    const pages = Math.ceil(this.layout.end / pageBytes);
    if (pages > maxPages)
      throw new ConfigError(
        `max_events: expected a network and budgets that fit into 4 GiB, got ${options.maxEvents} events, with which they take ${(pages / 16384).toFixed(1)} GiB`,
      );
    const memory = memoryOf(pages);
    this.functions = bindKernel(module, memory).functions;
    this.views = new Views(memory, options.precision);
    writePlan(this.views, constant, this.#shape, this.layout, options.duration);
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

  setU32(field: string, value: number): void {
    this.views.data.setUint32(this.layout.plan + this.constant("PlanAt", field), value, true);
  }

  setF64(field: string, value: number): void {
    this.views.data.setFloat64(this.layout.plan + this.constant("PlanAt", field), value, true);
  }

  u32(field: string): number {
    return this.views.data.getUint32(this.layout.plan + this.constant("PlanAt", field), true);
  }

  f64(field: string): number {
    return this.views.data.getFloat64(this.layout.plan + this.constant("PlanAt", field), true);
  }

  #lanes(): number {
    return this.constant("Layout", "chunkBytes") / this.constant("Layout", "realBytes");
  }

  #writeParameters(): void {
    const { populationTable, projectionTable, populations, projections } = this.layout;
    this.#shape.populations.forEach((shaped, p) => {
      const table = populationTable + p * this.constant("PopulationAt", "end");
      writePopulation(this.views, this.constant, table, shaped, populations[p]!);
    });
    this.#shape.projections.forEach((shaped, p) => {
      const table = projectionTable + p * this.constant("ProjectionAt", "end");
      writeProjection(this.views, this.constant, table, shaped, projections[p]!);
    });
  }
}

function memoryOf(pages: number): WebAssembly.Memory {
  return new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
}
