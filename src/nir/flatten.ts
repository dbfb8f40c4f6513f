/** Graphs in graphs as one: what stands in another has its name before its own, `block.lif`. */
import { ConfigError } from "../base/errors.ts";
import { complaint, pathText, shown } from "../base/parseWith.ts";
import { isGraph, type NirGraph, type Path, type PlacedNode } from "./graph.ts";

export interface FlatGraph {
  readonly source: string;
  readonly nodes: ReadonlyMap<string, PlacedNode>;
  /** Names of the nodes that lead into each, one an edge, in the file's order. */
  readonly into: ReadonlyMap<string, readonly string[]>;
  /** Names of the nodes that each leads to. */
  readonly out: ReadonlyMap<string, readonly string[]>;
}

/** Type of the nodes by which one enters and leaves an inner graph: they pass on what they get. */
export const passage = "passage";

/** @throws ConfigError naming an edge that leads nowhere, or an inner graph with several inputs or outputs */
export function flatten(graph: NirGraph, source: string): FlatGraph {
  const flat = new Flattening(source);
  flat.add(graph, "", []);
  return flat;
}

class Flattening implements FlatGraph {
  readonly source: string;
  readonly nodes = new Map<string, PlacedNode>();
  readonly into = new Map<string, string[]>();
  readonly out = new Map<string, string[]>();

  constructor(source: string) {
    this.source = source;
  }

  add({ nodes, edges }: NirGraph, prefix: string, place: Path): void {
    for (const [name, node] of nodes) {
      const at = [...place, "nodes", name];
      if (isGraph(node)) this.add(node, `${prefix}${name}.`, at);
      else this.#addNode(`${prefix}${name}`, { ...node, source: this.source, place: at }, place.length > 0);
    }
    for (const [k, [from, to]] of edges.entries()) {
      const ends = [from, to].map((name, end) => {
        const node = nodes.get(name);
        if (!node)
          throw complaint(
            this.source,
            [...place, "edges", k, end],
            `expected the name of a node of ${kinOf(place)}`,
            name,
          );
        if (!isGraph(node)) return `${prefix}${name}`;
        return this.#door(node, end === 0 ? "Output" : "Input", `${prefix}${name}.`, [
          ...place,
          "nodes",
          name,
        ]);
      });
      this.into.get(ends[1]!)!.push(ends[0]!);
      this.out.get(ends[0]!)!.push(ends[1]!);
    }
  }

  #addNode(name: string, node: PlacedNode, isInner: boolean): void {
    if (this.nodes.has(name))
      throw complaint(this.source, node.place, "expected a name that no node in a graph beside it has", name);
    const isDoor = isInner && (node.type === "Input" || node.type === "Output");
    this.nodes.set(name, isDoor ? { ...node, type: passage } : node);
    this.into.set(name, []);
    this.out.set(name, []);
  }

  /** The node through which an edge enters an inner graph, or leaves it. */
  #door({ nodes }: NirGraph, type: "Input" | "Output", prefix: string, place: Path): string {
    const doors = [...nodes].filter(([, node]) => node.type === type).map(([name]) => name);
    if (doors.length === 1) return `${prefix}${doors[0]}`;
    const found = doors.length === 0 ? "none" : doors.map(shown).join(" and ");
    throw new ConfigError(
      `${this.source}: ${pathText(place)}: expected one ${type} node in a graph that an edge leads ${type === "Input" ? "to" : "from"}, found ${found}`,
    );
  }
}

function kinOf(place: Path): string {
  return place.length === 0 ? "the graph" : pathText(place);
}
