/** A NIR graph as an HDF5 file, as the package `nir` reads it; the same graph gives the same bytes. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ConfigError } from "../base/errors.ts";
import { cannotWrite, readInput, replaceFile, requireWritable } from "../base/files.ts";
import { reasonOf } from "../data/shd/hdf5.ts";
import { type Hdf5Entry, Hdf5Thread } from "../data/shd/hdf5Thread.ts";
import { isGraph, type Metadata, type NirArray, type NirGraph, type NirNode } from "./graph.ts";

/** Of the package whose layout this is. */
const nirVersion = "1.0.8";

/** Fields that NIR keeps as integers. */
const integers = ["shape", "population", "projection"];

/** @throws ConfigError one line if the file cannot be written; one that was there is then untouched */
export async function writeGraph(path: string, graph: NirGraph): Promise<void> {
  await requireWritable(path);
  const entries: Hdf5Entry[] = [{ name: "/version", data: nirVersion }, ...entriesOf("/node", graph)];
  const bytes = entries.reduce(
    (sum, { data }) => sum + (data instanceof Float64Array ? data.byteLength : 0),
    0,
  );
  const folder = await mkdtemp(join(tmpdir(), "goldspike-")).catch((error: unknown) => {
    throw cannotWrite(tmpdir(), error);
  });
  const thread = new Hdf5Thread();
  try {
    const made = join(folder, "graph.nir");
    await thread.write(made, entries, bytes).catch((error: Error) => {
      throw new ConfigError(`${path}: cannot be written as HDF5: ${reasonOf(error)}`);
    });
    await replaceFile(path, [readInput(made, 2 ** 32)]);
  } finally {
    await thread.close();
    await rm(folder, { recursive: true, force: true });
  }
}

function* entriesOf(folder: string, node: NirGraph | NirNode): Generator<Hdf5Entry> {
  yield { name: folder };
  yield { name: `${folder}/type`, data: node.type };
  yield* metadataOf(`${folder}/metadata`, node.metadata);
  if (!isGraph(node)) {
    for (const [name, array] of node.fields) yield numbersOf(folder, name, array);
    return;
  }
  const edges = node.edges.flat();
  yield { name: `${folder}/edges`, data: edges, shape: [node.edges.length, 2] };
  yield { name: `${folder}/nodes` };
  for (const [name, inner] of node.nodes) yield* entriesOf(`${folder}/nodes/${name}`, inner);
}

function* metadataOf(folder: string, metadata: Metadata): Generator<Hdf5Entry> {
  if (metadata.size === 0) return;
  yield { name: folder };
  for (const [name, value] of metadata)
    yield typeof value === "string"
      ? { name: `${folder}/${name}`, data: value }
      : numbersOf(folder, name, value);
}

function numbersOf(folder: string, name: string, { shape, values }: NirArray): Hdf5Entry {
  const data = integers.includes(name) ? BigInt64Array.from(values, BigInt) : values;
  return { name: `${folder}/${name}`, data, shape };
}
