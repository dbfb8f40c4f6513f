/** From the loss of a case file to a loss that fits the network. */

import { complaint } from "../base/parseWith.ts";
import type { Loss } from "../model/loss.ts";
import type { Model, Network, Population } from "../model/network.ts";
import { type ArraySource, isBlob, type RawArray, readArray, readVector } from "./arrays.ts";
import type { RawLoss } from "./lossSchema.ts";

type Path = readonly PropertyKey[];

/** The model a loss reads: voltages of leaky integrators, or times of spikes. */
const modelOf = {
  integral_cross_entropy: "li",
  max_cross_entropy: "li",
  average_cross_entropy: "li",
  first_spike: "lif",
  spike_time_mse: "lif",
} as const satisfies Record<string, Model>;

/**
 * @throws ConfigError for a population that does not exist, is of the wrong model or is left out where several fit, for
 *   a target outside the population, and for target times that are not one ascending list per neuron
 */
export function parseLoss(raw: RawLoss, network: Network, path: Path, from: ArraySource): Loss {
  if (raw.kind === "none") return raw;
  const population = populationOf(raw, network, path, from);
  if (raw.kind === "spike_time_mse") {
    return { ...raw, targets: readTargets(raw.targets, population, [...path, "targets"], from) };
  }
  if (raw.target >= population.size) {
    const expected = `expected an integer below ${population.size}, the size of "${population.name}"`;
    throw complaint(from.source, [...path, "target"], expected, raw.target);
  }
  if (raw.kind !== "first_spike") return raw;
  const { tau1 = raw.penalty === "hyperbolic" ? raw.tau0 : undefined } = raw;
  if (tau1 === undefined) {
    throw complaint(from.source, [...path, "tau1"], "expected a positive number", tau1);
  }
  return { ...raw, tau1 };
}

function populationOf(
  raw: Exclude<RawLoss, { kind: "none" }>,
  network: Network,
  path: Path,
  from: ArraySource,
): Population {
  const model = modelOf[raw.kind];
  const candidates = network.populations.filter((population) => population.model === model);
  const matching = candidates.filter(({ name }) => raw.population === undefined || name === raw.population);
  const [population, another] = matching;
  if (population !== undefined && another === undefined) return population;
  const names = candidates.map(({ name }) => JSON.stringify(name)).join(" or ");
  const expected =
    names === "" ? `expected a network with a "${model}" population` : `expected ${names} ("${model}")`;
  throw complaint(from.source, [...path, "population"], expected, raw.population);
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
  throw complaint(
    from.source,
    [...path, bad],
    `expected a time ≥ the one before, ${times[bad - 1]}`,
    times[bad],
  );
}
