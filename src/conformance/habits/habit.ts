/** Mistakes that gradients of spiking networks are known to have: a row a habit, a switch or more of the adjoint each. */

/** What a spike's dL/dt consists of. */
export interface SpikeParts {
  /** Of its arrivals: Σ weight (∂L/∂I/tau_syn − ∂L/∂V/tau_mem). */
  readonly fed: number;
  /** ∂l/∂t, the loss's own. */
  readonly pull: number;
  /** ∂L/∂V just after the reset. */
  readonly carried: number;
  /** dV/dt just before the reset, 1/ms. */
  readonly slope: number;
  readonly threshold: number;
  readonly reset: number;
  /** ms */
  readonly tauMem: number;
}

/** What is lost: spikes of neurons, or of the input, that come at the instant of one before them. */
export type Lost = "spikes" | "inputs";

export interface Habit {
  /** In tables. */
  readonly name: string;
  /** After "with". */
  readonly phrase: string;
  /** dL/dt of a spike, from which ∂L/∂V before it is −(dL/dt)/slope. */
  readonly total?: (parts: SpikeParts) => number;
  /** ∂L/∂(time of an arrival) per unit of weight. @param byV ∂L/∂V/tau_mem there @param byI ∂L/∂I/tau_syn there */
  readonly felt?: (byV: number, byI: number) => number;
  /** Whether what an arrival feels is told to the spike that has sent it. */
  readonly tells?: (synapse: { readonly within: boolean; readonly self: boolean }) => boolean;
  /** What becomes of the first arrival after a spike that is in wait then: it ends what the spike has cut short. */
  readonly afterSpike?: "missing" | "wrong";
  /** Whether a maximum of a readout that an arrival cuts off stays where it is if the arrival moves. */
  readonly peakHeld?: boolean;
  /** Whether arrivals are undone as if they had come without delay. */
  readonly withoutDelays?: boolean;
  readonly loses?: Lost;
  /** Tensors that programs with this habit differ in, so that they say nothing. */
  readonly untold?: RegExp;
}

/** The adjoint as it is. */
export const rightTotal = ({ fed, pull, carried, slope, threshold, reset, tauMem }: SpikeParts): number =>
  fed + pull - carried * (slope + (threshold - reset) / tauMem);

export const rightFelt = (byV: number, byI: number): number => byI - byV;

export const adjointHabits: readonly Habit[] = [
  {
    name: "threshold_in_jump",
    phrase: "the threshold in place of threshold - reset in the jump",
    total: ({ fed, pull, carried, slope, threshold, tauMem }) =>
      fed + pull - carried * (slope + threshold / tauMem),
  },
  {
    name: "jump_missing",
    phrase: "no jump of the adjoint at spikes",
    total: ({ carried, slope }) => -carried * slope,
    untold: /spike_times|threshold$/,
  },
  {
    name: "own_part_missing",
    phrase: "the spiking neuron's own lambda_V left out of the jump",
    total: ({ fed, pull, carried, slope }) => fed + pull - carried * slope,
  },
  {
    name: "nothing_carried",
    phrase: "lambda_V set to zero at a spike before its jump",
    total: ({ fed, pull }) => fed + pull,
  },
  {
    name: "pull_missing",
    phrase: "the loss's own pull on spike times left out of the jump",
    total: (parts) => rightTotal({ ...parts, pull: 0 }),
  },
  {
    name: "arrivals_missing",
    phrase: "the arrivals of a spike left out of its jump",
    tells: () => false,
  },
  {
    name: "recurrence_missing",
    phrase: "arrivals within a population left out of the jump",
    tells: ({ within }) => !within,
  },
  {
    name: "autapse_missing",
    phrase: "a spike's arrivals at its own neuron left out of the jump",
    tells: ({ self }) => !self,
  },
  {
    name: "lambda_v_alone",
    phrase: "lambda_V in place of lambda_V - lambda_I",
    felt: (byV) => -byV,
  },
  {
    name: "lambda_i_alone",
    phrase: "lambda_I in place of lambda_I - lambda_V",
    felt: (_, byI) => byI,
  },
  {
    name: "after_spike_missing",
    phrase: "no sensitivity to the time of the next arrival after a spike",
    afterSpike: "missing",
  },
  {
    name: "after_spike_wrong",
    phrase: "lambda times f at each spike counted for the time of the next arrival",
    afterSpike: "wrong",
  },
  {
    name: "peak_held",
    phrase: "the time of a peak that an arrival cuts off held fixed",
    peakHeld: true,
  },
  {
    name: "delays_ignored_backwards",
    phrase: "delays ignored in the adjoint",
    withoutDelays: true,
    untold: /delay$/,
  },
  {
    name: "coincident_spike_unseen",
    phrase: "the second of two coincident spikes lost in the adjoint",
    loses: "spikes",
    untold: /spike_times|threshold$|reset$/,
  },
  {
    name: "coincident_input_unseen",
    phrase: "the second of two coincident input spikes lost in the adjoint",
    loses: "inputs",
  },
];
