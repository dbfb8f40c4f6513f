/** The losses of a trial of T ms with label y, as plain data, and what the rest of the program must know of each. */
import type { Network, Population } from "./network.ts";
import type { Model } from "./parameters.ts";

/**
 * ω(t) of `integral_cross_entropy`: 1, e^(−t/T), 1 − t/T, 1/(1 + e^((t/T − ½)/0.2)), or the activity of the input. Case
 * files know all but `input`.
 */
export type Weighting = "uniform" | "exponential" | "linear" | "sigmoid" | "input";

/** ms; as published for the weighting `input`. */
export const defaultTauInput = 20;

/** Of a late first spike: see `FirstSpike`. */
export type Penalty = "exponential" | "hyperbolic";

/** L = −log softmax(S)_y, S_k = (1/T) ∫₀ᵀ ω(t) V_k dt over the neurons of a population of leaky integrators. */
export interface IntegralCrossEntropy {
  /** Which loss it is. */
  readonly kind: "integral_cross_entropy";
  /** ω(t). */
  readonly weighting: Weighting;
  /** Label y: an index of the population. */
  readonly target: number;
  /**
   * ms, default 20, of the weighting `input` only: ω is the activity a of the input behind a low pass,
   * tauInput da/dt = −a + 0.01 ms Σ δ(t − t_k). It is taken as given: derivatives with respect to input times leave out that
   * ω moves with them.
   */
  readonly tauInput?: number | undefined;
  /** Name of an `li` population; default the only one. */
  readonly population?: string | undefined;
}

/** L = −log softmax(M)_y, M_k = max(0, max_t V_k). */
export interface MaxCrossEntropy {
  /** Which loss it is. */
  readonly kind: "max_cross_entropy";
  /** Label y: an index of the population. */
  readonly target: number;
  /** Name of an `li` population; default the only one. */
  readonly population?: string | undefined;
}

/** L = (1/T) ∫₀ᵀ −log softmax(V(t))_y dt. */
export interface AverageCrossEntropy {
  /** Which loss it is. */
  readonly kind: "average_cross_entropy";
  /** Label y: an index of the population. */
  readonly target: number;
  /** Name of an `li` population; default the only one. */
  readonly population?: string | undefined;
}

/** L = −log softmax(−t/tau0)_y + penalty; t_k is the first spike of neuron k, T + 1 if it never spikes. */
export interface FirstSpike {
  /** Which loss it is. */
  readonly kind: "first_spike";
  /** Name of a `lif` population. */
  readonly population: string;
  /** ms; softness of the comparison of first spikes. */
  readonly tau0: number;
  /** ms; of the exponential penalty, which needs it. */
  readonly tau1?: number | undefined;
  /** Strength of the penalty. */
  readonly alpha: number;
  /** Default `exponential`: alpha (e^(t_y/tau1) − 1); `hyperbolic`: alpha / (1.01 T − t_y). */
  readonly penalty?: Penalty | undefined;
  /**
   * Whether a target neuron that never spikes is pulled up as if it had been about to spike at T: λ_V starts at the
   * penalty's slope there. This is no part of the gradient, but lets silent neurons learn. Default false; not in case files.
   */
  readonly phantomSpikes?: boolean | undefined;
  /** Label y: an index of the population. */
  readonly target: number;
}

/**
 * L = ½ Σ (t_k − target_k)², spikes and targets of each neuron paired in order. Unequal counts are an error, unless it is said
 * what a spike too many or too few costs.
 */
export interface SpikeTimeMse {
  /** Which loss it is. */
  readonly kind: "spike_time_mse";
  /** Name of a `lif` population. */
  readonly population: string;
  /** ms, ascending, a list a neuron. */
  readonly targets: readonly (readonly number[])[];
  /**
   * ms², at least 0; added for each spike of a neuron beyond its targets. It does not depend on when the spike is, so it has
   * no gradient. Default: such a spike is an error. Not in case files.
   */
  readonly extraCost?: number | undefined;
  /** ms², at least 0; the same for each target for which there is no spike. Default: an error. Not in case files. */
  readonly missingCost?: number | undefined;
}

/** c V_n(s), a term of `Linear`. */
export interface VoltageTerm {
  /** Name of a population. */
  readonly population: string;
  /** Index n in it. */
  readonly neuron: number;
  /** s in ms, 0 < s ≤ T; at an event's own time V is that just before it. */
  readonly time: number;
  /** c */
  readonly factor: number;
}

/** L = Σ a_k t_k + Σ c_m V_{n_m}(s_m): the cotangent of any loss of spike times and voltages. */
export interface Linear {
  /** Which loss it is. */
  readonly kind: "linear";
  /**
   * a_k, 1/ms, by `lif` population: one factor a spike in the order of its spikes, another count is an error; a population
   * left out has none.
   */
  readonly spikeTimes?: Readonly<Record<string, readonly number[]>> | undefined;
  /** The terms of voltages. */
  readonly voltages?: readonly VoltageTerm[] | undefined;
}

/** Simulate only. */
export interface NoLoss {
  /** Which loss it is. */
  readonly kind: "none";
}

/** A loss of the engine's. */
export type Loss =
  | IntegralCrossEntropy
  | MaxCrossEntropy
  | AverageCrossEntropy
  | FirstSpike
  | SpikeTimeMse
  | Linear
  | NoLoss;

/** What losses are called in files. */
export type LossKind = Loss["kind"];

interface LossRow {
  /** What it reads: voltages of leaky integrators, times of spikes, or (undefined) nothing of one population. */
  readonly reads: Model | undefined;
  /** Whether it needs the course of the readout's voltage simulated, not spikes alone. */
  readonly needsVoltage: boolean;
  /** Whether it has a label, and tells a number a class. */
  readonly classifies: boolean;
}

/** A row a loss. Where a kind is missing here, or in another table of losses, nothing compiles. */
export const losses: Readonly<Record<LossKind, LossRow>> = {
  integral_cross_entropy: { reads: "li", needsVoltage: false, classifies: true },
  max_cross_entropy: { reads: "li", needsVoltage: true, classifies: true },
  average_cross_entropy: { reads: "li", needsVoltage: true, classifies: true },
  first_spike: { reads: "lif", needsVoltage: false, classifies: true },
  spike_time_mse: { reads: "lif", needsVoltage: false, classifies: false },
  linear: { reads: undefined, needsVoltage: false, classifies: false },
  none: { reads: undefined, needsVoltage: false, classifies: false },
};

/** Losses that look at one population. */
export type PopulationLoss = Exclude<Loss, Linear | NoLoss>;

/** The population whose voltages or spikes a loss looks at; undefined if it looks at none or at several. */
export function lossPopulation({ populations }: Network, loss: Loss): Population | undefined {
  if (loss.kind === "none" || loss.kind === "linear") return undefined;
  const named = loss.population;
  return populations.find(({ name, model }) => (named === undefined ? model === "li" : name === named));
}

/** The loss with another label; the same if it has none. */
export function withLabel(loss: Loss, target: number): Loss {
  return "target" in loss ? { ...loss, target } : loss;
}
