/** Problems made from others, of which the answer follows from theirs. */
import type { Case } from "../../../src/model/case.ts";
import type { Loss, VoltageTerm } from "../../../src/model/losses.ts";
import type { Network, Population, Projection } from "../../../src/model/network.ts";
import { parameterNames, parameters } from "../../../src/model/parameters.ts";

type Tensor = Population["tauMem"];

/** Of those parameters of a population that are in one unit. */
function scaledParameters(population: Population, factor: number, unit: "voltage" | "time"): Population {
  const those = parameterNames.filter((name) =>
    unit === "time" ? parameters[name].legal === "time" : parameters[name].scale === "voltage",
  );
  const scaled = those.map((name) => [name, times(population[name], factor)]);
  return { ...population, ...Object.fromEntries(scaled) };
}

export function withNetwork(problem: Case, change: (network: Network) => Partial<Network>): Case {
  return { ...problem, network: { ...problem.network, ...change(problem.network) } };
}

export function times(values: Tensor, factor: number): Tensor {
  return values.map((value) => value * factor);
}

/** Everything in the unit of V multiplied: no spike moves, and a linear loss stays what it was. */
export function scaledVoltages(problem: Case, factor: number): Case {
  const loss = withTerms(problem.loss, (term) => ({ ...term, factor: term.factor / factor }));
  return withNetwork({ ...problem, loss }, ({ populations, projections }) => ({
    populations: populations.map((p) => scaledParameters(p, factor, "voltage")),
    projections: projections.map((p) => ({ ...p, weight: times(p.weight, factor) })),
  }));
}

function withTerms(loss: Loss, change: (term: VoltageTerm) => VoltageTerm): Loss {
  return loss.kind === "linear" ? { ...loss, voltages: loss.voltages?.map(change) } : loss;
}

/** Its own times mapped: targets of spikes, and when it looks at voltages. */
function withTimes(loss: Loss, map: (time: number) => number): Loss {
  if (loss.kind === "spike_time_mse") return { ...loss, targets: loss.targets.map((all) => all.map(map)) };
  return withTerms(loss, (term) => ({ ...term, time: map(term.time) }));
}

/** Everything in ms multiplied, the loss's own times included; a linear loss stays what it was. */
export function scaledTimes(problem: Case, factor: number): Case {
  const moved = withTimes(problem.loss, (time) => time * factor);
  const spikeTimes = (all: Readonly<Record<string, readonly number[]>>) =>
    Object.fromEntries(Object.entries(all).map(([name, own]) => [name, own.map((a) => a / factor)]));
  const scaledLoss: Loss =
    moved.kind === "linear" ? { ...moved, spikeTimes: spikeTimes(moved.spikeTimes ?? {}) } : moved;
  const scaled = withNetwork(problem, ({ populations, projections }) => ({
    populations: populations.map((p) => scaledParameters(p, factor, "time")),
    projections: projections.map((p) => ({
      ...p,
      delay: typeof p.delay === "number" ? p.delay * factor : times(p.delay, factor),
    })),
  }));
  const input = { ...problem.input, times: times(problem.input.times, factor) };
  return { ...scaled, duration: problem.duration * factor, input, loss: scaledLoss };
}

/** V = bias and I = 0 at time 0, with no bias that fires a neuron: nothing happens until the first arrival. */
export function atRest(problem: Case): Case {
  return withNetwork(problem, ({ populations }) => ({
    populations: populations.map((p) => {
      const bias = p.bias.map((value, j) => (value < p.threshold[j]! - 0.05 ? value : 0));
      return { ...p, bias, v0: bias, i0: times(p.i0, 0) };
    }),
  }));
}

/** All input `by` ms later in a trial that much longer, and so the loss's own times. */
export function shifted(problem: Case, by: number): Case {
  const { loss, input, duration } = problem;
  const moved = withTimes(loss, (time) => time + by);
  const later = { ...input, times: input.times.map((time) => time + by) };
  return { ...problem, duration: duration + by, input: later, loss: moved };
}

/** Neuron k of each population becomes what neuron `order(population)[k]` was; the loss follows. */
export function permuted(problem: Case, order: (population: string) => readonly number[]): Case {
  const { loss, network } = problem;
  const sizeOf = (name: string) => network.populations.find((p) => p.name === name)?.size;
  const identity = Array.from({ length: network.inputChannels }, (_, k) => k);
  const of = (name: string) => (sizeOf(name) === undefined ? identity : order(name));
  const pick = (values: Tensor, indices: readonly number[]) =>
    Float64Array.from(indices, (index) => values[index]!);
  const moved = withNetwork(problem, ({ populations, projections }) => ({
    populations: populations.map((p) => ({
      ...p,
      ...Object.fromEntries(parameterNames.map((name) => [name, pick(p[name], of(p.name))])),
    })),
    projections: projections.map((p) => {
      const [post, pre] = [of(p.to), of(p.from)];
      const synapses = post.flatMap((j) => pre.map((i) => j * pre.length + i));
      const delay = typeof p.delay === "number" ? p.delay : pick(p.delay, synapses);
      return { ...p, weight: pick(p.weight, synapses), delay };
    }),
  }));
  if (loss.kind === "linear") {
    const terms = withTerms(loss, (term) => ({
      ...term,
      neuron: of(term.population).indexOf(term.neuron),
    }));
    return { ...moved, loss: terms };
  }
  const name = "population" in loss ? loss.population : undefined;
  if (loss.kind === "none" || name === undefined) return moved;
  if (loss.kind === "spike_time_mse")
    return { ...moved, loss: { ...loss, targets: of(name).map((k) => loss.targets[k]!) } };
  return { ...moved, loss: { ...loss, target: of(name).indexOf(loss.target) } };
}

/** Adds projections behind the others. */
export function withProjections(problem: Case, ...added: Projection[]): Case {
  return withNetwork(problem, ({ projections }) => ({ projections: [...projections, ...added] }));
}
