/** Names of the gradients that a whole result has for a case. */
import type { Case } from "../model/case.ts";

const constants = ["tau_mem", "tau_syn", "bias", "v0", "i0"];

export function tensorNames({ network }: Case): string[] {
  return [
    ...network.projections.flatMap((_, k) => [`projections[${k}].weight`, `projections[${k}].delay`]),
    ...network.populations.flatMap(({ name, model }) => [
      ...[...constants, ...(model === "lif" ? ["threshold", "reset"] : [])].map(
        (constant) => `populations.${name}.${constant}`,
      ),
      ...(model === "lif" ? [`spike_times.${name}`] : []),
    ]),
    "input_times",
  ];
}
