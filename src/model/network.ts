/** What a network is: populations of neurons, and projections between them, as plain data. */
import { type Model, mapParameters, type Parameters, type PerNeuron } from "./parameters.ts";

/**
 * A group of neurons, every parameter given per neuron, shape [size].
 *
 *   tauMem dV/dt = −V + I + bias        tauSyn dI/dt = −I
 *
 * Times are in ms. V, I, threshold, reset, bias and weights share one unit.
 */
export interface Population extends PopulationParameters {
  /** Unique in the network; not "input". */
  readonly name: string;
  /** Neurons. */
  readonly size: number;
  /** Whether its neurons spike. */
  readonly model: Model;
}

/** Every parameter of a population, shape [size] each; see `parameters` for units and defaults. */
export type PopulationParameters = { readonly [P in keyof Parameters]: PerNeuron };

/** All-to-all connections from one population (or the input, named "input") to another. */
export interface Projection {
  /** Name of the population that sends, or "input". */
  readonly from: string;
  /** Name of the population that receives. */
  readonly to: string;
  /** Jump of the postsynaptic current, shape [post][pre], row-major. */
  readonly weight: Float64Array;
  /** ms; one number for all synapses, or shape [post][pre], row-major. */
  readonly delay: number | Float64Array;
}

/** Populations, and what joins them. Build one with `buildNetwork`, which checks it. */
export interface Network {
  /** Channels of the input; sources of input spikes are 0 … inputChannels − 1. */
  readonly inputChannels: number;
  /** In the order in which neurons that cross at one instant emit. */
  readonly populations: readonly Population[];
  /** Any population may project to any other and to itself; all into a neuron share its tauSyn. */
  readonly projections: readonly Projection[];
}

/** Spikes of the input of a trial. */
export interface SpikeTrain {
  /** ms, ascending, in [0, duration). */
  readonly times: Float64Array;
  /** The channel that sent each spike. */
  readonly sources: Int32Array;
}

/** With arrays of its own. */
export function copyNetwork({ inputChannels, populations, projections }: Network): Network {
  return {
    inputChannels,
    populations: populations.map((population) => ({
      ...population,
      ...mapParameters((key) => Float64Array.from(population[key])),
    })),
    projections: projections.map(({ weight, delay, ...ends }) => ({
      ...ends,
      weight: Float64Array.from(weight),
      delay: typeof delay === "number" ? delay : Float64Array.from(delay),
    })),
  };
}

/** Neurons that send over a projection. */
export function preOf({ inputChannels, populations }: Network, { from }: Pick<Projection, "from">): number {
  return populations.find(({ name }) => name === from)?.size ?? inputChannels;
}

/** More neurons or channels than this is taken for a mistake: it would fill the memory with parameters. */
export const mostNeurons = 2 ** 20;

/** More synapses than this do not fit into a kernel's memory with their gradients, nor their result into a file. */
export const mostSynapses = 2 ** 26;

/** Name by which projections refer to the input channels. */
export const inputName = "input";
