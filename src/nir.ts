/** goldspike/nir: networks from and to files of the Neuromorphic Intermediate Representation (NIR). Needs Node. */
import type { Network } from "./model/network.ts";
import { exportNetwork, type NirWriteOptions } from "./nir/exportNetwork.ts";
import { importGraph, type NirReadOptions } from "./nir/importGraph.ts";
import { readGraph } from "./nir/readGraph.ts";
import { writeGraph } from "./nir/writeGraph.ts";

export { ConfigError } from "./base/errors.ts";
export type { NirDialect } from "./nir/dialects.ts";
export type { NirWriteOptions } from "./nir/exportNetwork.ts";
export type { NirReadOptions } from "./nir/importGraph.ts";
export type { TimeUnit } from "./nir/timeUnit.ts";

/**
 * The network in a NIR file; docs/nir.md says what each node becomes.
 *
 * @throws ConfigError one line that names node and field: a file that cannot be read or holds no graph, a node or a shape
 *   without a meaning here, a unit of time that nobody says
 */
export async function readNir(path: string, options: NirReadOptions = {}): Promise<Network> {
  return importGraph(await readGraph(path), path, options);
}

/**
 * Writes a network as a NIR file; a file that was there is replaced in one step.
 *
 * @throws ConfigError one line: the network has something that NIR cannot express, or the file cannot be written
 */
export async function writeNir(network: Network, path: string, options: NirWriteOptions = {}): Promise<void> {
  await writeGraph(path, exportNetwork(network, "network", options));
}
