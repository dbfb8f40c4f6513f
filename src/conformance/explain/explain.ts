/** Where a result leaves what it is held against: the first spike, the states there, and the adjoint jump by jump. */

import { ConfigError } from "../../base/errors.ts";
import type { Result } from "../../format/result.ts";
import type { Tensor } from "../../format/tensor.ts";
import type { Case } from "../../model/case.ts";
import type { Population } from "../../model/network.ts";
import type { Simulation } from "../../model/solution.ts";
import { compareResult } from "../compare/compare.ts";
import { comparisonOf } from "../compare/comparison.ts";
import {
  type Divergence,
  earlierOf,
  type Match,
  malformed,
  matchSpikes,
  timeOf,
  within,
} from "../compare/spikes.ts";
import { resultReference } from "../reference/references.ts";
import type { State } from "../twin/membrane.ts";

/** One spike in the backward pass. */
export interface Jump {
  readonly population: string;
  /** Number of the spike in its population. */
  readonly index: number;
  readonly neuron: number;
  /** ms */
  readonly time: number;
  /** τm dV/dt = I − V (+ bias), by which the jump is divided. */
  readonly slope: number;
  /** Total derivative of the loss with respect to the spike's time. */
  readonly derivative: number;
  /** λ_V before the spike, in forward time: derivative / slope. */
  readonly lambdaV: number;
}

/** What a result is held against when the question is where it goes wrong. */
export interface Standard {
  readonly spikes: Simulation["spikes"];
  /** Those without any time step. */
  readonly exactSpikes: Simulation["spikes"];
  /** ms within which a spike is the same. */
  readonly nearness: number;
  /** Of a neuron just before it may spike at `time` (ms), the spikes of all neurons until then being those given. */
  stateAt(spikes: Simulation["spikes"], population: Population, neuron: number, time: number): State;
  /** Latest first; empty without a loss. */
  readonly jumps: readonly Jump[];
  /** Loss, readout and gradients. */
  readonly numbers: Result;
}

export interface Parting extends Divergence {
  readonly population: string;
  /** ms at which the states are given: that of the earlier of both spikes. */
  readonly time: number;
  /** ms of the neuron's spike of that number without any time step. */
  readonly exact: number | undefined;
  readonly threshold: number;
  /** By the standard's spikes until then, and by those found. */
  readonly right: State;
  readonly own: State;
}

/** A tensor of a result that is off, and what it should be. */
export interface WrongTensor {
  readonly name: string;
  /** How much, and what it looks like. */
  readonly message: string;
  readonly expected: Tensor;
  readonly found: Float64Array;
}

export interface Explanation {
  readonly parting: Parting | undefined;
  /** Worst first; empty where spikes differ. */
  readonly wrong: readonly WrongTensor[];
  /** Latest first, with the derivative in the result if it has it and the spikes agree. */
  readonly jumps: readonly (Jump & { readonly found: number | undefined })[];
}

/** @throws ConfigError spikes that cannot be read, or are none of this case's neurons */
export function explain(problem: Case, result: Result, standard: Standard): Explanation {
  const spikes = spikesOf(problem, result);
  const matches = new Map<string, Match>();
  let first: (Divergence & { population: string }) | undefined;
  for (const [population, its] of Object.entries(standard.spikes)) {
    const match = matchSpikes(within(its, standard.nearness), spikes[population]!);
    matches.set(population, match);
    first = earlierOf(first, match.divergence && { ...match.divergence, population });
  }
  if (first) {
    const jumps = standard.jumps.map((jump) => ({ ...jump, found: undefined }));
    return { parting: partingOf(problem, standard, spikes, first), wrong: [], jumps };
  }
  const jumps = standard.jumps.map((jump) => {
    const { population, index } = jump;
    const found = result.gradients.tensors.get(`spike_times.${population}`)?.values;
    return { ...jump, found: found?.[matches.get(population)!.partners[index]!] };
  });
  return { parting: undefined, wrong: wrongTensors(problem, result, standard), jumps };
}

/** Of its norm, by which a tensor that is looked at may be off. */
const share = 1e-5;

function wrongTensors(problem: Case, result: Result, { numbers, nearness }: Standard): WrongTensor[] {
  const reference = resultReference(numbers, { milliseconds: nearness, share });
  const own = result.gradients.tensors;
  const comparison = comparisonOf(problem, { wanted: (name) => own.has(name) });
  const parts = compareResult({ ...reference, partial: true }, result, comparison);
  const off = parts.flatMap(({ name, status, error = 0, tolerance = 0, message = "" }) => {
    const expected = name === "readout" ? numbers.readout : numbers.gradients.tensors.get(name);
    const found = (name === "readout" ? result.readout : own.get(name))?.values;
    if (status !== "fail" || !expected || !found) return [];
    return [{ weight: error / Math.max(tolerance, Number.MIN_VALUE), name, message, expected, found }];
  });
  return off.sort((a, b) => b.weight - a.weight).map(({ weight: _, ...tensor }) => tensor);
}

function partingOf(
  { network }: Case,
  standard: Standard,
  found: Simulation["spikes"],
  parting: Divergence & { population: string },
): Parting {
  const { population: name, neuron, ordinal } = parting;
  const population = network.populations.find((one) => one.name === name)!;
  const time = timeOf(parting);
  const { times, neurons } = standard.exactSpikes[name]!;
  return {
    ...parting,
    time,
    exact: times.filter((_, k) => neurons[k] === neuron)[ordinal],
    threshold: population.threshold[neuron]!,
    right: standard.stateAt(standard.spikes, population, neuron, time),
    own: standard.stateAt(found, population, neuron, time),
  };
}

/** A population that is left out is silent. */
function spikesOf({ network }: Case, { spikes, unreadable }: Result): Simulation["spikes"] {
  for (const [name, reason] of unreadable) if (name.startsWith("spikes.")) throw new ConfigError(reason);
  const lists: Record<string, Simulation["spikes"][string]> = {};
  for (const { name, model, size } of network.populations) {
    if (model === "li") continue;
    const found = spikes.get(name) ?? { times: new Float64Array(), neurons: new Float64Array() };
    const wrong =
      malformed(found) ?? (found.neurons.some((n) => n >= size) && `expected neurons below ${size}`);
    if (wrong) throw new ConfigError(`result.json: spikes.${name}: ${wrong}`);
    lists[name] = { times: found.times, neurons: Int32Array.from(found.neurons) };
  }
  return lists;
}
