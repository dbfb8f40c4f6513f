/** What one trial yields: spikes, loss, gradients, and how well conditioned they are. */
import type { Parameters } from "./parameters.ts";

/** Floating-point type of states, weights and gradients; times are always f64. */
export type Precision = "f64" | "f32";

/** Largest relative error of one rounding. */
export const unitRoundoff: Readonly<Record<Precision, number>> = { f64: 2 ** -53, f32: 2 ** -24 };

/** Gradients of one projection, in units of the loss per unit of the parameter. */
export interface ProjectionGradient {
  /** dL/dw, shape [post][pre], row-major. */
  readonly weight: Float64Array;
  /** dL/d(delay), 1/ms, shape [post][pre], row-major, also where one delay serves all synapses. */
  readonly delay: Float64Array;
}

/** Parameters that only some populations have. */
type Partly = {
  [P in keyof Parameters]: "li" extends Parameters[P]["models"][number] ? never : P;
}[keyof Parameters];

/**
 * Gradients of one population with respect to its parameters, shape [size] each, in units of the loss per unit of the
 * parameter; threshold and reset only of `lif` populations.
 */
export type PopulationGradient = {
  readonly [P in Exclude<keyof Parameters, Partly>]: Float64Array;
} & { readonly [P in Partly]?: Float64Array };

/** Gradients of every parameter; of one trial, or summed over trials. */
export interface ParameterGradients {
  /** In the network's order. */
  readonly projections: readonly ProjectionGradient[];
  /** In the network's order. */
  readonly populations: readonly PopulationGradient[];
}

/** Gradients of one trial. */
export interface Gradients extends ParameterGradients {
  /** dL/d(time of input spike k), 1/ms. */
  readonly inputTimes: Float64Array;
  /** Total derivative of L with respect to moving spike k, per `lif` population by name, 1/ms. */
  readonly spikeTimes: Readonly<Record<string, Float64Array>>;
}

/** Spikes of one population, in order of time. */
export interface PopulationSpikes {
  /** ms, ascending. */
  readonly times: Float64Array;
  /** The neuron that sent each spike. */
  readonly neurons: Int32Array;
}

/** How near the set of spikes came to being another. */
export interface ClosestGraze {
  /** Name. */
  readonly population: string;
  /** Index in the population. */
  readonly neuron: number;
  /** ms */
  readonly time: number;
  /**
   * The smallest change of this neuron's threshold at which, everything else being as it was, it spikes once more (at a
   * maximum of V, at an arrival that turns V, or at T) or once less (as V, with what arrives after the spike, would not have
   * risen that far).
   */
  readonly margin: number;
  /** Whether rounding may have decided: the set of spikes then need not be that of the exact solution. */
  readonly isDoubtful: boolean;
}

/** What a network did in one trial. */
export interface Simulation {
  /** Per `lif` population by name. */
  readonly spikes: Readonly<Record<string, PopulationSpikes>>;
  /** dV/dt just before each spike, 1/ms, per `lif` population by name. */
  readonly slopes: Readonly<Record<string, Float64Array>>;
  /** Absent where it was not asked for, and where no voltage has a maximum. */
  readonly closestGraze?: ClosestGraze;
}

/** Value of a loss, and what it was read from. */
export interface TrialLoss {
  /** L; 0 for the loss `none`. */
  readonly loss: number;
  /** S, M, (1/T)∫V or the first-spike times (ms), one a neuron of the loss's population; empty for other losses. */
  readonly readout: Float64Array;
}

/** What a network did in one trial, its loss and every gradient. */
export interface Solution extends Simulation, TrialLoss {
  /** Exact derivatives of the loss. */
  readonly gradients: Gradients;
}

/** States and adjoints of some neurons of a population, shape [time][neuron] each, row-major. */
export interface PopulationTrace {
  /** The neurons, in the order of the columns. */
  readonly neurons: readonly number[];
  /** V */
  readonly v: Float64Array;
  /** I */
  readonly i: Float64Array;
  /** λ_V = −(∂L/∂V)/tau_mem, 1/ms [WP21]. */
  readonly lambdaV: Float64Array;
  /** λ_I = −(∂L/∂I)/tau_syn, 1/ms [WP21]. */
  readonly lambdaI: Float64Array;
}

/** Course of a trial at chosen times; at an event's own time, just before the event. */
export interface Trace {
  /** ms, ascending. */
  readonly times: Float64Array;
  /** By population's name. */
  readonly populations: Readonly<Record<string, PopulationTrace>>;
}
