/** A population that nothing reaches and a projection of weight 0: they change nothing. */
import { inputName } from "../../model/network.ts";
import { mapTensors, type Relation, withParts } from "./relation.ts";

const idle = "idle";

export const idleParts: Relation = {
  onGrid: true,
  change: (problem) => {
    const { network } = problem;
    const [first] = network.populations;
    const none = (size: number) => new Float64Array(size);
    const population = {
      name: idle,
      size: 2,
      model: "lif" as const,
      tauMem: none(2).fill(first!.tauMem[0]!),
      tauSyn: none(2).fill(first!.tauSyn[0]!),
      threshold: none(2).fill(1),
      reset: none(2),
      bias: none(2),
      v0: none(2),
      i0: none(2),
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
