/** Networks in files: what the commands take for one, and the forms in which they write one. */
import { stat } from "node:fs/promises";
import { dirname, extname, join } from "node:path";
import { ConfigError } from "../base/errors.ts";
import { cannotRead, exists, readInput, replaceFile } from "../base/files.ts";
import { shown } from "../base/parseWith.ts";
import { jsonChunks } from "../format/jsonChunks.ts";
import { blobsOf, loadCase } from "../format/loadCase.ts";
import { networkJson } from "../format/networkJson.ts";
import { networkOfTensors, networkOutline, networkTensors } from "../format/networkTensors.ts";
import { npzOf, readNpz } from "../format/npz.ts";
import { parseJson } from "../format/parseJson.ts";
import { parseNetwork } from "../format/parseNetwork.ts";
import { readJson } from "../format/readJson.ts";
import type { Network } from "../model/network.ts";
import { readCheckpoint } from "./checkpoint.ts";
import { runFile } from "./runFolder.ts";
import { networkOfCheckpoint } from "./runNetwork.ts";
import { decodeSafetensors, encodeSafetensors } from "./safetensors.ts";

/** Name of the text that says what the arrays of an .npz file belong to, and key of a safetensors file's metadata. */
const outlineName = "network";

const mostBytes = 2 ** 31;

/** What of a run is taken. */
export interface NetworkChoice {
  /** Of a run's folder: the selected epoch (the default) or the newest checkpoint. */
  readonly checkpoint?: "best" | "last" | undefined;
}

/**
 * The network in a file that `saveNetwork` wrote, in a case (its file or folder), in a checkpoint, or of a run's folder.
 *
 * @throws ConfigError one line for a file that cannot be read, is damaged, or holds no network
 */
export async function loadNetwork(
  path: string,
  { checkpoint = "best" }: NetworkChoice = {},
): Promise<Network> {
  const found = await stat(path).catch((error: unknown) => {
    throw cannotRead(path, error);
  });
  if (found.isDirectory()) {
    if (await exists(join(path, "case.json"))) return (await loadCase(path)).network;
    const isRun = await exists(runFile(path, "config"));
    if (!isRun)
      throw new ConfigError(
        `${path}: expected the folder of a run or of a case, found neither config.yaml nor case.json in it`,
      );
    return networkOfRun(runFile(path, checkpoint));
  }
  switch (extname(path)) {
    case ".npz":
      return networkOfNpz(path);
    case ".safetensors":
      return networkOfSafetensors(path);
    default:
      return networkOfJson(path);
  }
}

async function networkOfRun(file: string): Promise<Network> {
  return networkOfCheckpoint(await readCheckpoint(file), file);
}

function bytesOf(path: string): Uint8Array {
  try {
    return readInput(path, mostBytes);
  } catch (error) {
    throw cannotRead(path, error);
  }
}

function networkOfNpz(path: string): Network {
  const content = readNpz(bytesOf(path), path);
  const outline = content.get(outlineName);
  if (typeof outline !== "string")
    throw new ConfigError(
      `${path}: expected the network that goldspike export wrote, found no text ${shown(outlineName)} among its arrays`,
    );
  const tensors = new Map(
    [...content].flatMap(([name, value]) => (typeof value === "string" ? [] : [[name, value]])),
  );
  return networkOfTensors(parseJson(outline, `${path}: ${outlineName}`), tensors, path);
}

async function networkOfSafetensors(path: string): Promise<Network> {
  const { metadata, tensors } = decodeSafetensors(bytesOf(path), path);
  const outline = metadata[outlineName];
  if (outline === undefined) return networkOfRun(path);
  const values = new Map([...tensors].map(([name, { shape, data }]) => [name, { shape, values: data }]));
  return networkOfTensors(parseJson(outline, `${path}: ${outlineName}`), values, path);
}

async function networkOfJson(path: string): Promise<Network> {
  const json = await readJson(path);
  const isNetwork =
    typeof json === "object" &&
    json !== null &&
    "format" in json &&
    String(json.format).startsWith("goldspike/network");
  return isNetwork ? parseNetwork(json, blobsOf(dirname(path)), path) : (await loadCase(path)).network;
}

const endings = [".json", ".npz", ".safetensors"];

/** @throws ConfigError the name does not say which form is wanted */
export function requireNetworkName(path: string): void {
  if (endings.includes(extname(path))) return;
  throw new ConfigError(`${path}: expected a name that ends in ${endings.join(", ")}`);
}

/**
 * Writes a network by the ending of its file's name: .json (`goldspike/network@1`), .npz or .safetensors, with the names of
 * results and checkpoints (`projections[0].weight`, `populations.hidden.tau_mem`), all as f64. A file that was there is
 * replaced in one step.
 *
 * @throws ConfigError one line for another ending, and if the file cannot be written
 */
export async function saveNetwork(network: Network, path: string): Promise<void> {
  requireNetworkName(path);
  await replaceFile(path, contentOf(network, extname(path)));
}

function contentOf(network: Network, ending: string): Iterable<string | Uint8Array> {
  if (ending === ".json") return lines(network);
  const outline = JSON.stringify(networkOutline(network));
  const tensors = networkTensors(network);
  if (ending === ".npz") return [npzOf([[outlineName, outline], ...tensors])];
  return encodeSafetensors({
    metadata: { [outlineName]: outline },
    tensors: new Map(
      [...tensors].map(([name, { shape, values }]) => [name, { dtype: "F64", shape, data: values }]),
    ),
  });
}

function* lines(network: Network): Generator<string> {
  yield* jsonChunks(networkJson(network));
  yield "\n";
}
