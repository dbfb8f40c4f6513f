/** The losses of a trial of T ms with label y, as plain data. */

export type Weighting = "uniform" | "exponential" | "linear" | "sigmoid" | "input";

/** ms; as published for the weighting `input`. */
export const defaultTauInput = 20;

export type Penalty = "exponential" | "hyperbolic";

/**
 * L = −log softmax(S)_y, S_k = (1/T) ∫₀ᵀ ω(t) V_k dt. `population` names an `li` population; default the only one.
 * Weighting `input`: ω is the activity a of the input behind a low pass, tauInput da/dt = −a + 0.01 ms Σ δ(t − t_k); it is
 * taken as given, so derivatives with respect to input times leave out that ω moves with them.
 */
export interface IntegralCrossEntropy {
  readonly kind: "integral_cross_entropy";
  readonly weighting: Weighting;
  readonly target: number;
  /** ms, of the weighting `input` only. */
  readonly tauInput?: number | undefined;
  readonly population?: string | undefined;
}

/** L = −log softmax(M)_y, M_k = max(0, max_t V_k). */
export interface MaxCrossEntropy {
  readonly kind: "max_cross_entropy";
  readonly target: number;
  readonly population?: string | undefined;
}

/** L = (1/T) ∫₀ᵀ −log softmax(V(t))_y dt. */
export interface AverageCrossEntropy {
  readonly kind: "average_cross_entropy";
  readonly target: number;
  readonly population?: string | undefined;
}

/**
 * L = −log softmax(−t/tau0)_y + penalty; t_k is the first spike of neuron k of `population`, T + 1 if it never spikes.
 * Penalty `exponential`: alpha (e^(t_y/tau1) − 1); `hyperbolic`: alpha / (1.01 T − t_y). tau0, tau1 in ms.
 */
export interface FirstSpike {
  readonly kind: "first_spike";
  readonly population: string;
  readonly tau0: number;
  readonly tau1: number;
  readonly alpha: number;
  readonly penalty: Penalty;
  /**
   * Whether a target neuron that never spikes is pulled up as if it had been about to spike at T: λ_V starts at the
   * penalty's slope there. This is no part of the gradient, but lets silent neurons learn.
   */
  readonly phantomSpikes?: boolean | undefined;
  readonly target: number;
}

/** L = ½ Σ (t_k − target_k)², spikes and targets of each neuron of `population` paired in order. */
export interface SpikeTimeMse {
  readonly kind: "spike_time_mse";
  readonly population: string;
  readonly targets: readonly (readonly number[])[];
}

/** Simulate only. */
export interface NoLoss {
  readonly kind: "none";
}

export type Loss =
  | IntegralCrossEntropy
  | MaxCrossEntropy
  | AverageCrossEntropy
  | FirstSpike
  | SpikeTimeMse
  | NoLoss;
