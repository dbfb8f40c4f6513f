/** From the populations and projections of a case file to a network, shapes and values checked. */

import { checkDelay, checkEnds, checkPopulations } from "../model/checkNetwork.ts";
import type { Network, Population, Projection } from "../model/network.ts";
import { mapParameters, parameters } from "../model/parameters.ts";
import { type ArraySource, type RawArray, readArray } from "./arrays.ts";
import type { RawPopulation, RawProjection } from "./networkSchema.ts";

type Path = readonly PropertyKey[];

/**
 * @param path where the object with the keys `populations` and `projections` is
 * @throws ConfigError for a wrong shape, and whatever the checks of checkNetwork.ts find
 */
export function parseNetwork(
  inputChannels: number,
  rawPopulations: readonly RawPopulation[],
  rawProjections: readonly RawProjection[],
  path: Path,
  from: ArraySource,
): Network {
  const populations = rawPopulations.map((raw, k) => parsePopulation(raw, [...path, "populations", k], from));
  checkPopulations(populations, {
    source: from.source,
    path,
    place: (k, key, j) => {
      const name = parameters[key].file;
      return typeof rawPopulations[k]![name] === "number" ? [name] : [name, j];
    },
  });
  const projections = rawProjections.map((raw, k) =>
    parseProjection(raw, inputChannels, populations, [...path, "projections", k], from),
  );
  return { inputChannels, populations, projections };
}

function parsePopulation(raw: RawPopulation, path: Path, from: ArraySource): Population {
  const { name, size, model } = raw;
  const values = mapParameters((key) => {
    const { file } = parameters[key];
    return readPerNeuron(raw[file], [...path, file], size, from);
  });
  return { name, size, model, ...values };
}

function readPerNeuron(raw: number | RawArray, path: Path, size: number, from: ArraySource): Float64Array {
  return typeof raw === "number" ? new Float64Array(size).fill(raw) : readArray(raw, path, [size], from);
}

function parseProjection(
  raw: RawProjection,
  inputChannels: number,
  populations: readonly Population[],
  path: Path,
  from: ArraySource,
): Projection {
  checkEnds(raw, populations, path, from.source);
  const sizeOf = (name: string) => populations.find((population) => population.name === name)?.size;
  const shape = [sizeOf(raw.to)!, sizeOf(raw.from) ?? inputChannels];
  const weight = readArray(raw.weight, [...path, "weight"], shape, from);
  const delay =
    typeof raw.delay === "number" ? raw.delay : readArray(raw.delay, [...path, "delay"], shape, from);
  const projection = { from: raw.from, to: raw.to, weight, delay };
  checkDelay(projection, shape[1]!, [...path, "delay"], from.source);
  return projection;
}
