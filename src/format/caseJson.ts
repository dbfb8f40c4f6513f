/** A case as its file has it, all arrays inline. */
import type { Case } from "../model/case.ts";
import { preOf } from "../model/network.ts";
import { type FileName, type Parameter, parameters, parametersOf } from "../model/parameters.ts";
import { lossJson } from "./lossRules.ts";

/** Parameters that not all populations have may be missing. */
type ParametersJson = { [P in Parameter as FileName<P>]?: number[] } & {
  [P in "tauMem" | "tauSyn" as FileName<P>]: number[];
};

/** For `JSON.stringify`. */
export function caseJson({ network, input, duration, loss }: Case, name: string) {
  const rows = (values: Float64Array, columns: number) =>
    Array.from({ length: values.length / columns }, (_, row) =>
      Array.from(values.subarray(row * columns, (row + 1) * columns)),
    );
  return {
    format: "goldspike/case@1",
    name,
    time_unit: "ms",
    duration,
    input: {
      channels: network.inputChannels,
      times: Array.from(input.times),
      sources: Array.from(input.sources),
    },
    populations: network.populations.map((population) => ({
      name: population.name,
      size: population.size,
      model: population.model,
      ...(Object.fromEntries(
        parametersOf(population.model).map((key) => [parameters[key].file, Array.from(population[key])]),
      ) as ParametersJson),
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
    loss: lossJson(loss),
  };
}
