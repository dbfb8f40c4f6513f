/** Where files of a suite and of results have an entry of the gradients. */
import type { Case } from "../../src/model/case.ts";
import type { Entry } from "../../src/oracle/simulate/differences.ts";
import { snakeCase } from "../../src/oracle/simulate/keys.ts";

export interface Place {
  /** Such as `projections[0].weight`; see tensors.ts. */
  readonly tensor: string;
  /** In C order. */
  readonly index: number;
}

export function placeOf({ network }: Case, entry: Entry): Place {
  switch (entry.of) {
    case "weight":
    case "delay": {
      const { to, weight } = network.projections[entry.projection]!;
      const preCount = weight.length / network.populations.find(({ name }) => name === to)!.size;
      return {
        tensor: `projections[${entry.projection}].${entry.of}`,
        index: entry.post * preCount + entry.pre,
      };
    }
    case "inputTime":
      return { tensor: "input_times", index: entry.index };
    case "spikeTime":
      return { tensor: `spike_times.${entry.population}`, index: entry.index };
    default:
      return { tensor: `populations.${entry.population}.${snakeCase[entry.of]}`, index: entry.neuron };
  }
}
