/** From the loss of a case file or of a program to a loss that fits the network. */
import type { z } from "zod";
import { complaint } from "../base/parseWith.ts";
import {
  type Linear,
  type Loss,
  losses,
  type PopulationLoss,
  type VoltageTerm,
  type Weighting,
} from "../model/losses.ts";
import type { Network, Population } from "../model/network.ts";
import { type ArraySource, isBlob, type RawArray, readArray, readVector } from "./arrays.ts";
import type { lossSchema } from "./lossSchema.ts";

type Path = readonly PropertyKey[];

/** A loss whose values are what they should be, with arrays as they were written, before it is compared with the network. */
export type RawLoss =
  | Of<"max_cross_entropy" | "average_cross_entropy" | "linear" | "none">
  | (Omit<Of<"integral_cross_entropy">, "weighting"> & { weighting: Weighting; tau_input?: number })
  | (Of<"first_spike"> & { phantom_spikes?: boolean })
  | (Of<"spike_time_mse"> & { extra_cost?: number; missing_cost?: number });

type Of<Kind> = Extract<z.output<typeof lossSchema>, { kind: Kind }>;

/**
 * @param duration of the trial, ms
 * @throws ConfigError for a population that does not exist, is of the wrong model or is left out where several fit, for
 *   a target outside the population, for target times that are not one ascending list per neuron, and for a neuron or a time
 *   that does not exist
 */
export function parseLoss(
  raw: RawLoss,
  network: Network,
  duration: number,
  path: Path,
  from: ArraySource,
): Loss {
  if (raw.kind === "none") return raw;
  if (raw.kind === "linear") return parseLinear(raw, network, duration, path, from);
  const population = populationOf(raw, network, path, from);
  if (raw.kind === "spike_time_mse") {
    const { extra_cost: extraCost, missing_cost: missingCost, ...rest } = raw;
    const targets = readTargets(raw.targets, population, [...path, "targets"], from);
    const costs = {
      ...(extraCost !== undefined && { extraCost }),
      ...(missingCost !== undefined && { missingCost }),
    };
    return { ...rest, targets, ...costs };
  }
  if (raw.target >= population.size) {
    const expected = `expected an integer below ${population.size}, the size of "${population.name}"`;
    throw complaint(from.source, [...path, "target"], expected, raw.target);
  }
  if (raw.kind === "integral_cross_entropy") {
    const { tau_input: tauInput, ...rest } = raw;
    return { ...rest, ...(tauInput !== undefined && { tauInput }) };
  }
  if (raw.kind !== "first_spike") return raw;
  const { phantom_spikes: phantomSpikes, ...rest } = raw;
  const { tau1 = raw.penalty === "hyperbolic" ? raw.tau0 : undefined } = raw;
  if (tau1 === undefined) throw complaint(from.source, [...path, "tau1"], "expected a positive number", tau1);
  return { ...rest, tau1, ...(phantomSpikes !== undefined && { phantomSpikes }) };
}

function populationOf(
  { kind, population: name }: Pick<PopulationLoss, "kind" | "population">,
  network: Network,
  path: Path,
  from: ArraySource,
): Population {
  const model = losses[kind].reads!;
  const candidates = network.populations.filter((population) => population.model === model);
  const matching = candidates.filter((candidate) => name === undefined || candidate.name === name);
  const [population, another] = matching;
  if (population !== undefined && another === undefined) return population;
  const names = candidates.map((candidate) => JSON.stringify(candidate.name)).join(" or ");
  const expected =
    names === "" ? `expected a network with a "${model}" population` : `expected ${names} ("${model}")`;
  throw complaint(from.source, [...path, "population"], expected, name);
}

function readTargets(raw: RawArray, population: Population, path: Path, from: ArraySource): number[][] {
  const { size, name } = population;
  if (isBlob(raw)) {
    const width = raw.shape[1] ?? 0;
    const values = readArray(raw, path, [size, width], from);
    const rows = Array.from({ length: size }, (_, k) => values.subarray(k * width, (k + 1) * width));
    return rows.map((times, k) => ascending(times, [...path, k], from));
  }
  if (raw.length !== size) {
    throw complaint(from.source, path, `expected ${size} lists of times, one per neuron of "${name}"`, raw);
  }
  return raw.map((times, k) => {
    if (!Array.isArray(times)) throw complaint(from.source, [...path, k], "expected a list of times", times);
    return ascending(readVector(times, [...path, k], from), [...path, k], from);
  });
}

function ascending(times: Float64Array, path: Path, from: ArraySource): number[] {
  const bad = times.findIndex((time, k) => k > 0 && time < times[k - 1]!);
  if (bad < 0) return [...times];
  const expected = `expected a time ≥ the one before, ${times[bad - 1]}`;
  throw complaint(from.source, [...path, bad], expected, times[bad]);
}

type RawLinear = Extract<RawLoss, { kind: "linear" }>;

function parseLinear(
  { spike_times = {}, voltages = [] }: RawLinear,
  { populations }: Network,
  duration: number,
  path: Path,
  from: ArraySource,
): Linear {
  const spiking = populations.filter(({ model }) => model === "lif");
  const factors = Object.entries(spike_times).map(([name, raw]) => {
    const place = [...path, "spike_times", name];
    if (!spiking.some((population) => population.name === name))
      throw complaint(from.source, place, `expected ${namesOf(spiking)} ("lif")`, name);
    return [name, Array.from(readVector(raw, place, from))] as const;
  });
  for (const [k, term] of voltages.entries())
    checkTerm(term, populations, duration, [...path, "voltages", k], from.source);
  return { kind: "linear", spikeTimes: Object.fromEntries(factors), voltages };
}

function checkTerm(
  { population: name, neuron, time }: VoltageTerm,
  populations: readonly Population[],
  duration: number,
  path: Path,
  source: string,
): void {
  const population = populations.find((one) => one.name === name);
  if (!population) throw complaint(source, [...path, "population"], `expected ${namesOf(populations)}`, name);
  if (neuron >= population.size)
    throw complaint(
      source,
      [...path, "neuron"],
      `expected an integer below ${population.size}, the size of "${name}"`,
      neuron,
    );
  if (!(time > 0 && time <= duration))
    throw complaint(source, [...path, "time"], `expected a time in (0, ${duration}]`, time);
}

function namesOf(populations: readonly Population[]): string {
  return (
    populations.map(({ name }) => JSON.stringify(name)).join(" or ") ||
    "no name, as there is no such population"
  );
}
