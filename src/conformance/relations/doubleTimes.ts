/** All times twice as long: nothing may depend on the unit of time, and no constant of a program be in milliseconds. */
import { ConfigError } from "../../base/errors.ts";
import { mapTensors, type Relation, withParts } from "./relation.ts";

const twice = (values: Float64Array) => values.map((value) => 2 * value);
const inTime = /delay$|tau_mem$|tau_syn$|^input_times$|^spike_times/;

export const doubleTimes: Relation = {
  onGrid: false,
  change: (problem) => {
    const { network, input, duration, loss } = problem;
    if (loss.kind === "first_spike" || loss.kind === "spike_time_mse")
      throw new ConfigError(`${problem.name}: expected a loss of voltages, got ${loss.kind}`);
    return {
      ...problem,
      duration: 2 * duration,
      input: { ...input, times: twice(input.times) },
      network: {
        ...network,
        populations: network.populations.map((population) => ({
          ...population,
          tauMem: twice(population.tauMem),
          tauSyn: twice(population.tauSyn),
        })),
        projections: network.projections.map((projection) => ({
          ...projection,
          delay: typeof projection.delay === "number" ? 2 * projection.delay : twice(projection.delay),
        })),
      },
    };
  },
  restore: (result) => {
    const spikes = new Map(
      [...result.spikes].map(([name, { times, neurons }]) => [
        name,
        { times: times.map((time) => time / 2), neurons },
      ]),
    );
    const tensors = mapTensors(result, ({ shape, values }, name) =>
      inTime.test(name) ? { shape, values: twice(values) } : { shape, values },
    );
    return withParts(result, { spikes, tensors });
  },
};
