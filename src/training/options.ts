/** What a program says of a training of its own network; settings are those of a run, spelled as programs spell them. */
import type { Samples } from "../data/dataset.ts";
import type { StartThreads } from "../engine/batch/threads.ts";
import type { Penalty, Weighting } from "../model/losses.ts";
import type { Network } from "../model/network.ts";
import type { Precision } from "../model/solution.ts";

/** The trials of a training. */
export interface TrainingData {
  /** What is trained with. */
  readonly train: Samples;
  /** What decisions may look at; default: they look at the training trials. */
  readonly validation?: Samples;
  /** Kept for the end; default none. */
  readonly test?: Samples;
  /** Names of the classes, one a neuron of the output; default "0", "1", … */
  readonly classes?: readonly string[];
}

/** A loss that has a label; labels come with the trials. See `Loss` for the equations. */
export type TrainingLoss =
  | {
      /** Which loss. */
      readonly kind: "integral_cross_entropy";
      /** ω(t); default "exponential". */
      readonly weighting?: Weighting;
      /** ms, of the weighting "input"; default 20. */
      readonly tauInput?: number;
    }
  | { readonly kind: "max_cross_entropy" }
  | { readonly kind: "average_cross_entropy" }
  | {
      readonly kind: "first_spike";
      /** ms, softness of the comparison of first spikes; default 1. */
      readonly tau0?: number;
      /** ms, of the exponential penalty; default 100. */
      readonly tau1?: number;
      /** Strength of the penalty of a late first spike; default 5e-5. */
      readonly alpha?: number;
      /** Default "exponential". */
      readonly penalty?: Penalty;
      /** Whether a label's silent neuron is pulled up as if it had spiked at the end of the trial; default true. */
      readonly phantomSpikes?: boolean;
    };

/** Settings of Adam that a tensor may have of its own. */
export interface OptimizerGroup {
  /** Factor of the learning rate; default 1. */
  readonly rateFactor?: number;
  /** In place of the optimiser's. */
  readonly beta1?: number;
  /** In place of the optimiser's. */
  readonly beta2?: number;
  /** In place of the optimiser's. */
  readonly epsilon?: number;
}

/** Adam, and its learning rate in the course of a training. */
export interface Optimizer {
  /** Default, and the only one. */
  readonly kind?: "adam";
  /** Size of a step; default 1e-3. */
  readonly learningRate?: number;
  /** Share of the old value in the first moment, in [0, 1); default 0.9. */
  readonly beta1?: number;
  /** Share of the old value in the second moment, in [0, 1); default 0.999. */
  readonly beta2?: number;
  /** Added to the root of the second moment; default 1e-8. */
  readonly epsilon?: number;
  /**
   * "neuron": the gradient of all synapses of a projection into a neuron, weights or delays, is divided by its root mean
   * square before the step; default: gradients are taken as they are.
   */
  readonly normalize?: "neuron";
  /** Settings of their own for trained tensors, by the names of result files, e.g. `projections[0].weight`. */
  readonly groups?: Readonly<Record<string, OptimizerGroup>>;
  /** Lets the learning rate grow at the start: from a fraction of it (default 0.001) by a factor a batch (default 1.05). */
  readonly easeIn?: { readonly from?: number; readonly factor?: number };
  /** Factor of the learning rate after every epoch, in (0, 1]; default 1. */
  readonly decay?: number;
  /**
   * Drops the learning rate by `factor` (default 0.5) when a fast mean of the accuracy of the part `of` is no better than a
   * slow one; shares of the old values default 0.8 and 0.85, epochs between two drops (`patience`) 50.
   */
  readonly plateau?: {
    readonly of?: "train" | "validation";
    readonly fast?: number;
    readonly slow?: number;
    readonly patience?: number;
    readonly factor?: number;
  };
}

/** What keeps hidden neurons, those that spike and are no output, in a useful range of activity. */
export interface Regularization {
  /**
   * λ_V −= strength (n − target) at every spike of a hidden neuron; n is its mean count over the batch, or its count in
   * the trial. `target` defaults to 14 spikes, `counts` to "batch_mean"; `upper` and `lower` are the strengths above and below.
   */
  readonly spikeCount?: {
    readonly target?: number;
    readonly upper: number;
    readonly lower: number;
    readonly counts?: "batch_mean" | "trial";
  };
  /** λ_V −= strength (N − limit)/neurons at every hidden spike of a trial with N > limit; defaults 10000 and 1e-8. */
  readonly global?: { readonly limit?: number; readonly strength?: number };
  /**
   * What happens after an epoch to weights into hidden neurons that never spiked in it: nothing (the default), or `lift`
   * (default 0.002) is added to them, or to the weights of all.
   */
  readonly silent?:
    | { readonly policy: "leave" }
    | { readonly policy: "lift_silent" | "lift_all"; readonly lift?: number };
  /** Probability with which a hidden neuron is silenced for a whole training trial, in [0, 1); default 0. */
  readonly dropout?: number;
}

