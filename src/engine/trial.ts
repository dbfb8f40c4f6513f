/** One trial in the kernel's memory: what it is told, how it is run, and what it leaves behind. */
import { ConfigError, type KernelError } from "../base/errors.ts";
import { type Loss, losses } from "../model/losses.ts";
import type { SpikeTrain } from "../model/network.ts";
import { type parameters, parametersOf } from "../model/parameters.ts";
import type {
  ClosestGraze,
  ParameterGradients,
  PopulationGradient,
  Precision,
  Simulation,
  TrialLoss,
} from "../model/solution.ts";
import { failureOf } from "./failures.ts";
import type { Layout } from "./kernel/layout.ts";
import type { KernelMemory } from "./kernel/memory.ts";
import { populationIndex, type Shape } from "./kernel/shape.ts";
import { type RealArray, Structure, type StructureName, type Views } from "./kernel/structures.ts";
import { fromRows, kernelParameters, populationArray, writeThresholds } from "./kernel/writer.ts";
import { readoutSize, writeLoss } from "./losses.ts";
import { type ReadingPlace, Readings } from "./readings.ts";
import { type Recorded, readRecord } from "./recorded.ts";
import { roundingOf } from "./rounding.ts";

/** Which gradients the adjoint pass is to add beside those of the weights, and what the forward pass is to keep. */
export interface Pass {
  /** Of the neurons' parameters. */
  readonly neurons: boolean;
  readonly delays: boolean;
  readonly inputTimes: boolean;
  /** Whether states can be recomputed: for gradients of neurons, for losses that see voltages, for grazes. */
  readonly checkpoints: boolean;
}

/** As training asks. */
export const weightsOnly: Pass = { neurons: false, delays: false, inputTimes: false, checkpoints: false };
export const everything: Pass = { neurons: true, delays: true, inputTimes: true, checkpoints: true };

/** Room for one trial, whatever is asked of it. */
export const roomOfOne = {
  slots: 1,
  lanes: 1,
  delayGradients: true,
  ownThresholds: true,
  replay: true,
  numbers: true,
} as const;

export interface TrialOptions {
  readonly precision: Precision;
  /** ms */
  readonly duration: number;
  readonly maxInputSpikes: number;
  readonly maxEvents: number;
  readonly maxReadings: number;
}

/** Where to write the spikes of a trial: times in ms, ascending, and channels. */
export interface InputRoom {
  readonly times: Float64Array;
  readonly sources: Uint32Array;
}

export class Trial {
  readonly layout: Layout;
  readonly readings: Readings;
  readonly input: InputRoom;
  readonly #memory: KernelMemory;
  readonly options: TrialOptions;
  /** Of the passes that `prepare` has said. */
  loss: Loss = { kind: "none" };

  constructor(memory: KernelMemory, layout: Layout, options: TrialOptions) {
    this.#memory = memory;
    this.options = options;
    this.layout = layout;
    const { views } = memory;
    const [capacity, duration] = [options.maxReadings, options.duration];
    const at = layout.trial.parts["readings"]!.at;
    this.readings = new Readings(views, () => memory.shape, at, { capacity, duration });
    this.input = {
      times: views.f64(layout.input.times, options.maxInputSpikes),
      sources: views.u32(layout.input.sources, options.maxInputSpikes),
    };
  }

  get shape(): Shape {
    return this.#memory.shape;
  }

  get views(): Views {
    return this.#memory.views;
  }

  /** Address of its Trial structure. */
  get address(): number {
    return this.layout.trial.at;
  }

