/** The exact engine for one network: parameters and gradients in place, trials run one after another. */
import type { Loss } from "./losses/loss.ts";
import type { Network, SpikeTrain } from "./network/network.ts";
import type { Simulation, Solution } from "./solution.ts";

export type Precision = "f64" | "f32";

export interface EngineOptions {
  readonly precision?: Precision;
  /** Length T of a trial in ms. */
  readonly duration: number;
  /** Most input spikes a trial may have. */
  readonly maxInputSpikes: number;
  /** Most spikes the network may emit in a trial before it stops with a KernelError; default 1 000 000. */
  readonly maxSpikes?: number;
}

/** Values and summed gradients of one projection in the kernel's layout, [pre][stride], stride ≥ post, padding zero. */
export interface ProjectionTensors {
  readonly pre: number;
  readonly post: number;
  readonly stride: number;
  readonly weight: Float64Array | Float32Array;
  readonly weightGradient: Float64Array | Float32Array;
}

export interface TrialLoss {
  readonly loss: number;
  /** The loss's readout, e.g. S for `integral_cross_entropy`; a copy. */
  readonly readout: Float64Array;
}

export declare class Engine {
  static create(network: Network, options: EngineOptions): Promise<Engine>;
  readonly projections: readonly ProjectionTensors[];
  /** Replaces every parameter by those of a network of the same shape. */
  setNetwork(network: Network): void;
  clearGradients(): void;
  /** Forward pass and loss, no gradient. */
  evaluate(input: SpikeTrain, loss: Loss): TrialLoss;
  /** Forward pass, loss, adjoint: adds to every projection's `weightGradient`, and nothing else. */
  accumulateWeightGradient(input: SpikeTrain, loss: Loss): TrialLoss;
  /** Spikes of the last trial. */
  simulation(): Simulation;
  /** Number of spikes of each neuron of a `lif` population in the last trial. */
  spikeCounts(population: string): Int32Array;
  /** Forward pass, loss and every gradient of one trial. */
  solve(input: SpikeTrain, loss: Loss): Solution;
}
