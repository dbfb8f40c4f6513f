/** Every projection as two of half its weights: contributions to one neuron add up, and each has its own gradient. */
import type { Tensor } from "../../format/tensor.ts";
import { mapTensors, type Relation, withParts } from "./relation.ts";

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
