/** Parameters of a population, as tensors to perturb. */
import type { Case } from "../model/case.ts";
import type { Population } from "../model/network.ts";
import type { PopulationGradient } from "../model/solution.ts";
import { rootMeanSquare, type Tensor } from "./tensor.ts";

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
export function populationTensors(problem: Case, index: number, gradient: PopulationGradient): Tensor[] {
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
