/** The same case in other parts: projections in two, and parts that do nothing. */
import type { Tensor } from "../../format/tensor.ts";
import { inputName, type Population } from "../../model/network.ts";
import { mapParameters, type Parameter, parameters } from "../../model/parameters.ts";
import { mapTensors, type Relation, withParts } from "./relation.ts";

/** Every projection as two of half its weights: contributions to one neuron add up, and each has its own gradient. */
export const splitWeights: Relation = {
  onGrid: true,
  change: (problem) => ({
    ...problem,
    network: {
      ...problem.network,
      projections: problem.network.projections.flatMap((projection) => {
        const half = { ...projection, weight: projection.weight.map((value) => value / 2) };
        return [half, half];
      }),
    },
  }),
  restore: (result) => {
    const tensors = mapTensors(result, (tensor, name) => {
      const [, index, kind] = /^projections\[(\d+)\]\.(weight|delay)$/.exec(name) ?? [];
      if (index === undefined) return tensor;
      if (Number(index) % 2 === 1) return undefined;
      // A unit of weight is the same in either; a unit of delay moves half of what arrives.
      const other = result.gradients.tensors.get(`projections[${Number(index) + 1}].${kind}`);
      return kind === "weight" || !other ? tensor : sum(tensor, other);
    });
    return withParts(result, { tensors: renumbered(tensors) });
  },
};

function sum({ shape, values }: Tensor, other: Tensor): Tensor {
  return { shape, values: values.map((value, k) => value + other.values[k]!) };
}

function renumbered(tensors: ReadonlyMap<string, Tensor>): Map<string, Tensor> {
  return new Map(
    [...tensors].map(([name, tensor]) => [
      name.replace(/^projections\[(\d+)\]/, (_, index) => `projections[${Number(index) / 2}]`),
      tensor,
    ]),
  );
}

const idle = "idle";

/** A population that nothing reaches and a projection of weight 0: they change nothing. */
export const idleParts: Relation = {
  onGrid: true,
  change: (problem) => {
    const { network } = problem;
    const [first] = network.populations;
    const none = (size: number) => new Float64Array(size);
    // Where there is no default, as for time constants, what another population has.
    const usual = (name: Parameter) => parameters[name].default ?? first![name][0]!;
    const population: Population = {
      name: idle,
      size: 2,
      model: "lif",
      ...mapParameters((name) => none(2).fill(usual(name))),
    };
    const silent = {
      from: inputName,
      to: first!.name,
      weight: none(network.inputChannels * first!.size),
      delay: 0,
    };
    return {
      ...problem,
      network: {
        ...network,
        populations: [...network.populations, population],
        projections: [...network.projections, silent],
      },
    };
  },
  restore: (result, problem) => {
    const added = `projections[${problem.network.projections.length}].`;
    const spikes = new Map([...result.spikes].filter(([name]) => name !== idle));
    const tensors = mapTensors(result, (tensor, name) =>
      name.startsWith(added) || name.startsWith(`populations.${idle}.`) || name === `spike_times.${idle}`
        ? undefined
        : tensor,
    );
    return withParts(result, { spikes, tensors });
  },
};
