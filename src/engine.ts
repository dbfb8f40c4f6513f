/** The exact engine for one network: parameters and gradients in place, trials run one after another. */
import { ConfigError, KernelError } from "./errors.ts";
import { readPopulationGradients, readProjectionGradients } from "./kernel/gradients.ts";
import { bindKernel, compileKernel, type Kernel, type Precision } from "./kernel/kernel.ts";
import { type Layout, layOut } from "./kernel/layout.ts";
import { type Shape, shapeOf } from "./kernel/shape.ts";
import { readTrial } from "./kernel/trial.ts";
import { type RealArray, Views, writePlan, writePopulation, writeProjection } from "./kernel/writer.ts";
import { needsVoltage, readoutSize, runLoss, writeLoss } from "./losses/kernelLoss.ts";
import type { Loss } from "./losses/loss.ts";
import type { Network, SpikeTrain } from "./network/network.ts";
import type { ClosestGraze, Simulation, Solution } from "./solution.ts";

export type { Precision } from "./kernel/kernel.ts";

/** Most network spikes and delayed deliveries of a trial unless the caller says otherwise. */
export const defaultMaxEvents = 2 ** 20;

const pageBytes = 65536;
const maxPages = 65536;

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
  #module: WebAssembly.Module;
  #shape!: Shape;
  #layout!: Layout;
  #kernel!: Kernel;
  #views!: Views;
  #projections!: readonly ProjectionTensors[];

  private constructor(module: WebAssembly.Module, network: Network, options: Required<EngineOptions>) {
    this.options = options;
    this.#module = module;
    this.#allocate(network);
  }

  /**
   * Compiles the kernel (once per process) and allocates all memory a trial may need; nothing grows later.
   * Throws a ConfigError if the network and its budgets need more than 4 GiB.
   */
  static async create(network: Network, options: EngineOptions): Promise<Engine> {
    const precision = options.precision ?? "f64";
    const complete = { precision, maxEvents: defaultMaxEvents, ...options };
    return new Engine(await compileKernel(precision), network, complete);
  }

  /** In the network's order; the arrays are the engine's own. */
  get projections(): readonly ProjectionTensors[] {
    return this.#projections;
  }

  /**
   * Replaces every parameter by those of a network of the same populations and projections. Arrays of `projections`
   * handed out before are stale if it makes a delay vary that did not.
   */
  setNetwork(network: Network): void {
    const shape = shapeOf(network, this.#lanes());
    const sameDelays = shape.projections.every(
      (p, k) => p.delayKind === this.#shape.projections[k]!.delayKind,
    );
    if (!sameDelays) {
      this.#allocate(network);
      return;
    }
    this.#shape = shape;
    this.#writeParameters();
  }

  clearGradients(): void {
    const { gradients, gradientsEnd } = this.#layout;
    new Uint8Array(this.#views.buffer, gradients, gradientsEnd - gradients).fill(0);
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
    this.#adjoint(loss);
    return result;
  }

  /** Spikes of the last trial, and how well conditioned they are; the trial must have been run by `evaluate` or `solve`. */
  simulation(): Simulation {
    const { populations } = this.#readTrial();
    this.#kernel.functions.closestGraze(this.#layout.plan);
    const graze = this.#closestGraze();
    const named = <T>(value: (p: number) => T) =>
      Object.fromEntries(populations.map((_, p) => [this.#shape.populations[p]!.population.name, value(p)]));
    return {
      spikes: named((p) => ({ times: populations[p]!.times, neurons: populations[p]!.neurons })),
      slopes: named((p) => populations[p]!.slopes),
      ...(graze ? { closestGraze: graze } : {}),
    };
  }

  /** Number of spikes of each neuron of a `lif` population in the last trial. */
  spikeCounts(population: string): Int32Array {
    const p = this.#shape.populations.findIndex((shaped) => shaped.population.name === population);
    const recorded = this.#readTrial().populations[p];
    if (!recorded)
      throw new ConfigError(`population: expected the name of a lif population, got "${population}"`);
    const counts = new Int32Array(this.#shape.populations[p]!.population.size);
    for (const neuron of recorded.neurons) counts[neuron]!++;
    return counts;
  }

  /** Forward pass, loss and every gradient of one trial; gradients summed before are cleared. */
  solve(input: SpikeTrain, loss: Loss): Solution {
    this.clearGradients();
    this.#forward(input, loss, everything);
    const result = this.#loss(loss);
    if (loss.kind !== "none") this.#adjoint(loss);
    const { populations, inputTimes } = this.#readTrial();
    const spikeTimes = Object.fromEntries(
      populations.map(({ derivatives }, p) => [this.#shape.populations[p]!.population.name, derivatives]),
    );
    const gradients = {
      projections: readProjectionGradients(this.#views, this.#shape, this.#layout),
      populations: readPopulationGradients(this.#views, this.#shape, this.#layout),
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
      this.#adjoint(loss);
      forwardMs = Math.min(forwardMs, middle - start);
      adjointMs = Math.min(adjointMs, performance.now() - middle);
    }
    const spikes = this.#readTrial().populations.reduce((sum, { times }) => sum + times.length, 0);
    return { spikes, forwardMs, adjointMs };
  }

  #lanes(): number {
    return this.#kernel.constant("Layout", "chunkBytes") / this.#kernel.constant("Layout", "realBytes");
  }

  #allocate(network: Network): void {
    // A first instance on a page of its own tells the sizes of the structures.
    this.#kernel = bindKernel(this.#module, new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true }));
    this.#shape = shapeOf(network, this.#lanes());
    const { constant, functions } = this.#kernel;
    this.#layout = layOut(this.#shape, this.options, constant, functions.heapBase());
    const pages = Math.ceil(this.#layout.end / pageBytes);
    if (pages > maxPages)
      throw new ConfigError(
        `max_events: expected a network and budgets that need at most 4 GiB, got ${this.options.maxEvents} events that need ${(pages / 16384).toFixed(1)} GiB; lower max_events`,
      );
    const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
    this.#kernel = bindKernel(this.#module, memory);
    this.#views = new Views(memory, this.options.precision);
    writePlan(this.#views, constant, this.#shape, this.#layout, this.options.duration);
    this.#writeParameters();
    const tensors: ProjectionTensors[] = [];
    this.#shape.projections.forEach(({ index, pre, post, stride }, p) => {
      const at = this.#layout.projections[p]!;
      const weight = this.#views.real(at.weight, pre * stride);
      const weightGradient = this.#views.real(at.dWeight, pre * stride);
      tensors[index] = { pre, post, stride, weight, weightGradient };
    });
    this.#projections = tensors;
  }

  #writeParameters(): void {
    const { constant } = this.#kernel;
    const { populationTable, projectionTable } = this.#layout;
    this.#shape.populations.forEach((shaped, p) => {
      const table = populationTable + p * constant("PopulationAt", "end");
      writePopulation(this.#views, constant, table, shaped, this.#layout.populations[p]!);
    });
    this.#shape.projections.forEach((shaped, p) => {
      const table = projectionTable + p * constant("ProjectionAt", "end");
      writeProjection(this.#views, constant, table, shaped, this.#layout.projections[p]!);
    });
  }

  #setPlan(field: string, value: number): void {
    this.#views.data.setUint32(this.#layout.plan + this.#kernel.constant("PlanAt", field), value, true);
  }

  #planF64(field: string): number {
    return this.#views.data.getFloat64(this.#layout.plan + this.#kernel.constant("PlanAt", field), true);
  }

  #planU32(field: string): number {
    return this.#views.data.getUint32(this.#layout.plan + this.#kernel.constant("PlanAt", field), true);
  }

  #readTrial(): ReturnType<typeof readTrial> {
    return readTrial(this.#views, this.#kernel.constant, this.#layout, this.#shape.spikingCount);
  }

  #forward(input: SpikeTrain, loss: Loss, pass: Pass): void {
    const count = input.times.length;
    if (count > this.options.maxInputSpikes)
      throw new ConfigError(
        `input.times: expected at most ${this.options.maxInputSpikes} spikes, got ${count}`,
      );
    this.#views.f64(this.#layout.fields.inputTimes!, count).set(input.times);
    this.#views.u32(this.#layout.fields.inputSources!, count).set(input.sources);
    const voltage = needsVoltage(loss);
    const simulated = voltage ? this.#shape.populations.length : this.#shape.spikingCount;
    this.#setPlan("inputCount", count);
    this.#setPlan("simulatedCount", simulated);
    this.#setPlan("stateBytes", this.#layout.stateBytes[simulated]!);
    this.#setPlan("keepCheckpoints", pass.checkpoints || voltage ? 1 : 0);
    this.#setPlan("allGradients", pass.allGradients ? 1 : 0);
    writeLoss(loss, this.#views, this.#kernel.constant, this.#shape, this.#layout);
    const status = this.#kernel.functions.forward(this.#layout.plan);
    if (status === this.#kernel.constant("Status", "ok")) {
      runLoss(loss, this.#kernel, this.#layout.plan);
      return;
    }
    const reached = this.#views.data.getFloat64(
      this.#layout.fields.instants! +
        Math.max(this.#planU32("instantCount") - 1, 0) * this.#kernel.constant("InstantAt", "end"),
      true,
    );
    throw new KernelError(
      `the trial used up its budget of ${this.options.maxEvents} spikes and delayed deliveries at ${reached} of ${this.options.duration} ms; lower the weights, or raise max_events`,
    );
  }

  #loss(loss: Loss): TrialLoss {
    if (loss.kind === "none") return { loss: 0, readout: new Float64Array(0) };
    const value = this.#planF64("loss");
    if (!Number.isFinite(value))
      throw new KernelError(
        `the loss ${loss.kind} is not finite (${value}) for what the network did in this trial`,
      );
    const readout = this.#views.f64(this.#layout.fields.readout!, readoutSize(loss, this.#shape)).slice();
    return { loss: value, readout: Float64Array.from(readout) };
  }

  #adjoint(loss: Loss): void {
    if (loss.kind === "integral_cross_entropy") this.#kernel.functions.integralAdjoint(this.#layout.plan);
    this.#kernel.functions.adjoint(this.#layout.plan);
  }

  #closestGraze(): ClosestGraze | undefined {
    const margin = this.#planF64("grazeMargin");
    if (margin === Number.POSITIVE_INFINITY) return undefined;
    const { population } = this.#shape.populations[this.#planU32("grazePopulation")]!;
    return {
      population: population.name,
      neuron: this.#planU32("grazeNeuron"),
      time: this.#planF64("grazeTime"),
      margin,
    };
  }
}