  /**
   * Says what the next passes are for.
   *
   * @param places to read beside those of the loss, behind them
   * @throws ConfigError if the loss does not fit the network or the room there is
   */
  prepare(loss: Loss, pass: Pass, places: readonly ReadingPlace[] = []): void {
    const { readings, shape, views, layout } = this;
    const plan = this.part("loss", "LossPlan");
    writeLoss(loss, { shape, views, plan, numberCapacity: layout.numberCapacity });
    const terms = loss.kind === "linear" ? (loss.voltages ?? []) : [];
    readings.write([...terms, ...places], "loss.voltages");
    this.loss = loss;
    const all = losses[loss.kind].needsVoltage || readings.needVoltage;
    const simulatedCount = all ? shape.populations.length : shape.spikingCount;
    const stateBytes = layout.stateBytes[simulatedCount]!;
    this.part("network", "Network").setAll({ simulatedCount, stateBytes });
    const keepCheckpoints = pass.checkpoints || pass.neurons || all ? 1 : 0;
    this.part("record", "Record").set("keepCheckpoints", keepCheckpoints);
    const [neurons, delays, inputTimes] = [pass.neurons, pass.delays, pass.inputTimes].map(Number);
    this.part("wanted", "Wanted").setAll({ neurons: neurons!, delays: delays!, inputTimes: inputTimes! });
  }

  /** Takes over the spikes of an input that has been checked. */
  setInput({ times, sources }: SpikeTrain): void {
    if (times.length > this.options.maxInputSpikes)
      throw new ConfigError(
        `input.times: expected at most ${this.options.maxInputSpikes} spikes, got ${times.length}`,
      );
    this.input.times.set(times);
    this.input.sources.set(sources);
    this.setInputCount(times.length);
  }

  /** The first `count` spikes of `input` are the trial's. */
  setInputCount(count: number): void {
    this.part("input", "Input").set("count", count);
  }

  setTarget(target: number): void {
    this.part("loss", "LossPlan").set("target", target);
  }

  /** Forward pass and loss. */
  evaluate(): void {
    this.#memory.functions.evaluate(this.address);
  }

  /** Makes Σ a t + Σ c V the loss of the trial that lies recorded: a by population and spike, c by reading. */
  applyLinear(spikeTimes: Readonly<Record<string, readonly number[]>>, voltages: ArrayLike<number>): void {
    const { shape, views, layout } = this;
    const plan = this.part("loss", "LossPlan");
    this.loss = { kind: "linear", spikeTimes };
    writeLoss(this.loss, { shape, views, plan, numberCapacity: layout.numberCapacity });
    this.readings.setFactors(voltages);
    this.#memory.functions.evaluateLoss(this.address);
  }

  /** Adjoint pass: adds to the gradients that `prepare` has named. */
  differentiate(): void {
    this.#memory.functions.differentiate(this.address);
  }

  /** What went wrong in the forward pass, if anything did. */
  failure(): KernelError | undefined {
    return failureOf(this);
  }

  /** Value and readout of the loss, whatever they are. */
  outcome(): TrialLoss {
    if (this.loss.kind === "none") return { loss: 0, readout: new Float64Array(0) };
    const readout = this.views.f64(this.layout.loss.readout, readoutSize(this.loss, this.shape));
    return { loss: this.part("loss", "LossPlan").get("value"), readout: Float64Array.from(readout) };
  }

  recorded(): Recorded {
    const { spikingCount } = this.shape;
    const record = this.part("record", "Record");
    const [eventCount, instantCount] = [record.get("eventCount"), record.get("instantCount")];
    return readRecord(this.views, this.layout, { spikingCount, eventCount, instantCount });
  }

  /** Spikes of the trial that lies recorded, and how well conditioned they are; grazes need checkpoints. */
  simulation({ populations }: Recorded, closestGraze: boolean): Simulation {
    const graze = closestGraze ? this.closestGraze() : undefined;
    return {
      spikes: this.named((p) => ({ times: populations[p]!.times, neurons: populations[p]!.neurons })),
      slopes: this.named((p) => populations[p]!.slopes),
      ...(graze && { closestGraze: graze }),
    };
  }