/** A step of what is done to the training trials anew in every epoch; docs/training.md says more about each. */
export type Augmentation =
  | {
      /** Which step. */
      readonly kind: "shift";
      /** Bound of the shift of all channels of a trial. */
      readonly channels: number;
    }
  | {
      readonly kind: "blend";
      /** Fraction of the i-th trial's spikes that goes into a mixture; default [0.5, 0.5]. */
      readonly keep?: readonly number[];
      /** Trials of an epoch, mixtures included. */
      readonly total: number;
    }
  | {
      readonly kind: "dilate";
      /** Bounds of the factor of a trial's times. */
      readonly factors: readonly [number, number];
    }
  | {
      readonly kind: "jitter";
      /** Standard deviation of a spike's shift, in channels. */
      readonly sd: number;
    }
  | {
      readonly kind: "dropout";
      /** With which a spike is left out, in [0, 1). */
      readonly probability: number;
    }
  | { readonly kind: "normalize_spike_number" }
  | { readonly kind: "balance_classes" };

/** Least and largest value of a trained tensor; default no bound, but delays ≥ 0, tau_mem ≥ 3 ms, tau_syn ≥ 1 ms, threshold ≥ 0.1. */
export interface Bounds {
  /** Least. */
  readonly min?: number;
  /** Largest. */
  readonly max?: number;
}

/** What a network of one's own is to learn, from what, and how; times are in ms. */
export interface TrainingOptions {
  /** Before training, e.g. from `buildNetwork` or `drawNetwork`; it is copied. */
  readonly network: Network;
  /** Its trials. */
  readonly data: TrainingData;
  /** Length T of a trial in ms. */
  readonly duration: number;
  /** What training makes small; default `integral_cross_entropy` with exponential weighting. */
  readonly loss?: TrainingLoss;
  /** Name of the population that tells the class, one neuron a class; default the last one. */
  readonly output?: string;
  /**
   * Names of the tensors that are trained, as result files have them: `projections[0].weight`, `projections[0].delay`,
   * `populations.hidden.tau_mem`, `.tau_syn`, `.threshold`. Default every weight.
   */
  readonly train?: readonly string[];
  /** Of trained tensors, by name. */
  readonly bounds?: Readonly<Record<string, Bounds>>;
  /** How parameters follow their gradients. */
  readonly optimizer?: Optimizer;
  /** What keeps hidden neurons active; default nothing. */
  readonly regularization?: Regularization;
  /** What is done to the training trials anew in every epoch, one step after another; default nothing. */
  readonly augmentation?: readonly Augmentation[];
  /**
   * `timeStep` (ms, default 0: none): times fall to its grid, a channel has one spike there. `delayLine`: copies of all
   * channels, each `step` ms later than the one before; the network has channels × (1 + copies) input channels.
   */
  readonly input?: {
    readonly timeStep?: number;
    readonly delayLine?: { readonly copies: number; readonly step: number };
  };
  /** Trials between two steps; default 32. */
  readonly batchSize?: number;
  /** Epochs after which `stopReason` is "epochs"; default: it never is. */
  readonly epochs?: number;
  /** When `stopReason` says to stop before: at an accuracy in (0, 1], or after so many epochs without a better one. */
  readonly stopping?: {
    readonly of?: "train" | "validation";
    readonly patience?: number;
    readonly atAccuracy?: number;
  };
  /** The part whose accuracy names the best epoch; default the validation part where there is one. */
  readonly selection?: { readonly of?: "train" | "validation" };
  /** Of the order of trials, augmentation and dropout, an integer from 0 to 2³² − 1; default 1. */
  readonly seed?: number;
  /** Of states, weights and gradients; default "f32". Times are f64 in either. */
  readonly precision?: Precision;
  /** Parts in which sums over a batch are formed, up to 64, and hence the most threads that help; default 8. */
  readonly lanes?: number;
  /** Most spikes of the network and delayed deliveries of a trial, before a KernelError; default 2¹⁷. */
  readonly maxEvents?: number;
  /** Most input spikes of any trial, the delay line's included; default what the data have. */
  readonly maxInputSpikes?: number;
  /** Who computes: `oneThread` (the default, works in a page too) or `workerThreads()`. Results do not depend on it. */
  readonly threads?: StartThreads;
}
