/** A population of neurons in memory. */
import { PopulationFlag } from "../kinds";
import { F64s, f64Of, Reals, U32s } from "../memory";

/** Arrays are [stride], padded with neurons that never spike. Voltages are measured from an origin: see lif.ts. */
@unmanaged
export class Population {
  size: u32;
  stride: u32;
  /** Of `PopulationFlag`. */
  flags: u32;
  /** Outgoing projections, [projections, projectionsEnd) in the network's table. */
  projections: u32;
  projectionsEnd: u32;
  flaggedCount: u32;
  /** Largest α and |β − α| of its neurons, 1/ms. */
  alphaMost: f64;
  gapMost: f64;
  /** State u and I, and the sensitivities ∂L/∂u and ∂L/∂I. */
  u: Reals;
  i: Reals;
  gu: Reals;
  gi: Reals;
  /** State at time 0. */
  u0: Reals;
  i0: Reals;
  /** Rates α = 1/τ_m, β = 1/τ_s, 1/ms; threshold and reset, from the origin. */
  alpha: F64s;
  beta: F64s;
  threshold: F64s;
  reset: F64s;
  /** What voltages are measured from, and where the bias lies from there. */
  origin: F64s;
  rest: F64s;
  /** Copies for vector arithmetic. */
  alphaReal: Reals;
  betaReal: Reals;
  thresholdReal: Reals;
  restReal: Reals;
  /** Addresses of the rows that arrive at one instant (or, in the adjoint pass, of those that get its gradient). */
  rows: U32s;
  rowCount: u32;
  /** Their sum. */
  drive: Reals;
  /** [chunks]: those with neurons that may cross before the next arrival, see tangent_test.ts. */
  flagged: U32s;
  /** [FlowArray.count][stride]: coefficients of the current flow, see coefficients.ts. */
  flow: Reals;
  /** [Most.constants] vectors: see short_flow.ts. */
  constants: Reals;
  /** Spikes of each neuron in the trial. */
  counts: U32s;
  /** What a regulariser adds to gu at each spike of a neuron. */
  regularization: Reals;
  /** Gradients with respect to α, β, threshold, reset, bias, V(0), I(0). */
  dAlpha: Reals;
  dBeta: Reals;
  dThreshold: Reals;
  dReset: Reals;
  dBias: Reals;
  dV0: Reals;
  dI0: Reals;
}

/** u − rest, of neuron j at u: V measured from the bias. As a rule all rests are 0 and need not be looked up. */
export function fromRest(population: Population, j: u32, u: f64): f64 {
  return population.flags & PopulationFlag.hasRest ? u - f64Of(population.rest, j) : u;
}

export function biasOf(population: Population, j: u32): f64 {
  return f64Of(population.origin, j) + f64Of(population.rest, j);
}
