/** NIR's files, HDF5: the groups and datasets of a graph as `NirGraph`. */
import { stat } from "node:fs/promises";
import { basename } from "node:path";
import { ConfigError } from "../base/errors.ts";
import { cannotRead, requireOnDisk } from "../base/files.ts";
import { complaint, pathText, shown } from "../base/parseWith.ts";
import { halves, reasonOf } from "../data/shd/hdf5.ts";
import { type Hdf5Failure, Hdf5Thread } from "../data/shd/hdf5Thread.ts";
import { type Description, described, foreignFilter, isReadable, typeClass } from "../data/shd/hdf5Types.ts";
import {
  count,
  type Metadata,
  type NirArray,
  type NirEdge,
  type NirGraph,
  type NirNode,
  type Path,
} from "./graph.ts";

/** Bytes of one array: the library's memory holds a few copies of it. */
const mostBytes = 64 * 2 ** 20;

/** More nodes are a mistake, or a group that holds itself. */
const mostNodes = 10_000;
const deepest = 16;

/**
 * @throws ConfigError one line: the file cannot be read or is damaged, holds no NIR graph, or holds something else than
 *   numbers where numbers belong
 */
export async function readGraph(path: string): Promise<NirGraph> {
  const bytes = await sizeOf(path);
  const thread = new Hdf5Thread();
  try {
    await thread.open(path, bytes).catch((error: Error) => {
      throw new ConfigError(`${path}: not a whole HDF5 file (${reasonOf(error)}), expected a NIR graph`);
    });
    return await new GraphReader(thread, path).graph();
  } finally {
    await thread.close();
  }
}

async function sizeOf(path: string): Promise<number> {
  try {
    const found = await stat(path);
    if (found.isDirectory()) throw Object.assign(new Error(), { code: "EISDIR" });
    requireOnDisk(found);
    return found.size;
  } catch (error) {
    throw cannotRead(path, error);
  }
}

class GraphReader {
  readonly #thread: Hdf5Thread;
  readonly #source: string;
  #nodes = 0;

  constructor(thread: Hdf5Thread, source: string) {
    this.#thread = thread;
    this.#source = source;
  }

