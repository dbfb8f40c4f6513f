/** The exact engine for one network: parameters and gradients in place, trials run one after another. */
import { ConfigError, KernelError } from "../base/errors.ts";
import { complaint } from "../base/parseWith.ts";
import { checkInput } from "../model/checkInput.ts";
import { timeComplaint } from "../model/checkNetwork.ts";
import type { Loss } from "../model/loss.ts";
import type { Network, SpikeTrain } from "../model/network.ts";
import type { ClosestGraze, Precision, Simulation, Solution } from "../model/solution.ts";
import { budgetSentence, notFiniteSentence } from "./kernel/failures.ts";
import { readPopulationGradients, readProjectionGradients } from "./kernel/gradients.ts";
import { compileKernel } from "./kernel/kernel.ts";
import { KernelMemory } from "./kernel/memory.ts";
import { populationIndex } from "./kernel/shape.ts";
import type { Slot } from "./kernel/slot.ts";
import { readTrial } from "./kernel/trial.ts";
import type { RealArray } from "./kernel/writer.ts";
import { needsVoltage, readoutSize, statusError, writeLoss } from "./kernelLoss.ts";

/** Most network spikes and delayed deliveries of a trial unless the caller says otherwise. */
export const defaultMaxEvents = 2 ** 20;

export interface EngineOptions {
  /** Default f64. Times are f64 in either. */
  readonly precision?: Precision;
  /** Length T of a trial in ms. */
  readonly duration: number;
  /** Most input spikes a trial may have. */
  readonly maxInputSpikes: number;
  /** Most network spikes and delayed deliveries a trial may have before it stops with a KernelError; default 2²⁰. */
  readonly maxEvents?: number;
}

/** Values and summed gradients of one projection in the kernel's layout, [pre][stride], stride ≥ post, padding zero. */
export interface ProjectionTensors {
  readonly pre: number;
  readonly post: number;
  readonly stride: number;
  readonly weight: RealArray;
  readonly weightGradient: RealArray;
}

export interface TrialLoss {
  readonly loss: number;
  /** The loss's readout, e.g. S for `integral_cross_entropy`; a copy. */
  readonly readout: Float64Array;
}

/** Best times of many runs, in ms. */
export interface Timing {
  readonly spikes: number;
  readonly forwardMs: number;
  readonly adjointMs: number;
}

/** What a pass is to leave behind. */
interface Pass {
  readonly allGradients: boolean;
  readonly checkpoints: boolean;
}

const weightsOnly: Pass = { allGradients: false, checkpoints: false };
const everything: Pass = { allGradients: true, checkpoints: true };

export class Engine {
  readonly options: Required<EngineOptions>;
  readonly #module: WebAssembly.Module;
  /** Whether the last trial has kept the checkpoints that its states are recomputed from. */
  #replayable = false;
  #memory: KernelMemory;
  #projections: readonly ProjectionTensors[];

  private constructor(module: WebAssembly.Module, network: Network, options: Required<EngineOptions>) {
    this.options = options;
    this.#module = module;
    this.#memory = memoryFor(module, network, options);
    this.#projections = projectionTensors(this.#slot);
  }

  /**
   * Compiles the kernel (once per process) and allocates all memory a trial may need; nothing grows later.
   *
   * @throws ConfigError for an option out of range, or if the network and its budgets need more than 4 GiB
   */
  static async create(network: Network, options: EngineOptions): Promise<Engine> {
    const { precision = "f64", maxEvents = defaultMaxEvents } = options;
    const complete = { ...options, precision, maxEvents };
    checkOptions(complete);
    return new Engine(await compileKernel(precision), network, complete);
  }

  /** In the network's order; the arrays are the engine's own. */
  get projections(): readonly ProjectionTensors[] {
    return this.#projections;
  }

  /**
   * Replaces every parameter by those of a network of the same populations and projections, and clears the gradients.
   * Arrays of `projections` handed out before are stale if its delays vary where they did not, or the other way round.
   *
   * @throws ConfigError if its populations or projections differ in number, order, size or model
   */
  setNetwork(network: Network): void {
    this.#replayable = false;
    if (this.#memory.setNetwork(network)) {
      this.clearGradients();
      return;
    }
    this.#memory = memoryFor(this.#module, network, this.options);
    this.#projections = projectionTensors(this.#slot);
  }

