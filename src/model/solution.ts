/** What one trial yields: spikes, loss, gradients, and how well conditioned they are. */

/** Floating-point type of states, weights and gradients; times are always f64. */
export type Precision = "f64" | "f32";

/** Gradients of one projection, shape [post][pre], row-major. */
export interface ProjectionGradient {
  readonly weight: Float64Array;
  readonly delay: Float64Array;
}

/** Gradients of one population, shape [size] each; threshold and reset only of `lif` populations. */
export interface PopulationGradient {
  readonly tauMem: Float64Array;
  readonly tauSyn: Float64Array;
  readonly threshold?: Float64Array;
  readonly reset?: Float64Array;
  readonly bias: Float64Array;
  readonly v0: Float64Array;
  readonly i0: Float64Array;
}

export interface Gradients {
  /** In the network's order. */
  readonly projections: readonly ProjectionGradient[];
  /** In the network's order. */
  readonly populations: readonly PopulationGradient[];
  /** dL/d(time of input spike k), 1/ms. */
  readonly inputTimes: Float64Array;
  /** Total derivative of L with respect to moving spike k, per `lif` population by name, 1/ms. */
  readonly spikeTimes: Readonly<Record<string, Float64Array>>;
}

/** Spikes of one population: `times` (ms) ascending, `neurons[k]` the neuron that sent spike k. */
export interface PopulationSpikes {
  readonly times: Float64Array;
  readonly neurons: Int32Array;
}

export interface ClosestGraze {
  readonly population: string;
  readonly neuron: number;
  /** ms */
  readonly time: number;
  /** Smallest |threshold − V| over maxima of V that did not spike and over the peaks spikes would have reached. */
  readonly margin: number;
}

export interface Simulation {
  /** Per `lif` population by name. */
  readonly spikes: Readonly<Record<string, PopulationSpikes>>;
  /** dV/dt just before each spike, 1/ms, per `lif` population by name. */
  readonly slopes: Readonly<Record<string, Float64Array>>;
  /** Absent where no voltage has a maximum. */
  readonly closestGraze?: ClosestGraze;
}

export interface Solution extends Simulation {
  readonly loss: number;
  /** S, M, (1/T)∫V or the first-spike times; empty for `spike_time_mse`. */
  readonly readout: Float64Array;
  readonly gradients: Gradients;
}
