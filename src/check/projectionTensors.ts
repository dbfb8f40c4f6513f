/** Weight and delay of a projection, as tensors to perturb. */
import type { Case } from "../model/case.ts";
import type { Projection } from "../model/network.ts";
import type { ProjectionGradient } from "../model/solution.ts";
import { rootMeanSquare, smallest, type Tensor } from "./tensor.ts";

/** `index` is the projection's place in the network. A delay given as a number is perturbed synapse by synapse. */
export function projectionTensors(problem: Case, index: number, gradient: ProjectionGradient): Tensor[] {
  const { network } = problem;
  const projection = network.projections[index]!;
  const { weight, delay } = projection;
  const post = network.populations.find(({ name }) => name === projection.to)!;
  const pre = weight.length / post.size;
  const place = (k: number): string => `[${Math.floor(k / pre)}][${k % pre}]`;
  const withProjection = (changed: Projection): Case => {
    const projections = network.projections.map((other, k) => (k === index ? changed : other));
    return { ...problem, network: { ...network, projections } };
  };
  const typicalWeight = rootMeanSquare(weight) || 1;
  const shortest = Math.min(smallest(post.tauMem), smallest(post.tauSyn));
  return [
    {
      name: `projections[${index}].weight`,
      values: weight,
      gradient: gradient.weight,
      scale: (k) => Math.max(Math.abs(weight[k]!), typicalWeight),
      allows: () => true,
      place,
      withValues: (weights) => withProjection({ ...projection, weight: weights }),
    },
    {
      name: `projections[${index}].delay`,
      values: typeof delay === "number" ? new Float64Array(weight.length).fill(delay) : delay,
      gradient: gradient.delay,
      scale: () => shortest,
      allows: (_, value) => value >= 0,
      place,
      withValues: (delays) => withProjection({ ...projection, delay: delays }),
    },
  ];
}
