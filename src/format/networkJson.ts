/** A network as files have it, all arrays inline. */
import { type Network, preOf } from "../model/network.ts";
import { type FileName, type Parameter, parameters, parametersOf } from "../model/parameters.ts";
import type { JsonTree } from "./jsonChunks.ts";

/** Parameters that not all populations have may be missing. */
type ParametersOf<List> = { [P in Parameter as FileName<P>]?: List } & {
  [P in "tauMem" | "tauSyn" as FileName<P>]: List;
};

/** Populations and projections of a case or of a network; what `list` makes of a row of numbers is what they hold. */
export function networkParts<List>(network: Network, list: (values: Float64Array) => List) {
  const rows = (values: Float64Array, columns: number) =>
    Array.from({ length: values.length / columns }, (_, row) =>
      list(values.subarray(row * columns, (row + 1) * columns)),
    );
  return {
    populations: network.populations.map((population) => ({
      name: population.name,
      size: population.size,
      model: population.model,
      ...(Object.fromEntries(
        parametersOf(population.model).map((key) => [parameters[key].file, list(population[key])]),
      ) as ParametersOf<List>),
    })),
    projections: network.projections.map(({ from, to, weight, delay }) => {
      const pre = preOf(network, { from });
      return {
        from,
        to,
        weight: rows(weight, pre),
        delay: typeof delay === "number" ? delay : rows(delay, pre),
      };
    }),
  };
}

/** For `jsonChunks`; format `goldspike/network@1`. */
export function networkJson(network: Network): { readonly [key: string]: JsonTree } {
  return {
    format: "goldspike/network@1",
    time_unit: "ms",
    input_channels: network.inputChannels,
    ...(networkParts(network, (values) => values) as { readonly [key: string]: JsonTree }),
  };
}
