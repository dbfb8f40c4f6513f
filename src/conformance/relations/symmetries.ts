/** The same case with other numbers of its neurons, and in another unit of time. */

import { ConfigError } from "../../base/errors.ts";
import type { Tensor } from "../../format/tensor.ts";
import type { Case } from "../../model/case.ts";
import { inputName, type Population } from "../../model/network.ts";
import { parameterNames, parameters } from "../../model/parameters.ts";
import { inputTimesName } from "../../model/tensors.ts";
import { doubledLoss, reversedLoss } from "./relatedLosses.ts";
import { mapTensors, type Relation, withParts } from "./relation.ts";

/** The neurons of every population in reverse order: nothing may depend on a neuron's number. */
export const reverseNeurons: Relation = {
  onGrid: true,
  change: (problem) => {
    const { network, loss } = problem;
    const sizes = sizesOf(problem);
    const turned = (values: Float64Array, from: string, to: string) =>
      reversed({ shape: [sizes.get(to)!, values.length / sizes.get(to)!], values }, from !== inputName)
        .values;
    return {
      ...problem,
      network: {
        ...network,
        populations: network.populations.map(reversedPopulation),
        projections: network.projections.map((projection) => ({
          ...projection,
          weight: turned(projection.weight, projection.from, projection.to),
          delay:
            typeof projection.delay === "number"
              ? projection.delay
              : turned(projection.delay, projection.from, projection.to),
        })),
      },
      loss: reversedLoss(loss, network),
    };
  },
  restore: (result, problem) => {
    const sizes = sizesOf(problem);
    const { projections } = problem.network;
    const spikes = new Map(
      [...result.spikes].map(([name, { times, neurons }]) => [
        name,
        { times, neurons: neurons.map((n) => sizes.get(name)! - 1 - n) },
      ]),
    );
    const tensors = mapTensors(result, (tensor, name) => {
      const projection = /^projections\[(\d+)\]/.exec(name)?.[1];
      if (projection !== undefined)
        return reversed(tensor, projections[Number(projection)]?.from !== inputName);
      return name.startsWith("populations.") ? reversed(tensor, false) : tensor;
    });
    const readout = result.readout && reversed(result.readout, false);
    return { ...withParts(result, { spikes, tensors }), readout };
  },
};

function sizesOf({ network }: Case): Map<string, number> {
  return new Map(network.populations.map(({ name, size }) => [name, size]));
}

function reversedPopulation(population: Population): Population {
  const turned = Object.entries(population).map(([key, value]) => [
    key,
    value instanceof Float64Array ? value.slice().reverse() : value,
  ]);
  return Object.fromEntries(turned) as unknown as Population;
}

/** Rows in reverse order, and the entries within them if `columns`. */
function reversed({ shape, values }: Tensor, columns: boolean): Tensor {
  const [height = 0, width = 1] = shape;
  const turned = values.map((_, k) => {
    const [row, column] = [Math.floor(k / width), k % width];
    return values[(height - 1 - row) * width + (columns ? width - 1 - column : column)]!;
  });
  return { shape, values: turned };
}

const twice = (values: Float64Array) => values.map((value) => 2 * value);
/** Parameters of neurons that are times. */
const times = parameterNames.filter((name) => parameters[name].legal === "time");
const timeFiles = times.map((name) => `.${parameters[name].file}`);

/** Whether a tensor is of derivatives by times. */
function byTime(tensor: string): boolean {
  if (tensor === inputTimesName || /\.delay$|^spike_times\./.test(tensor)) return true;
  return timeFiles.some((file) => tensor.endsWith(file));
}

/** All times twice as long: nothing may depend on the unit of time, and no constant of a program be in milliseconds. */
export const doubleTimes: Relation = {
  onGrid: false,
  change: (problem) => {
    const { network, input, duration, loss } = problem;
    const doubled = doubledLoss(loss, network);
    if (!doubled) throw new ConfigError(`${problem.name}: expected a loss of voltages, got ${loss.kind}`);
    return {
      ...problem,
      duration: 2 * duration,
      loss: doubled,
      input: { ...input, times: twice(input.times) },
      network: {
        ...network,
        populations: network.populations.map((population) => ({
          ...population,
          ...Object.fromEntries(times.map((name) => [name, twice(population[name])])),
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
      byTime(name) ? { shape, values: twice(values) } : { shape, values },
    );
    return withParts(result, { spikes, tensors });
  },
};
