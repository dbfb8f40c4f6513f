/**
 * What an epoch draws, from seed and epoch alone: augmented trials, their order in batches, and the neurons that dropout
 * silences.
 */
import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import type { RandomGenerator } from "pure-rand/types/RandomGenerator";
import { batches, randomStream, stream } from "../base/random.ts";
import { type AugmentationContext, augment } from "../data/augment/augment.ts";
import type { Samples } from "../data/dataset.ts";
import type { Batch } from "../engine/batch/batch.ts";
import type { TrainerConfig } from "./config/own.ts";

/** What an epoch trains with. */
export interface EpochPlan {
  readonly samples: Samples;
  /** Indices of `samples`. */
  readonly batches: readonly Uint32Array[];
}

export function epochPlan(
  { seed, augmentation, batch_size }: TrainerConfig,
  pristine: Samples,
  context: Omit<AugmentationContext, "random">,
  epoch: number,
): EpochPlan {
  const random = randomStream(seed, stream.augmentation, epoch);
  const samples = augment(pristine, augmentation, { ...context, random });
  const order = randomStream(seed, stream.order, epoch);
  return { samples, batches: batches(samples.labels.length, batch_size, order) };
}

/** Hidden dropout as an exact engine can mean it: a neuron is kept from spiking for a whole training trial. */
export class Dropout {
  readonly #engine: Batch;
  readonly #layers: readonly number[];
  readonly #probability: number;
  readonly #seed: number;
  /** Where the draws have come to: the trial of an epoch, in the order of the batches, whose neurons are next. */
  #next: { readonly epoch: number; readonly trial: number; readonly random: RandomGenerator } | undefined;

  /** @param layers the hidden populations' places in the kernel's order */
  constructor(
    engine: Batch,
    layers: readonly number[],
    { regularization, seed }: Pick<TrainerConfig, "regularization" | "seed">,
  ) {
    this.#engine = engine;
    this.#layers = layers;
    this.#probability = regularization.dropout;
    this.#seed = seed;
  }

  /**
   * Silences what is drawn for the trials `first` … of an epoch, which lie in the first slots. What is drawn depends on
   * seed, epoch and trial alone.
   */
  apply(epoch: number, first: number, trials: number): void {
    if (this.#probability === 0) return;
    const random = this.#randomAt(epoch, first);
    for (let slot = 0; slot < trials; slot++) {
      for (const p of this.#layers) this.#engine.silence(slot, p, this.#drawn(random, this.#sizeOf(p)));
    }
    this.#next = { epoch, trial: first + trials, random };
  }

  /** Lets every neuron spike. */
  lift(): void {
    if (this.#probability === 0) return;
    for (const slot of this.#engine.trials.keys()) {
      for (const p of this.#layers) this.#engine.silence(slot, p, new Uint8Array(this.#sizeOf(p)));
    }
  }

  /** The epoch's stream at the draws for a trial: a run that goes on within an epoch passes over those before. */
  #randomAt(epoch: number, trial: number): RandomGenerator {
    if (this.#next?.epoch === epoch && this.#next.trial === trial) return this.#next.random;
    const random = randomStream(this.#seed, stream.dropout, epoch);
    for (let draws = trial * this.#neurons; draws > 0; draws--) uniformFloat64(random);
    return random;
  }

  /** A byte a neuron, 1 for a silenced one. */
  #drawn(random: RandomGenerator, size: number): Uint8Array {
    return Uint8Array.from({ length: size }, () => (uniformFloat64(random) < this.#probability ? 1 : 0));
  }

  get #neurons(): number {
    return this.#layers.reduce((sum, p) => sum + this.#sizeOf(p), 0);
  }

  #sizeOf(p: number): number {
    return this.#engine.shape.populations[p]!.population.size;
  }
}
