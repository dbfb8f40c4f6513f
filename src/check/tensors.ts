/** Every tensor of a case that has a gradient, to be perturbed. */
import type { Case } from "../model/case.ts";
import type { Population, Projection } from "../model/network.ts";
import type { Gradients, PopulationGradient, ProjectionGradient } from "../model/solution.ts";

/** With what perturbing one of its entries needs to know. */
export interface Tensor {
  /** Its JSON path, or population and parameter. */
  readonly name: string;
  readonly values: Float64Array;
  readonly gradient: Float64Array;
  /** How much entry k changes where something changes; the step is a small fraction of it. Same unit as the entry. */
  scale(k: number): number;
  /** Whether entry k may have this value, all other entries as they are. */
  allows(k: number, value: number): boolean;
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
  const { times, sources } = problem.input;
  const shortest = problem.network.populations.map(({ tauMem, tauSyn }) =>
    Math.min(smallest(tauMem), smallest(tauSyn)),
  );
  const scale = Math.min(...shortest);
  return {
    name: "input.times",
    values: times,
    gradient,
    scale: () => scale,
    allows: (_, time) => time >= 0 && time < problem.duration,
    place: (k) => `[${k}]`,
    withValues: (moved) => {
      const order = Array.from(moved.keys()).sort((a, b) => moved[a]! - moved[b]!);
      const input = {
        times: Float64Array.from(order, (k) => moved[k]!),
        sources: Int32Array.from(order, (k) => sources[k]!),
      };
      return { ...problem, input };
    },
  };
}

/** `index` is the projection's place in the network. A delay given as a number is perturbed synapse by synapse. */
function projectionTensors(problem: Case, index: number, gradient: ProjectionGradient): Tensor[] {
  const { network } = problem;
  const projection = network.projections[index]!;
  const { weight, delay } = projection;
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
      name: `projections[${index}].weight`,
      values: weight,
      gradient: gradient.weight,
      scale: (k) => Math.max(Math.abs(weight[k]!), typicalWeight),
      allows: () => true,
      place,
      withValues: (weights) => withProjection({ ...projection, weight: weights }),
    },
    {
      name: `projections[${index}].delay`,
      values: typeof delay === "number" ? new Float64Array(weight.length).fill(delay) : delay,
      gradient: gradient.delay,
      scale: () => shortest,
      allows: (_, value) => value >= 0,
      place,
      withValues: (delays) => withProjection({ ...projection, delay: delays }),
    },
  ];
}

const fileKeys = {
  tauMem: "tau_mem",
  tauSyn: "tau_syn",
  threshold: "threshold",
  reset: "reset",
  bias: "bias",
  v0: "v0",
  i0: "i0",
} as const;

type Key = keyof typeof fileKeys;

/** `index` is the population's place in the network. Threshold and reset only of `lif` populations. */
function populationTensors(problem: Case, index: number, gradient: PopulationGradient): Tensor[] {
  const population = problem.network.populations[index]!;
  const voltage = population.model === "lif" ? rootMeanSquare(population.threshold) || 1 : 1;
  return (Object.keys(fileKeys) as Key[]).flatMap((key): Tensor[] => {
    const ofKey = gradient[key];
    if (ofKey === undefined) return [];
    const values = population[key];
    const isTau = key === "tauMem" || key === "tauSyn";
    return [
      {
        name: `${population.name}.${fileKeys[key]}`,
        values,
        gradient: ofKey,
        scale: (k) => (isTau ? values[k]! : Math.max(Math.abs(values[k]!), voltage)),
        allows: (k, value) => isLegal(population, k, key, value),
        place: (k) => `[${k}]`,
        withValues: (changed) => withPopulation(problem, index, { ...population, [key]: changed }),
      },
    ];
  });
}

/** Whether neuron k is a legal one with another value of one parameter. */
function isLegal(population: Population, k: number, key: Key, value: number): boolean {
  const perturbed = (other: Key): number => (other === key ? value : population[other][k]!);
  if (perturbed("tauMem") <= 0 || perturbed("tauSyn") <= 0) return false;
  const threshold = perturbed("threshold");
  return population.model === "li" || (perturbed("reset") < threshold && perturbed("v0") < threshold);
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
