/** A case as its file has it, all arrays inline. */
import type { Case } from "../model/case.ts";

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
      tau_mem: Array.from(population.tauMem),
      tau_syn: Array.from(population.tauSyn),
      ...(population.model === "lif" && {
        threshold: Array.from(population.threshold),
        reset: Array.from(population.reset),
      }),
      bias: Array.from(population.bias),
      v0: Array.from(population.v0),
      i0: Array.from(population.i0),
    })),
    projections: network.projections.map(({ from, to, weight, delay }) => {
      const pre = weight.length / network.populations.find((population) => population.name === to)!.size;
      return {
        from,
        to,
        weight: rows(weight, pre),
        delay: typeof delay === "number" ? delay : rows(delay, pre),
      };
    }),
    loss,
  };
}
