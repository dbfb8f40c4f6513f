/** Random losses, and targets for those that need the spikes to be known. */
import fc from "fast-check";
import type { Case } from "../../../src/model/case.ts";
import type { Loss } from "../../../src/model/losses.ts";
import type { PopulationSpikes } from "../../../src/model/solution.ts";
import { decimal, type Outline, outputName } from "./arbitraries.ts";

export function losses({ kind, layers, outputs }: Outline): fc.Arbitrary<Loss> {
  const target = fc.nat(outputs - 1);
  const last = `layer${layers.length - 1}`;
  switch (kind) {
    case "integral_cross_entropy":
      return fc.record({
        kind: fc.constant(kind),
        weighting: fc.constantFrom("uniform", "exponential", "linear", "sigmoid"),
        target,
        population: fc.constantFrom(undefined, outputName),
      });
    case "max_cross_entropy":
    case "average_cross_entropy":
      return fc.record({ kind: fc.constant(kind), target });
    case "first_spike":
      return fc.record({
        kind: fc.constant(kind),
        population: fc.constant(last),
        tau0: decimal(0.5, 4),
        tau1: decimal(10, 30),
        alpha: decimal(0.001, 0.3),
        penalty: fc.constantFrom("exponential", "hyperbolic"),
        target: fc.nat(layers.at(-1)! - 1),
      });
    case "spike_time_mse":
      return fc.constant({ kind, population: last, targets: [] });
    case "linear":
      return fc.constant({ kind, spikeTimes: {}, voltages: [] });
    case "none":
      return fc.constant({ kind });
  }
}

/** The problem with a target within 2 ms of every spike, if its loss wants targets. */
export function withTargets(problem: Case, spikes: Readonly<Record<string, PopulationSpikes>>): Case {
  if (problem.loss.kind !== "spike_time_mse") return problem;
  const { population: name } = problem.loss;
  const { size } = problem.network.populations.find((population) => population.name === name)!;
  const { times, neurons } = spikes[name]!;
  const targets = Array.from({ length: size }, (): number[] => []);
  times.forEach((time, k) => {
    targets[neurons[k]!]!.push(Math.round(10 * time) / 10 + (((7 * k) % 5) - 2) * 0.5);
  });
  for (const own of targets) own.sort((a, b) => a - b);
  return { ...problem, loss: { ...problem.loss, targets } };
}
