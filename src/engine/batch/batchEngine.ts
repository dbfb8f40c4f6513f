/**
 * The exact engine for batches: many trials of one network in one memory, run by several threads. Sums over the trials
 * are formed lane by lane and then over the lanes in their order, so that results do not depend on the threads.
 */

import type { KernelError } from "../../base/errors.ts";
import type { Loss } from "../../model/loss.ts";
import type { Network } from "../../model/network.ts";
import type { Precision } from "../../model/solution.ts";
import type { TrialLoss } from "../engine.ts";
import { Arena } from "../kernel/arena.ts";
import { budgetSentence, notFiniteSentence } from "../kernel/failures.ts";
import { compileKernel } from "../kernel/kernel.ts";
import { KernelMemory } from "../kernel/memory.ts";
import type { Shape } from "../kernel/shape.ts";
import type { Slot } from "../kernel/slot.ts";
import { type RealArray, writeThresholds } from "../kernel/writer.ts";
import { needsVoltage, readoutSize, statusError, writeLoss } from "../kernelLoss.ts";
import { Threads, threadCount } from "./threads.ts";
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
  readonly lanes: number;
  readonly threads: "auto" | number;
  /** Bytes of shared memory that `allocate` may hand out, given the network's shape. */
  readonly spareBytes: (shape: Shape, realBytes: number) => number;
}

/** Where to write the spikes of a trial: times in ms, ascending, and channels. */
export interface InputRoom {
  readonly times: Float64Array;
  readonly sources: Uint32Array;
}

/** Room for the work's own structures, with that for up to 64 tensors. */
const workBytes = 2 ** 14;

export class BatchEngine {
  readonly memory: KernelMemory;
  readonly options: BatchOptions;
  readonly lanes: number;
  readonly work: WorkList;
  /** Address of the structures of an update. */
  readonly tensors: number;
  readonly #arena: Arena;
  #threads!: Threads;
  readonly #inputs: readonly InputRoom[];

  private constructor(module: WebAssembly.Module, network: Network, options: BatchOptions) {
    const { loss, neuronGradients, batchSize: slots } = options;
    this.options = options;
    this.lanes = Math.min(options.lanes, slots);
    const replay = neuronGradients || needsVoltage(loss);
    this.memory = memoryFor(module, network, options, { slots, lanes: this.lanes, replay });
    this.#arena = new Arena(this.memory.spare);
    const { constant } = this.memory;
    const parts = {
      work: this.#arena.take(constant("WorkAt", "end")),
      plans: this.#arena.take(4 * slots),
      tensors: this.#arena.take(64 * constant("TensorAt", "end")),
    };
    this.tensors = parts.tensors;
    this.work = new WorkList(this.memory, parts, this.lanes);
    this.#inputs = this.memory.slots.map((slot) => prepareSlot(slot, options, replay));
  }

  /** @throws ConfigError if the network and the batch need more than 4 GiB */
  static async create(network: Network, options: BatchOptions): Promise<BatchEngine> {
    const module = await compileKernel(options.precision);
    const engine = new BatchEngine(module, network, options);
    const count = threadCount(options.threads, engine.lanes);
    engine.#threads = await Threads.create(module, engine.memory, engine.work.address, count);
    return engine;
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
    return this.#inputs[slot]!;
  }

  setTrial(slot: number, spikes: number, target: number): void {
    this.memory.slots[slot]!.setU32("inputCount", spikes);
    this.memory.slots[slot]!.setU32("target", target);
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
    const at = this.memory.slots[slot]!;
    const { precision, maxEvents, duration } = this.options;
    return statusError(at, {
      eventsFull: () => budgetSentence(at, maxEvents, duration),
      notFinite: () => notFiniteSentence(at, precision),
    });
  }

  outcome(slot: number): TrialLoss {
    const at = this.memory.slots[slot]!;
    const readout = at.views.f64(at.layout.fields.readout!, readoutSize(this.options.loss, this.shape));
    return { loss: at.f64("loss"), readout: Float64Array.from(readout) };
  }

  /** Spikes of each neuron of a spiking population (in the kernel's order) in a trial; the engine's own array. */
  counts(slot: number, population: number): Uint32Array {
    const { layout, views } = this.memory.slots[slot]!;
    return views.u32(
      layout.populations[population]!.counts,
      this.shape.populations[population]!.population.size,
    );
  }

  /** What is added to ∂L/∂V of each neuron at each of its spikes; the engine's own array. */
  regularization(slot: number, population: number): RealArray {
    const { layout, views } = this.memory.slots[slot]!;
    const { size } = this.shape.populations[population]!.population;
    return views.real(layout.populations[population]!.regularization, size);
  }

  /** Keeps neurons of a population from spiking in the slot's trials until told otherwise. */
  silence(slot: number, population: number, silenced: Uint8Array): void {
    const { layout, views } = this.memory.slots[slot]!;
    writeThresholds(views, this.shape.populations[population]!, layout.populations[population]!, silenced);
  }

  close(): void {
    this.#threads.close();
  }
}

function memoryFor(
  module: WebAssembly.Module,
  network: Network,
  options: BatchOptions,
  room: { readonly slots: number; readonly lanes: number; readonly replay: boolean },
): KernelMemory {
  const { silencing, spareBytes } = options;
  return new KernelMemory(module, network, {
    ...options,
    ...room,
    targets: false,
    ownThresholds: silencing,
    spareBytes: (shape, realBytes) => workBytes + 4 * options.batchSize + spareBytes(shape, realBytes),
  });
}

function prepareSlot(slot: Slot, options: BatchOptions, replay: boolean): InputRoom {
  slot.setU32("keepCheckpoints", replay ? 1 : 0);
  slot.setU32("neuronGradients", options.neuronGradients ? 1 : 0);
  slot.setU32("delayGradients", options.delayGradients ? 1 : 0);
  slot.setU32("inputGradients", 0);
  writeLoss(options.loss, slot);
  const { views, layout } = slot;
  return {
    times: views.f64(layout.fields.inputTimes!, options.maxInputSpikes),
    sources: views.u32(layout.fields.inputSources!, options.maxInputSpikes),
  };
}