  async graph(): Promise<NirGraph> {
    const members = await this.#members("/node", []);
    if (!members) {
      const root = (await this.#members("/", [])) ?? [];
      const found = root.length > 0 ? `only ${root.slice(0, 4).map(shown).join(", ")}` : "nothing";
      throw new ConfigError(
        `${this.#source}: expected a NIR graph in the group /node, found ${found} in the file`,
      );
    }
    const type = await this.#type("/node", []);
    if (type !== "NIRGraph") throw complaint(this.#source, ["type"], 'expected "NIRGraph"', type);
    return this.#graph("/node", [], members);
  }

  async #graph(folder: string, place: Path, members: readonly string[]): Promise<NirGraph> {
    if (place.length / 2 > deepest)
      throw new ConfigError(
        `${this.#source}: ${pathText(place)}: expected graphs in graphs at most ${deepest} deep`,
      );
    const names = await this.#members(`${folder}/nodes`, [...place, "nodes"]);
    if (!names)
      throw new ConfigError(
        `${this.#source}: ${pathText([...place, "nodes"])}: expected a group, found none`,
      );
    this.#nodes += names.length;
    if (this.#nodes > mostNodes)
      throw new ConfigError(`${this.#source}: expected at most ${mostNodes} nodes, found more`);
    const nodes = new Map<string, NirNode | NirGraph>();
    for (const name of names)
      nodes.set(name, await this.#node(`${folder}/nodes/${name}`, [...place, "nodes", name]));
    const edges = members.includes("edges") ? await this.#edges(`${folder}/edges`, [...place, "edges"]) : [];
    return { type: "NIRGraph", nodes, edges, metadata: await this.#metadata(folder, place, members) };
  }

  async #node(folder: string, place: Path): Promise<NirNode | NirGraph> {
    const members = await this.#members(folder, place);
    if (!members) throw complaint(this.#source, place, "expected a node, a group", "a dataset or link");
    const type = await this.#type(folder, place);
    if (type === "NIRGraph") return this.#graph(folder, place, members);
    const fields = new Map<string, NirArray>();
    for (const name of members) {
      if (name === "type" || name === "metadata") continue;
      const found = await this.#value(`${folder}/${name}`, [...place, name]);
      // Words, such as Conv2d's padding "same", belong to nodes that are refused by their type.
      if (typeof found !== "string") fields.set(name, found);
    }
    return { type, fields, metadata: await this.#metadata(folder, place, members) };
  }

  async #type(folder: string, place: Path): Promise<string> {
    const path = [...place, "type"];
    const found = await this.#value(`${folder}/type`, path);
    if (typeof found === "string") return found;
    throw complaint(this.#source, path, "expected the name of a kind of node", "numbers");
  }

  async #edges(at: string, place: Path): Promise<NirEdge[]> {
    const found = await this.#find(at, place);
    const { shape, type } = found;
    if (shape && count(shape) === 0) return [];
    if (type !== typeClass.string || shape?.length !== 2 || shape[1] !== 2)
      throw complaint(this.#source, place, "expected pairs of names, shape [edges, 2]", described(found));
    const names = (await this.#list(at, place, found)) as readonly string[];
    return Array.from({ length: shape[0]! }, (_, k) => [names[2 * k]!, names[2 * k + 1]!] as const);
  }

  /** What others keep there, in whatever form, is not looked at. */
  async #metadata(folder: string, place: Path, members: readonly string[]): Promise<Metadata> {
    const found = new Map<string, NirArray | string>();
    if (!members.includes("metadata")) return found;
    for (const name of (await this.#members(`${folder}/metadata`, place)) ?? []) {
      if (!ownMetadata.includes(name)) continue;
      found.set(name, await this.#value(`${folder}/metadata/${name}`, [...place, "metadata", name]));
    }
    return found;
  }

  async #value(at: string, place: Path): Promise<NirArray | string> {
    const found = await this.#find(at, place);
    const { type, shape } = found;
    if (type === typeClass.string && shape?.length === 0)
      return (await this.#list(at, place, found)) as string;
    const isNumeric = type === typeClass.integer || type === typeClass.float;
    if (!isNumeric || !shape || !isReadable(found))
      throw complaint(
        this.#source,
        place,
        "expected integers or floats of 16, 32 or 64 bits",
        described(found),
      );
    if (count(shape) === 0) return { shape, values: new Float64Array() };
    const values = toNumbers(await this.#list(at, place, found));
    const isHalf = type === typeClass.float && found.size === 2;
    return { shape, values: isHalf ? Float64Array.from(halves(values)) : values };
  }

  async #find(at: string, place: Path): Promise<Description> {
    const found = (await this.#ask("find", at, place)) as Description | null | undefined;
    if (found?.virtual_sources?.length) throw this.#elsewhere(place, found.virtual_sources[0]!.file_name);
    if (found) return found;
    throw complaint(
      this.#source,
      place,
      "expected a dataset",
      found === null ? "a group or link" : undefined,
    );
  }

  #members(at: string, place: Path): Promise<string[] | undefined> {
    return this.#ask("members", at, place) as Promise<string[] | undefined>;
  }

  async #list(at: string, place: Path, found: Description): Promise<unknown> {
    const bytes = count(found.shape!) * found.size;
    if (bytes > mostBytes)
      throw complaint(this.#source, place, "expected an array of at most 64 MiB", `${bytes} bytes`);
    const filter = foreignFilter(found);
    if (filter !== undefined)
      throw complaint(
        this.#source,
        place,
        "expected no compression but gzip (h5repack -f GZIP=6 OLD NEW writes it anew)",
        filter,
      );
    return this.#ask("list", at, place);
  }

  async #ask(call: "find" | "members" | "list", path: string, place: Path): Promise<unknown> {
    try {
      return await this.#thread.ask({ call, path });
    } catch (error) {
      const { abroad } = error as Hdf5Failure;
      if (abroad !== undefined) throw this.#elsewhere(place, abroad);
      const where = place.length > 0 ? `${pathText(place)}: ` : "";
      throw new ConfigError(`${this.#source}: ${where}damaged HDF5 file (${reasonOf(error as Error)})`);
    }
  }

  #elsewhere(place: Path, file: string): ConfigError {
    return complaint(
      this.#source,
      place,
      "expected data in this file; copy everything into one file",
      `a link to ${basename(file)}`,
    );
  }
}

/** What `exportGraph` keeps, and no other program has to understand. */
const ownMetadata = ["time_unit", "name", "population", "projection", "bias", "v0", "i0"];

function toNumbers(read: unknown): Float64Array {
  if (typeof read === "number" || typeof read === "bigint") return Float64Array.of(Number(read));
  if (read instanceof BigInt64Array || read instanceof BigUint64Array) return Float64Array.from(read, Number);
  return Float64Array.from(read as ArrayLike<number>);
}
