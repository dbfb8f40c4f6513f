/**
 * The exact engine for batches: many trials of one network in one memory, run by several threads. Sums over the trials
 * are formed lane by lane and then over the lanes in their order, so that results do not depend on the threads.
 */
import type { KernelError } from "../../base/errors.ts";
import { type Loss, losses } from "../../model/losses.ts";
import type { Network } from "../../model/network.ts";
import type { Precision, TrialLoss } from "../../model/solution.ts";
import { Arena } from "../kernel/arena.ts";
import { compileKernel } from "../kernel/kernel.ts";
import { KernelMemory } from "../kernel/memory.ts";
import type { Shape } from "../kernel/shape.ts";
import { bytesOf } from "../kernel/structures.ts";
import { type InputRoom, type Pass, Trial } from "../trial.ts";
import { oneThread, type StartThreads, type Threads } from "./threads.ts";
import { WorkList } from "./work.ts";

export interface BatchOptions {
  readonly precision: Precision;
  /** ms */
  readonly duration: number;
  /** Most trials of a batch. */
  readonly batchSize: number;
  readonly maxInputSpikes: number;
  /** Most network spikes and delayed deliveries of a trial. */
  readonly maxEvents: number;
  /** The loss of every trial, but for its target. */
  readonly loss: Loss;
  /** Which gradients are wanted beside those of the weights. */
  readonly neuronGradients: boolean;
  readonly delayGradients: boolean;
  /** Whether trials may silence neurons. */
  readonly silencing: boolean;
  /** Parts in which sums over a batch are formed, and hence the most threads that help. */
  readonly lanes: number;
  /** Default the calling thread alone. */
  readonly threads?: StartThreads;
  /** Bytes of shared memory that `allocate` may hand out, given the network's shape; default none. */
  readonly spareBytes?: (shape: Shape, realBytes: number) => number;
}

/** Tensors of an update that there is room for. */
export const mostTensors = 64;

export class Batch {
  readonly memory: KernelMemory;
  readonly options: BatchOptions;
  readonly lanes: number;
  readonly trials: readonly Trial[];
  readonly work: WorkList;
  /** Address of the structures of an update. */
  readonly tensors: number;
  readonly #arena: Arena;
  #threads!: Threads;

  private constructor(module: WebAssembly.Module, network: Network, options: BatchOptions) {
    const { batchSize: slots } = options;
    this.options = options;
    this.lanes = Math.min(options.lanes, slots);
    this.memory = memoryFor(module, network, options, this.lanes);
    this.#arena = new Arena(this.memory.spare);
    const parts = {
      work: this.#arena.takeStructure("Work").at,
      trials: this.#arena.take(4 * slots),
      tensors: this.#arena.takeTable("Tensor", mostTensors),
    };
    this.tensors = parts.tensors;
    this.trials = this.memory.layouts.map((layout) => {
      const trial = new Trial(this.memory, layout, { ...options, maxReadings: 0 });
      trial.prepare(options.loss, passOf(options));
      return trial;
    });
    const addresses = this.trials.map(({ address }) => address);
    this.work = new WorkList(this.memory.views, parts, addresses, this.lanes);
  }

  /** @throws ConfigError if the network and the batch need more than 4 GiB */
  static async create(network: Network, options: BatchOptions): Promise<Batch> {
    const module = await compileKernel(options.precision);
    const batch = new Batch(module, network, options);
    const { memory, functions } = batch.memory;
    const shared = { module, memory, functions, work: batch.work.address, tasks: batch.lanes };
    batch.#threads = await (options.threads ?? oneThread)(shared);
    return batch;
  }

  get shape(): Shape {
    return this.memory.shape;
  }

  /** Shared memory of its own for the caller, real[bytes / size of a number]. */
  allocate(bytes: number): number {
    return this.#arena.take(bytes);
  }

  /**
   * Where the spikes of the trial in a slot are to be written before `setTrial`. `evaluate` alone reads them: those of
   * the next trial may be written while `differentiate` is at work.
   */
  input(slot: number): InputRoom {
    return this.trials[slot]!.input;
  }

  setTrial(slot: number, spikes: number, target: number): void {
    this.trials[slot]!.setInputCount(spikes);
    this.trials[slot]!.setTarget(target);
  }

  /** Runs the trials in the first `trials` slots; for gradients, what `differentiate` will add to starts from zero. */
  evaluate(trials: number, forGradients: boolean): void {
    this.work.trials(forGradients ? "evaluateForGradients" : "evaluate", trials);
    this.#threads.run();
  }

  /** Adds the gradients of the trials that `evaluate` has run. `meanwhile` is called while other threads are at it. */
  differentiate(trials: number, meanwhile?: () => void): void {
    this.work.trials("differentiate", trials);
    this.#threads.run(meanwhile);
  }

  /** Runs what `work` has been told to do. */
  run(): void {
    this.#threads.run();
  }

  /** What went wrong in a trial, if anything did. */
  failure(slot: number): KernelError | undefined {
    return this.trials[slot]!.failure();
  }

  outcome(slot: number): TrialLoss {
    return this.trials[slot]!.outcome();
  }

  /** Spikes of each neuron of a spiking population (in the kernel's order) in a trial; the engine's own array. */
  counts(slot: number, population: number): Uint32Array {
    return this.trials[slot]!.counts(population);
  }

  /** Keeps neurons of a population from spiking in the slot's trials until told otherwise. */
  silence(slot: number, population: number, silenced: Uint8Array): void {
    this.trials[slot]!.silence(population, silenced);
  }

  close(): void {
    this.#threads.close();
  }
}

function passOf({ loss, neuronGradients: neurons, delayGradients: delays }: BatchOptions): Pass {
  return { neurons, delays, inputTimes: false, checkpoints: neurons || losses[loss.kind].needsVoltage };
}

function memoryFor(
  module: WebAssembly.Module,
  network: Network,
  options: BatchOptions,
  lanes: number,
): KernelMemory {
  const { batchSize: slots, silencing, spareBytes } = options;
  const own = bytesOf("Work") + 4 * slots + mostTensors * bytesOf("Tensor") + 3 * 64;
  return new KernelMemory(module, network, {
    ...options,
    slots,
    lanes,
    replay: passOf(options).checkpoints,
    numbers: false,
    maxReadings: 0,
    ownThresholds: silencing,
    spareBytes: (shape, realBytes) => own + (spareBytes?.(shape, realBytes) ?? 0),
  });
}