  /** A value for each spiking population (of the kernel's order), by its name. */
  named<T>(value: (p: number) => T): Record<string, T> {
    const spiking = this.shape.populations.slice(0, this.shape.spikingCount);
    return Object.fromEntries(spiking.map(({ population: { name } }, p) => [name, value(p)]));
  }

  /** Spikes of each neuron of a spiking population (in the kernel's order); the engine's own array. */
  counts(p: number): Uint32Array {
    return this.views.u32(this.layout.populations[p]!.counts, this.#sizeOf(p));
  }

  /** What is added to ∂L/∂V of each neuron at each of its spikes; the engine's own array. */
  regularization(p: number): RealArray {
    return this.views.real(this.layout.populations[p]!.regularization, this.#sizeOf(p));
  }

  /** Keeps neurons of a population from spiking until told otherwise. */
  silence(p: number, silenced: Uint8Array): void {
    const at = this.layout.populations[p]!;
    const target = { views: this.views, at, duration: this.options.duration };
    writeThresholds(target, this.shape.populations[p]!, silenced);
  }

  /** Of a trial with checkpoints; undefined if no voltage rises. */
  closestGraze(): ClosestGraze | undefined {
    this.#memory.functions.closestGraze(this.address);
    const graze = this.part("graze", "Graze");
    const margin = graze.get("margin");
    if (margin === Infinity) return undefined;
    const [p, neuron] = [graze.get("population"), graze.get("neuron")];
    const { population } = this.shape.populations[p]!;
    const isDoubtful = margin <= roundingOf(this.shape, p, neuron, this.options);
    return { population: population.name, neuron, time: graze.get("time"), margin, isDoubtful };
  }

  clearGradients(): void {
    const { gradients, gradientsEnd } = this.layout;
    new Uint8Array(this.views.buffer, gradients, gradientsEnd - gradients).fill(0);
  }

  /** Sums of gradients of every parameter, in the network's order; only those that passes have asked for are right. */
  gradients(): ParameterGradients {
    const projections: ParameterGradients["projections"][number][] = [];
    const populations: PopulationGradient[] = [];
    for (const [p, { index }] of this.shape.projections.entries())
      projections[index] = { weight: this.synapses(p, "dWeight"), delay: this.synapses(p, "dDelay") };
    for (const [p, { index, population }] of this.shape.populations.entries())
      populations[index] = Object.fromEntries(
        parametersOf(population.model).map((name) => [name, this.neurons(p, name)]),
      ) as unknown as PopulationGradient;
    return { projections, populations };
  }

  /** Synapses of a projection (in the kernel's order) as [post][pre]. */
  synapses(p: number, field: "weight" | "dWeight" | "dDelay"): Float64Array {
    const shaped = this.shape.projections[p]!;
    return fromRows(this.views.real(this.layout.projections[p]![field], shaped.pre * shaped.stride), shaped);
  }

  /** Gradient of a population's parameter, [size]. */
  neurons(p: number, name: keyof typeof parameters): Float64Array {
    const { gradient, derivative } = kernelParameters[name];
    const { population } = this.shape.populations[p]!;
    const own = populationArray(this.views, this.layout.populations[p]!, gradient, population.size);
    return Float64Array.from(own, (d, j) => derivative(d, population[name][j]!));
  }

  /** One of the structures that the trial consists of; `trial` is the one that points to them. */
  part<S extends StructureName>(field: string, name: S): Structure<S> {
    const { trial } = this.layout;
    return new Structure(this.views, name, field === "trial" ? trial.at : trial.parts[field]!.at);
  }

  #sizeOf(p: number): number {
    return this.shape.populations[p]!.population.size;
  }
}

/** @throws ConfigError if no `lif` population has this name */
export function spikingIndex(shape: Shape, name: string): number {
  const p = populationIndex(shape, name);
  if (p >= 0 && p < shape.spikingCount) return p;
  throw new ConfigError(`population: expected the name of a lif population, got ${JSON.stringify(name)}`);
}
