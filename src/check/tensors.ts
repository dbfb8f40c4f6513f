/** Every tensor of a case that has a gradient, to be perturbed. */
import type { Case } from "../model/case.ts";
import { inputName, type Population, type Projection } from "../model/network.ts";
import { type Parameter, parameterComplaint, parameters, parametersOf } from "../model/parameters.ts";
import type { Gradients, PopulationGradient, ProjectionGradient } from "../model/solution.ts";
import { inputTimesName, parameterName, synapsesName } from "../model/tensors.ts";

/** With what perturbing one of its entries needs to know. */
export interface Tensor {
  /** As in a result file. */
  readonly name: string;
  readonly values: Float64Array;
  readonly gradient: Float64Array;
  /** How much entry k changes where something changes; the step is a small fraction of it. Same unit as the entry. */
  scale(k: number): number;
  /** Whether entry k may have this value, all other entries as they are. */
  allows(k: number, value: number): boolean;
  /** Whether there is a case that is as if entry k had this value, if that is more than `allows`. */
  emulates?(k: number, value: number): boolean;
  /** Where entry k is within the tensor, e.g. `[3][17]`. */
  place(k: number): string;
  /** The case with these values in the tensor. */
  withValues(values: Float64Array): Case;
}

/** Each projection's weight and delay, each population's parameters, then the input times. */
export function tensorsOf(problem: Case, gradients: Gradients): Tensor[] {
  const { populations, projections } = problem.network;
  return [
    ...projections.flatMap((_, index) => projectionTensors(problem, index, gradients.projections[index]!)),
    ...populations.flatMap((_, index) => populationTensors(problem, index, gradients.populations[index]!)),
    inputTimes(problem, gradients.inputTimes),
  ];
}

function inputTimes(problem: Case, gradient: Float64Array): Tensor {
  const { times } = problem.input;
  const shortest = problem.network.populations.map(({ tauMem, tauSyn }) =>
    Math.min(smallest(tauMem), smallest(tauSyn)),
  );
  const scale = Math.min(...shortest);
  return {
    name: inputTimesName,
    values: times,
    gradient,
    scale: () => scale,
    allows: (_, time) => time >= 0 && time < problem.duration,
    place: (k) => `[${k}]`,
    withValues: (moved) => withTimes(problem, moved),
  };
}

function withTimes(problem: Case, times: Float64Array): Case {
  const order = Array.from(times.keys()).sort((a, b) => times[a]! - times[b]!);
  const input = {
    times: Float64Array.from(order, (k) => times[k]!),
    sources: Int32Array.from(order, (k) => problem.input.sources[k]!),
  };
  return { ...problem, input };
}

/** `index` is the projection's place in the network. A delay given as a number is perturbed synapse by synapse. */
function projectionTensors(problem: Case, index: number, gradient: ProjectionGradient): Tensor[] {
  const { network } = problem;
  const projection = network.projections[index]!;
  const { weight } = projection;
  const post = network.populations.find(({ name }) => name === projection.to)!;
  const pre = weight.length / post.size;
  const place = (k: number): string => `[${Math.floor(k / pre)}][${k % pre}]`;
  const withProjection = (changed: Projection): Case => {
    const projections = network.projections.map((other, k) => (k === index ? changed : other));
    return { ...problem, network: { ...network, projections } };
  };
  const typicalWeight = rootMeanSquare(weight) || 1;
  const shortest = Math.min(smallest(post.tauMem), smallest(post.tauSyn));
  return [
    {
      name: synapsesName(index, "weight"),
      values: weight,
      gradient: gradient.weight,
      scale: (k) => Math.max(Math.abs(weight[k]!), typicalWeight),
      allows: () => true,
      place,
      withValues: (weights) => withProjection({ ...projection, weight: weights }),
    },
    {
      name: synapsesName(index, "delay"),
      values: delaysOf(projection),
      gradient: gradient.delay,
      scale: () => shortest,
      allows: (_, value) => value >= 0,
      emulates: (k, value) => value >= -ahead(problem, projection, k % pre),
      place,
      withValues: (delays) => {
        const negative = delays.findIndex((value) => value < 0);
        if (negative < 0) return withProjection({ ...projection, delay: delays });
        return sentEarlier(
          withProjection({ ...projection, delay: delays }),
          negative % pre,
          -delays[negative]!,
        );
      },
    },
  ];
}

function delaysOf({ weight, delay }: Projection): Float64Array {
  return typeof delay === "number" ? new Float64Array(weight.length).fill(delay) : delay;
}

/** How far all spikes of a channel can be moved forward, ms; a neuron's cannot. */
function ahead({ input }: Case, { from }: Projection, channel: number): number {
  if (from !== inputName) return 0;
  const first = input.sources.indexOf(channel);
  return first < 0 ? 0 : input.times[first]!;
}

/** The same arrivals, but that a channel sends its spikes earlier (ms), and each of its synapses keeps them longer. */
function sentEarlier(problem: Case, channel: number, by: number): Case {
  const { network, input } = problem;
  const times = input.times.map((time, k) => (input.sources[k] === channel ? time - by : time));
  const projections = network.projections.map((projection) => {
    if (projection.from !== inputName) return projection;
    const pre = network.inputChannels;
    const delay = delaysOf(projection).map((value, k) => (k % pre === channel ? value + by : value));
    return { ...projection, delay };
  });
  return { ...withTimes(problem, times), network: { ...network, projections } };
}

/** `index` is the population's place in the network. Of the parameters that populations of its model have. */
function populationTensors(problem: Case, index: number, gradient: PopulationGradient): Tensor[] {
  const population = problem.network.populations[index]!;
  const voltage = population.model === "lif" ? rootMeanSquare(population.threshold) || 1 : 1;
  return parametersOf(population.model).map((name): Tensor => {
    const values = population[name];
    const isOwn = parameters[name].scale === "own";
    return {
      name: parameterName(population.name, name),
      values,
      gradient: gradient[name]!,
      scale: (k) => (isOwn ? Math.abs(values[k]!) : Math.max(Math.abs(values[k]!), voltage)),
      allows: (k, value) => isLegal(population, k, name, value),
      place: (k) => `[${k}]`,
      withValues: (changed) => withPopulation(problem, index, { ...population, [name]: changed }),
    };
  });
}

/** Whether neuron k is a legal one with another value of one parameter: others may have to be below it. */
function isLegal(population: Population, k: number, changed: Parameter, value: number): boolean {
  const perturbed = (name: Parameter): number => (name === changed ? value : population[name][k]!);
  const threshold = { value: perturbed("threshold"), neuron: k };
  return parametersOf(population.model).every(
    (name) => parameterComplaint(name, population.model, perturbed(name), threshold) === undefined,
  );
}

function withPopulation(problem: Case, index: number, changed: Population): Case {
  const populations = problem.network.populations.map((other, k) => (k === index ? changed : other));
  return { ...problem, network: { ...problem.network, populations } };
}

function rootMeanSquare(values: Float64Array): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length);
}

function smallest(values: Float64Array): number {
  return values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
}
