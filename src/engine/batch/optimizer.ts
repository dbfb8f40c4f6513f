/** Adam on tensors that lie in the kernel's memory; the threads share the work. See assembly/batch for the formulas. */
import { bytesOf, type RealArray, Structure } from "../kernel/structures.ts";
import type { Batch } from "./batch.ts";

export interface AdamOptions {
  /** Factor of the learning rate. */
  readonly rateFactor: number;
  readonly beta1: number;
  readonly beta2: number;
  /** Added to the root of the second moment, not under it. */
  readonly epsilon: number;
  /** Whether each neuron's gradient is brought to one size first. */
  readonly normalized: boolean;
}

/** Values to be trained and their gradients, byte addresses of real[bytes / size of a number]. */
export interface OptimizedTensor {
  readonly name: string;
  readonly bytes: number;
  /** From the value of one synapse into a neuron to that of the next. */
  readonly rowBytes: number;
  readonly values: number;
  /** In the first lane; the others follow `laneBytes` apart. */
  readonly gradient: number;
  readonly laneBytes: number;
  readonly lanes: number;
  readonly adam: AdamOptions;
}

/** Powers of the moments' decays after the steps so far, by tensor; plain data, kept in checkpoints. */
export type AdamPowers = Readonly<Record<string, { readonly beta1: number; readonly beta2: number }>>;

export interface Moments {
  readonly m: RealArray;
  readonly v: RealArray;
}

/** Bytes of shared memory that a tensor's moments take. */
export function momentBytes(bytes: number): number {
  return 2 * Math.ceil(bytes / 64) * 64;
}

export class Adam {
  readonly #engine: Batch;
  readonly #tensors: readonly OptimizedTensor[];
  readonly #moments: ReadonlyMap<string, Moments>;
  #powers: AdamPowers;

  constructor(engine: Batch, tensors: readonly OptimizedTensor[]) {
    this.#engine = engine;
    this.#tensors = tensors;
    this.#moments = new Map(tensors.map((tensor, k) => [tensor.name, this.#place(tensor, k)]));
    this.#powers = Object.fromEntries(tensors.map(({ name }) => [name, { beta1: 1, beta2: 1 }]));
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
    this.#powers = Object.fromEntries(
      this.#tensors.map(({ name, adam }) => {
        const { beta1, beta2 } = this.#powers[name]!;
        return [name, { beta1: beta1 * adam.beta1, beta2: beta2 * adam.beta2 }];
      }),
    );
    this.#tensors.forEach(({ name, adam }, k) => {
      const { beta1, beta2 } = this.#powers[name]!;
      const rate = (adam.rateFactor * learningRate) / (1 - beta1);
      this.#structure(k).setAll({ rate, correction: 1 / (1 - beta2), scale });
    });
    const normalized = this.#tensors.filter(({ adam }) => adam.normalized);
    this.#run(
      "normalize",
      normalized.map(({ rowBytes }) => rowBytes),
    );
    this.#run(
      "update",
      this.#tensors.map(({ bytes }) => bytes),
    );
    return this.#tensors.find((_, k) => this.#structure(k).get("notFinite") !== 0)?.name;
  }

  #run(kind: "normalize" | "update", sizes: readonly number[]): void {
    if (sizes.length === 0) return;
    this.#engine.work.tensors(kind, sizes, this.#tensors.length);
    this.#engine.run();
  }

  #structure(k: number): Structure<"Tensor"> {
    return new Structure(this.#engine.memory.views, "Tensor", this.#engine.tensors + k * bytesOf("Tensor"));
  }

  #place({ adam, ...tensor }: OptimizedTensor, k: number): Moments {
    const { bytes, rowBytes, values, gradient, laneBytes, lanes } = tensor;
    const { beta1, beta2, epsilon, normalized } = adam;
    const [m, v] = [this.#engine.allocate(bytes), this.#engine.allocate(bytes)];
    const places = { bytes, rowBytes, values, m, v, gradient, laneBytes, lanes };
    this.#structure(k).setAll({
      ...places,
      normalized: Number(normalized),
      notFinite: 0,
      beta1,
      beta2,
      epsilon,
    });
    const { views } = this.#engine.memory;
    const count = bytes / views.realBytes;
    return { m: views.real(m, count), v: views.real(v, count) };
  }
}