  clearGradients(): void {
    const { gradients, gradientsEnd } = this.#slot.layout;
    new Uint8Array(this.#slot.views.buffer, gradients, gradientsEnd - gradients).fill(0);
  }

  /** Forward pass and loss, no gradient. Throws a KernelError if a budget is used up or the loss is undefined. */
  evaluate(input: SpikeTrain, loss: Loss): TrialLoss {
    this.#forward(input, loss, { allGradients: false, checkpoints: true });
    return this.#loss(loss);
  }

  /** Forward pass, loss, adjoint: adds to every projection's `weightGradient`, and to no other gradient. */
  accumulateWeightGradient(input: SpikeTrain, loss: Loss): TrialLoss {
    this.#forward(input, loss, weightsOnly);
    const result = this.#loss(loss);
    this.#differentiate();
    return result;
  }

  /** Spikes of the last trial, and how well conditioned they are; the trial must have been run by `evaluate` or `solve`. */
  simulation(): Simulation {
    if (!this.#replayable)
      throw new Error("simulation() needs a trial run by evaluate() or solve() before it");
    const { populations } = this.#readTrial();
    const graze = this.#closestGraze();
    const named = <T>(value: (p: number) => T) =>
      Object.fromEntries(
        populations.map((_, p) => [this.#slot.shape.populations[p]!.population.name, value(p)]),
      );
    return {
      spikes: named((p) => ({ times: populations[p]!.times, neurons: populations[p]!.neurons })),
      slopes: named((p) => populations[p]!.slopes),
      ...(graze ? { closestGraze: graze } : {}),
    };
  }

  /** Number of spikes of each neuron of a `lif` population in the last trial. */
  spikeCounts(population: string): Int32Array {
    const { shape, layout, views } = this.#slot;
    const p = populationIndex(shape, population);
    if (!(p >= 0 && p < shape.spikingCount))
      throw new ConfigError(`population: expected the name of a lif population, got "${population}"`);
    return Int32Array.from(views.u32(layout.populations[p]!.counts, shape.populations[p]!.population.size));
  }

  /** Forward pass, loss and every gradient of one trial; gradients summed before are cleared. */
  solve(input: SpikeTrain, loss: Loss): Solution {
    this.clearGradients();
    this.#forward(input, loss, everything);
    const result = this.#loss(loss);
    if (loss.kind !== "none") this.#differentiate();
    const { populations, inputTimes } = this.#readTrial();
    const spikeTimes = Object.fromEntries(
      populations.map(({ derivatives }, p) => [
        this.#slot.shape.populations[p]!.population.name,
        derivatives,
      ]),
    );
    const gradients = {
      projections: readProjectionGradients(this.#slot),
      populations: readPopulationGradients(this.#slot),
      inputTimes,
      spikeTimes,
    };
    return { ...this.simulation(), ...result, gradients };
  }

  /** Best forward (loss included) and adjoint times over `repetitions` runs; `gradients` as in training, or all of them. */
  time(
    input: SpikeTrain,
    loss: Loss,
    options: { repetitions: number; gradients: "weights" | "all" },
  ): Timing {
    const pass = options.gradients === "all" ? everything : weightsOnly;
    let [forwardMs, adjointMs] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
    for (let n = 0; n < options.repetitions; n++) {
      const start = performance.now();
      this.#forward(input, loss, pass);
      const middle = performance.now();
      this.#differentiate();
      forwardMs = Math.min(forwardMs, middle - start);
      adjointMs = Math.min(adjointMs, performance.now() - middle);
    }
    const spikes = this.#readTrial().populations.reduce((sum, { times }) => sum + times.length, 0);
    return { spikes, forwardMs, adjointMs };
  }

  #readTrial(): ReturnType<typeof readTrial> {
    return readTrial(this.#slot);
  }

  #forward(input: SpikeTrain, loss: Loss, pass: Pass): void {
    const slot = this.#slot;
    const { layout, shape, views } = slot;
    const count = input.times.length;
    checkInput(input, shape.inputChannels, this.options.duration, "input", []);
    this.#replayable = false;
    if (count > this.options.maxInputSpikes)
      throw new ConfigError(
        `input.times: expected at most ${this.options.maxInputSpikes} spikes, got ${count}`,
      );
    views.f64(layout.fields.inputTimes!, count).set(input.times);
    views.u32(layout.fields.inputSources!, count).set(input.sources);
    const checkpoints = pass.checkpoints || needsVoltage(loss);
    slot.setU32("inputCount", count);
    slot.setU32("keepCheckpoints", checkpoints ? 1 : 0);
    for (const which of ["neuronGradients", "delayGradients", "inputGradients"])
      slot.setU32(which, pass.allGradients ? 1 : 0);
    writeLoss(loss, slot);
    slot.functions.evaluate(layout.plan);
    const error = statusError(slot, {
      eventsFull: () => budgetSentence(slot, this.options.maxEvents, this.options.duration),
      notFinite: () => notFiniteSentence(slot, this.options.precision),
    });
    if (error) throw error;
    this.#replayable = checkpoints;
  }

  #loss(loss: Loss): TrialLoss {
    if (loss.kind === "none") return { loss: 0, readout: new Float64Array(0) };
    const value = this.#slot.f64("loss");
    if (!Number.isFinite(value))
      throw new KernelError(
        `the loss ${loss.kind} is not finite (${value}) for what the network did in this trial`,
      );
    const { layout, shape, views } = this.#slot;
    const readout = views.f64(layout.fields.readout!, readoutSize(loss, shape));
    return { loss: value, readout: Float64Array.from(readout) };
  }

  #differentiate(): void {
    this.#slot.functions.differentiate(this.#slot.layout.plan);
  }

  get #slot(): Slot {
    return this.#memory.slots[0]!;
  }

  #closestGraze(): ClosestGraze | undefined {
    this.#slot.functions.closestGraze(this.#slot.layout.plan);
    const margin = this.#slot.f64("grazeMargin");
    if (margin === Number.POSITIVE_INFINITY) return undefined;
    const { population } = this.#slot.shape.populations[this.#slot.u32("grazePopulation")]!;
    const neuron = this.#slot.u32("grazeNeuron");
    return { population: population.name, neuron, time: this.#slot.f64("grazeTime"), margin };
  }
}

function checkOptions({ precision, duration, maxInputSpikes, maxEvents }: Required<EngineOptions>): void {
  if (precision !== "f64" && precision !== "f32")
    throw complaint("options", ["precision"], 'expected "f64" or "f32"', precision);
  const wrong = timeComplaint(duration);
  if (wrong !== undefined) throw complaint("options", ["duration"], wrong, duration);
  if (!Number.isInteger(maxInputSpikes) || maxInputSpikes < 0)
    throw complaint("options", ["maxInputSpikes"], "expected an integer ≥ 0", maxInputSpikes);
  if (!Number.isInteger(maxEvents) || maxEvents < 1)
    throw complaint("options", ["maxEvents"], "expected an integer ≥ 1", maxEvents);
}

function memoryFor(
  module: WebAssembly.Module,
  network: Network,
  options: Required<EngineOptions>,
): KernelMemory {
  const room = { slots: 1, lanes: 1, delayGradients: true, ownThresholds: true, replay: true, targets: true };
  return new KernelMemory(module, network, { ...options, ...room });
}

function projectionTensors({ shape, layout, views }: Slot): ProjectionTensors[] {
  const tensors: ProjectionTensors[] = [];
  shape.projections.forEach(({ index, pre, post, stride }, p) => {
    const weight = views.real(layout.projections[p]!.weight, pre * stride);
    const weightGradient = views.real(layout.projections[p]!.dWeight, pre * stride);
    tensors[index] = { pre, post, stride, weight, weightGradient };
  });
  return tensors;
}
