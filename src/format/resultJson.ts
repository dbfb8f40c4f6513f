/** A result in memory as its file has it. */

import type { Network } from "../model/network.ts";
import type { JsonTree } from "./jsonChunks.ts";
import type { Result } from "./result.ts";
import type { Tensor } from "./tensor.ts";

/** For `jsonChunks`; the network's projections have no more than names in a file. */
export function resultJson(network: Network, result: Result): { [key: string]: JsonTree } {
  const { case: name, backend, precision } = result;
  return { format: "goldspike/result@1", case: name, backend, precision, ...partsJson(network, result) };
}

/** Spikes, and loss, readout and gradients as far as they are there. */
export function partsJson(
  network: Network,
  { spikes, loss, readout, gradients: { tensors } }: Result,
): { [key: string]: JsonTree } {
  return {
    spikes: Object.fromEntries([...spikes].map(([name, { times, neurons }]) => [name, { times, neurons }])),
    ...(loss !== undefined && { loss }),
    ...(readout && { readout: readout.values }),
    ...(tensors.size > 0 && { gradients: gradientsJson(network, tensors) }),
  };
}

export function gradientsJson(
  { projections, populations }: Network,
  tensors: ReadonlyMap<string, Tensor>,
): { [key: string]: JsonTree } {
  const under = (prefix: string, rest = /./s): { [key: string]: JsonTree } =>
    Object.fromEntries(
      [...tensors].flatMap(([name, tensor]) => {
        const key = name.startsWith(prefix) ? name.slice(prefix.length) : "";
        return rest.test(key) ? [[key, nested(tensor)]] : [];
      }),
    );
  // A population's name may begin with another's and a dot.
  const constants = populations.map(({ name }) => [name, under(`populations.${name}.`, /^\w+$/)] as const);
  return {
    projections: projections.map(({ from, to }, k) => ({ from, to, ...under(`projections[${k}].`) })),
    ...(constants.some(([, its]) => Object.keys(its).length > 0) && {
      populations: Object.fromEntries(constants),
    }),
    // One trial's own; sums over trials and twins have neither.
    ...(tensors.has("input_times") && {
      input_times: tensors.get("input_times")!.values,
      spike_times: under("spike_times."),
    }),
  };
}

function nested({ shape, values }: Tensor): JsonTree {
  const [rows = 0, columns] = shape;
  if (columns === undefined) return values;
  return Array.from({ length: rows }, (_, row) => values.subarray(row * columns, (row + 1) * columns));
}
