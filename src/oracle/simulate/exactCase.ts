/** A case in fixed point, every default and scalar spelt out per neuron and per synapse, entries free to be perturbed. */
import type { Case } from "../../model/case.ts";
import type { Loss } from "../../model/losses.ts";
import { inputName } from "../../model/network.ts";
import type { Model, Parameter } from "../../model/parameters.ts";
import type { Arithmetic } from "./fixed.ts";

/** Those that this simulator knows: a parameter more must be given its dynamics here. */
const known: Readonly<Record<Parameter, true>> = {
  tauMem: true,
  tauSyn: true,
  threshold: true,
  reset: true,
  bias: true,
  v0: true,
  i0: true,
};
export type NeuronParameter = keyof typeof known;
export const neuronParameters = Object.keys(known) as NeuronParameter[];

export type ExactPopulation = Record<NeuronParameter, bigint[]> & {
  readonly name: string;
  readonly size: number;
  readonly model: Model;
};

interface ExactProjection {
  /** Index of a population, −1 for the input. */
  readonly from: number;
  readonly to: number;
  readonly preCount: number;
  /** [post][pre], row-major. */
  readonly weight: bigint[];
  readonly delay: bigint[];
}

/** Numbers of a loss; 0 where it has none of that name. */
interface LossConstants {
  readonly tau0: bigint;
  readonly tau1: bigint;
  readonly alpha: bigint;
  readonly targets: readonly (readonly bigint[])[];
  /** By population, a factor a spike; undefined where its spikes do not count. */
  readonly spikeFactors: readonly (readonly bigint[] | undefined)[];
  readonly looks: readonly Look[];
}

/** A fixed time at which a loss looks at a neuron's V; at an event's own time, just before it. */
export interface Look {
  /** Index. */
  readonly population: number;
  readonly neuron: number;
  readonly time: bigint;
  /** ∂L/∂V there. */
  readonly factor: bigint;
}

export interface ExactCase {
  readonly math: Arithmetic;
  readonly duration: bigint;
  readonly populations: readonly ExactPopulation[];
  readonly projections: readonly ExactProjection[];
  readonly inputTimes: bigint[];
  readonly inputSources: readonly number[];
  readonly loss: Loss;
  /** In place of those in `loss`. */
  readonly constants: LossConstants;
}

export function exactCase(given: Case, math: Arithmetic): ExactCase {
  const { network, input } = given;
  const exact = (values: Iterable<number>): bigint[] => Array.from(values, math.from);
  const indexOf = (name: string): number => {
    const index = network.populations.findIndex((population) => population.name === name);
    if (index < 0 && name !== inputName) throw new Error(`no population is named ${name}`);
    return index;
  };
  return {
    math,
    duration: math.from(given.duration),
    populations: network.populations.map((population) => ({
      name: population.name,
      size: population.size,
      model: population.model,
      tauMem: exact(population.tauMem),
      tauSyn: exact(population.tauSyn),
      threshold: exact(population.threshold),
      reset: exact(population.reset),
      bias: exact(population.bias),
      v0: exact(population.v0),
      i0: exact(population.i0),
    })),
    projections: network.projections.map(({ from, to, weight, delay }) => ({
      from: indexOf(from),
      to: indexOf(to),
      preCount: from === inputName ? network.inputChannels : network.populations[indexOf(from)]!.size,
      weight: exact(weight),
      delay: typeof delay === "number" ? exact(Array(weight.length).fill(delay)) : exact(delay),
    })),
    inputTimes: exact(input.times),
    inputSources: Array.from(input.sources),
    loss: given.loss,
    constants: lossConstants(
      given.loss,
      network.populations.map(({ name }) => name),
      exact,
    ),
  };
}

function lossConstants(
  loss: Loss,
  names: readonly string[],
  exact: (values: Iterable<number>) => bigint[],
): LossConstants {
  const none = { tau0: 0, tau1: 0, alpha: 0 };
  const { tau0, tau1 = tau0, alpha } = loss.kind === "first_spike" ? loss : none;
  const [first, second, third] = exact([tau0, tau1, alpha]) as [bigint, bigint, bigint];
  const targets = loss.kind === "spike_time_mse" ? loss.targets.map(exact) : [];
  const { spikeTimes = {}, voltages = [] } = loss.kind === "linear" ? loss : {};
  const spikeFactors = names.map((name) => spikeTimes[name] && exact(spikeTimes[name]));
  const looks = voltages.map(({ population, neuron, time, factor }): Look => {
    const [at, pull] = exact([time, factor]) as [bigint, bigint];
    return { population: names.indexOf(population), neuron, time: at, factor: pull };
  });
  return { tau0: first, tau1: second, alpha: third, targets, spikeFactors, looks };
}
