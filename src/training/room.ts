/** Whether a network can be trained in the 4 GiB that WebAssembly can address, before any weight is drawn. */

import { ConfigError } from "../base/errors.ts";
import { inputName } from "../model/network.ts";
import { type Ends, hiddenNames, outputName, projectionEnds, projectionName } from "./config/projections.ts";
import type { RunConfig } from "./config/run.ts";

const mostBytes = 2 ** 32;

/**
 * Counts what grows with the square of the layers: weights, their gradients in each lane, their two moments.
 *
 * @param channels of the input, the copies of a delay line included
 * @param classes their number
 * @throws ConfigError naming the projection with the most synapses
 */
export function requireRoom(config: RunConfig, channels: number, classes: number): void {
  const { network, precision, batch_size, lanes } = config;
  const sizes = new Map(hiddenNames(network).map((name, k) => [name, network.hidden[k]!.size]));
  sizes.set(inputName, channels).set(outputName, classes);
  const synapses = ({ from, to }: Ends) => sizes.get(from)! * sizes.get(to)!;
  const ends = projectionEnds(network);
  const numberBytes = precision === "f32" ? 4 : 8;
  const arrays = 3 + Math.min(lanes, batch_size);
  const bytes = ends.reduce((sum, end) => sum + synapses(end), 0) * numberBytes * arrays;
  if (bytes <= mostBytes) return;
  const largest = ends.reduce((most, end) => (synapses(end) > synapses(most) ? end : most));
  throw new ConfigError(
    `network.hidden: expected weights that fit into 4 GiB with their moments and their gradients in ${arrays - 3} lanes, ` +
      `got ${synapses(largest)} synapses of ${projectionName(largest)} and ${(bytes / 2 ** 30).toFixed(1)} GiB; lower a size, or lanes`,
  );
}
