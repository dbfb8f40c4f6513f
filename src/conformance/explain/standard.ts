/** What a result is held against when the question is where it goes wrong. */
import type { Population } from "../../model/network.ts";
import type { Simulation } from "../../model/solution.ts";
import type { State } from "../step/membrane.ts";

/** One spike in the backward pass. */
export interface Jump {
  readonly population: string;
  /** Number of the spike in its population. */
  readonly index: number;
  readonly neuron: number;
  /** ms */
  readonly time: number;
  /** τm dV/dt = I − V (+ bias), by which the jump is divided. */
  readonly slope: number;
  /** Total derivative of the loss with respect to the spike's time. */
  readonly derivative: number;
  /** λ_V before the spike, in forward time: derivative / slope. */
  readonly lambdaV: number;
}

export interface Standard {
  readonly spikes: Simulation["spikes"];
  /** Those without any time step. */
  readonly exactSpikes: Simulation["spikes"];
  /** ms within which a spike is the same. */
  readonly nearness: number;
  /** Of a neuron just before it may spike at `time` (ms), the spikes of all neurons until then being those given. */
  stateAt(spikes: Simulation["spikes"], population: Population, neuron: number, time: number): State;
  /** Latest first; empty without a loss. */
  readonly jumps: readonly Jump[];
}
