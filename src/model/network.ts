/** What a network is: populations of neurons, and projections between them, as plain data. */

/** `lif`: leaky integrate-and-fire, spikes. `li`: leaky integrator, never spikes; the readouts. */
export type Model = "lif" | "li";

/** Values of one parameter, one per neuron. */
export type PerNeuron = Float64Array;

/**
 * A group of neurons, every parameter given per neuron, shape [size].
 *
 *   tauMem dV/dt = −V + I + bias        tauSyn dI/dt = −I
 *
 * Times are in ms. V, I, threshold, reset, bias and weights share one unit.
 */
export interface Population {
  readonly name: string;
  readonly size: number;
  readonly model: Model;
  readonly tauMem: PerNeuron;
  readonly tauSyn: PerNeuron;
  /** V that makes a `lif` neuron spike when it is reached from below; unused in `li`. */
  readonly threshold: PerNeuron;
  /** V right after a spike; unused in `li`. */
  readonly reset: PerNeuron;
  readonly bias: PerNeuron;
  /** V and I at time 0. */
  readonly v0: PerNeuron;
  readonly i0: PerNeuron;
}

/** All-to-all connections from one population (or the input, named "input") to another. */
export interface Projection {
  readonly from: string;
  readonly to: string;
  /** Jump of the postsynaptic current, shape [post][pre], row-major. */
  readonly weight: Float64Array;
  /** ms; one number for all synapses, or shape [post][pre], row-major. */
  readonly delay: number | Float64Array;
}

export interface Network {
  readonly inputChannels: number;
  readonly populations: readonly Population[];
  readonly projections: readonly Projection[];
}

/** Spikes of a trial: `times` (ms) ascending, `sources[k]` the channel or neuron that sent spike k. */
export interface SpikeTrain {
  readonly times: Float64Array;
  readonly sources: Int32Array;
}

/** More neurons or channels than this is taken for a mistake: it would fill the memory with parameters. */
export const mostNeurons = 2 ** 20;

/** Name by which projections refer to the input channels. */
export const inputName = "input";
