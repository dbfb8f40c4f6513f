/** The names of what has a gradient, the same in results, checks, training and programs. */
import { ConfigError } from "../base/errors.ts";
import type { Network } from "./network.ts";
import { type Parameter, parameters, parametersOf } from "./parameters.ts";

/** What a tensor of parameters is of: places in the network's lists. */
export type TensorPlace =
  | { readonly kind: "weight" | "delay"; readonly projection: number }
  | { readonly kind: "parameter"; readonly population: number; readonly parameter: Parameter };

/** dL/d(time of an input spike). */
export const inputTimesName = "input_times";

export function synapsesName(projection: number, kind: "weight" | "delay"): string {
  return `projections[${projection}].${kind}`;
}

export function parameterName(population: string, parameter: Parameter): string {
  return `populations.${population}.${parameters[parameter].file}`;
}

/** The total derivatives by a population's spike times. */
export function spikeTimesName(population: string): string {
  return `spike_times.${population}`;
}

/** Every tensor of parameters by name, in the order of a result file: weights and delays, then the neurons' parameters. */
export function tensorPlaces({
  projections,
  populations,
}: {
  readonly projections: readonly unknown[];
  readonly populations: readonly Pick<Network["populations"][number], "name" | "model">[];
}): Map<string, TensorPlace> {
  const places = new Map<string, TensorPlace>();
  for (const projection of projections.keys())
    for (const kind of ["weight", "delay"] as const)
      places.set(synapsesName(projection, kind), { kind, projection });
  for (const [population, { name, model }] of populations.entries())
    for (const parameter of parametersOf(model))
      places.set(parameterName(name, parameter), { kind: "parameter", population, parameter });
  return places;
}

/** Names of the gradients that a whole result has, in its order. */
export function tensorNames(network: Network): string[] {
  const spiking = network.populations.filter(({ model }) => model === "lif");
  return [
    ...tensorPlaces(network).keys(),
    inputTimesName,
    ...spiking.map(({ name }) => spikeTimesName(name)),
  ];
}

/** @throws ConfigError if the network has no tensor of this name, with the names that it has */
export function tensorPlace(network: Network, name: string): TensorPlace {
  const places = tensorPlaces(network);
  const place = places.get(name);
  if (place) return place;
  throw new ConfigError(
    `gradients: expected ${[...places.keys()].map((known) => JSON.stringify(known)).join(" or ")}, got ${JSON.stringify(name)}`,
  );
}
