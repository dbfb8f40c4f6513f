/** The network of a trained run, from its checkpoint alone: no data are needed. */
import { ConfigError } from "../base/errors.ts";
import { elementary } from "../engine/kernel/elementary.ts";
import { inputName, type Network } from "../model/network.ts";
import { synapsesName, tensorPlaces } from "../model/tensors.ts";
import { projectionEnds } from "../training/config/parts.ts";
import { initialNetwork } from "../training/initialize.ts";
import { networkNow } from "../training/parameters.ts";
import type { Checkpoint } from "./checkpoint.ts";

/**
 * @param path of the checkpoint, starts messages
 * @throws ConfigError its tensors are not those of its configuration
 */
export async function networkOfCheckpoint(
  { configuration, classes, tensors }: Checkpoint,
  path: string,
): Promise<Network> {
  const first = projectionEnds(configuration.network).findIndex(({ from }) => from === inputName);
  const channels = tensors.get(synapsesName(first, "weight"))?.shape[1];
  if (channels === undefined || channels < 1)
    throw new ConfigError(`${path}: expected the tensor ${synapsesName(first, "weight")}, [post][pre]`);
  const initial = initialNetwork(configuration, channels, classes.length, await elementary());
  for (const [name, place] of tensorPlaces(initial)) {
    const found = tensors.get(name)?.data.length;
    const expected =
      place.kind === "parameter"
        ? initial.populations[place.population]!.size
        : initial.projections[place.projection]!.weight.length;
    if (found !== expected && !(found === undefined && place.kind !== "weight"))
      throw new ConfigError(`${path}: ${name}: expected ${expected} numbers, got ${found ?? "nothing"}`);
  }
  const read = [...tensors].map(([name, { data }]) => ({ name, read: () => Float64Array.from(data) }));
  return networkNow(initial, read);
}
