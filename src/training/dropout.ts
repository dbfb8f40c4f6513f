/** Hidden dropout as an exact engine can mean it: a neuron is kept from spiking for a whole training trial. */
import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import type { BatchEngine } from "../batch/batchEngine.ts";
import type { RunConfig } from "../config/run.ts";
import { randomStream, stream } from "../random.ts";

export class Dropout {
  readonly #engine: BatchEngine;
  readonly #layers: readonly number[];
  readonly #probability: number;
  readonly #seed: number;
  /** Of the running epoch: a byte per trial (in the order of the batches) and hidden neuron, 1 for a silenced one. */
  #drawn: { readonly epoch: number; readonly silenced: Uint8Array } | undefined;

  /** @param layers the hidden populations' places in the kernel's order */
  constructor(engine: BatchEngine, layers: readonly number[], { regularization, seed }: RunConfig) {
    this.#engine = engine;
    this.#layers = layers;
    this.#probability = regularization.dropout;
    this.#seed = seed;
  }

  /**
   * Silences what is drawn for the trials `first` … of an epoch, which lie in the first slots.
   *
   * @param total trials of the epoch
   */
  apply(epoch: number, total: number, first: number, trials: number): void {
    if (this.#probability === 0) return;
    const silenced = this.#silenced(epoch, total);
    let at = first * this.#neurons;
    for (let slot = 0; slot < trials; slot++) {
      for (const p of this.#layers) {
        const size = this.#sizeOf(p);
        this.#engine.silence(slot, p, silenced.subarray(at, at + size));
        at += size;
      }
    }
  }

  /** Lets every neuron spike. */
  lift(): void {
    if (this.#probability === 0) return;
    for (const slot of this.#engine.memory.slots.keys()) {
      for (const p of this.#layers) this.#engine.silence(slot, p, new Uint8Array(this.#sizeOf(p)));
    }
  }

  #silenced(epoch: number, total: number): Uint8Array {
    if (this.#drawn?.epoch === epoch) return this.#drawn.silenced;
    const random = randomStream(this.#seed, stream.dropout, epoch);
    const silenced = new Uint8Array(total * this.#neurons);
    for (let k = 0; k < silenced.length; k++) {
      if (uniformFloat64(random) < this.#probability) silenced[k] = 1;
    }
    this.#drawn = { epoch, silenced };
    return silenced;
  }

  get #neurons(): number {
    return this.#layers.reduce((sum, p) => sum + this.#sizeOf(p), 0);
  }

  #sizeOf(p: number): number {
    return this.#engine.shape.populations[p]!.population.size;
  }
}
