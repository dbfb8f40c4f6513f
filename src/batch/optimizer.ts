/** Adam on tensors that lie in the kernel's memory; the threads share the work. See assembly/adam.ts for the formulas. */
import type { RealArray } from "../kernel/writer.ts";
import type { BatchEngine } from "./batchEngine.ts";

export interface AdamOptions {
  readonly beta1: number;
  readonly beta2: number;
  /** Added to the root of the second moment, not under it. */
  readonly epsilon: number;
}

/** Values to be trained and their gradients, byte addresses of real[bytes / size of a number]. */
export interface OptimizedTensor {
  readonly name: string;
  readonly bytes: number;
  readonly values: number;
  /** In the first lane; the others follow `laneBytes` apart. */
  readonly gradient: number;
  readonly laneBytes: number;
  readonly lanes: number;
  /** Factor of the learning rate. */
  readonly rateFactor: number;
}

/** Powers of the moments' decays after the steps so far; plain data, kept in checkpoints. */
export interface AdamPowers {
  readonly beta1: number;
  readonly beta2: number;
}

export interface Moments {
  readonly m: RealArray;
  readonly v: RealArray;
}

/** Bytes of shared memory that a tensor's moments take. */
export function momentBytes(bytes: number): number {
  return 2 * Math.ceil(bytes / 64) * 64;
}

export class Adam {
  readonly #engine: BatchEngine;
  readonly #options: AdamOptions;
  readonly #tensors: readonly OptimizedTensor[];
  readonly #moments: ReadonlyMap<string, Moments>;
  #powers: AdamPowers = { beta1: 1, beta2: 1 };

  constructor(engine: BatchEngine, tensors: readonly OptimizedTensor[], options: AdamOptions) {
    this.#engine = engine;
    this.#options = options;
    this.#tensors = tensors;
    this.#moments = new Map(tensors.map((tensor, k) => [tensor.name, this.#place(tensor, k)]));
  }

  /** Of every tensor by name; the optimiser's own arrays. */
  get moments(): ReadonlyMap<string, Moments> {
    return this.#moments;
  }

  get powers(): AdamPowers {
    return this.#powers;
  }

  set powers(powers: AdamPowers) {
    this.#powers = powers;
  }

  /**
   * Moves every tensor by its gradient, summed over the lanes and times `scale`.
   *
   * @returns the name of a tensor that is no longer finite, if there is one
   */
  step(learningRate: number, scale: number): string | undefined {
    const { beta1, beta2, epsilon } = this.#options;
    this.#powers = { beta1: this.#powers.beta1 * beta1, beta2: this.#powers.beta2 * beta2 };
    const { data } = this.#engine.memory.views;
    const { constant } = this.#engine.memory;
    const correction = 1 / (1 - this.#powers.beta2);
    for (const [field, value] of Object.entries({ beta1, beta2, epsilon, correction, scale }))
      data.setFloat64(this.#engine.step + constant("StepAt", field), value, true);
    const rate = learningRate / (1 - this.#powers.beta1);
    this.#tensors.forEach(({ rateFactor }, k) => {
      data.setFloat64(this.#at(k, "rate"), rateFactor * rate, true);
    });
    this.#engine.work.update(this.#tensors.map(({ bytes }) => bytes));
    this.#engine.run();
    return this.#tensors.find((_, k) => data.getUint32(this.#at(k, "notFinite"), true) !== 0)?.name;
  }

  #at(k: number, field: string): number {
    const { constant } = this.#engine.memory;
    return this.#engine.tensors + k * constant("TensorAt", "end") + constant("TensorAt", field);
  }

  #place(tensor: OptimizedTensor, k: number): Moments {
    const { bytes, values, gradient, laneBytes, lanes } = tensor;
    const [m, v] = [this.#engine.allocate(bytes), this.#engine.allocate(bytes)];
    const { views, constant } = this.#engine.memory;
    const fields = { bytes, values, m, v, gradient, laneBytes, lanes, notFinite: 0 };
    for (const [field, value] of Object.entries(fields))
      views.data.setUint32(this.#at(k, field), value, true);
    const count = bytes / constant("Layout", "realBytes");
    return { m: views.real(m, count), v: views.real(v, count) };
  }
}
