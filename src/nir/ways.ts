/** All ways through the graph that lead to a population, from those that spike and from the input. */
import { ConfigError } from "../base/errors.ts";
import { complaint, pathText } from "../base/parseWith.ts";
import { type FlatGraph, passage } from "./flatten.ts";
import { count, fieldComplaint, nodeComplaint, type PlacedNode, requireField } from "./graph.ts";
import { direct, extended, type Link } from "./link.ts";
import { type Neurons, neuronTypes } from "./neurons.ts";

/** A way from a population or from an Input node. */
interface Way {
  /** Name in the flat graph. */
  readonly from: string;
  readonly link: Link;
}

export interface Arrivals {
  readonly ways: readonly Way[];
  /** Constant input of each neuron, by Affine nodes; undefined for none. */
  readonly constant: Float64Array | undefined;
  /** Of an Affine that gave some, for messages. */
  readonly affine: PlacedNode | undefined;
}

/** Ways of one population; graphs whose branches join and part again and again have more than anybody meant. */
const mostWays = 4096;

/** @throws ConfigError naming the node that has no meaning here or does not fit */
export function arrivalsAt(graph: FlatGraph, at: Neurons, spiking: ReadonlyMap<string, Neurons>): Arrivals {
  const ways: Way[] = [];
  let constant: Float64Array | undefined;
  let affine: PlacedNode | undefined;
  const walk = (name: string, link: Link, behind: ReadonlySet<string>): void => {
    const node = graph.nodes.get(name)!;
    const end = endOf(node, name, link, spiking);
    if (end) {
      ways.push(end);
      if (ways.length > mostWays)
        throw new ConfigError(
          `${at.placed.source}: ${pathText(at.placed.place)}: expected at most ${mostWays} ways to it, found more`,
        );
      return;
    }
    if (behind.has(name))
      throw nodeComplaint(
        node,
        "expected a neuron in every cycle, found one through this node that has none",
      );
    const { link: longer, constant: added } =
      node.type === passage ? { link, constant: undefined } : extended(link, node);
    if (added) {
      affine = node;
      constant = constant ? constant.map((value, j) => value + added[j]!) : added;
    }
    const seen = new Set(behind).add(name);
    for (const before of graph.into.get(name)!) walk(before, longer, seen);
  };
  for (const before of graph.into.get(at.entry)!) walk(before, direct(at.size), new Set());
  return { ways, constant, affine };
}

/** A way ends where spikes come from. */
function endOf(
  node: PlacedNode,
  name: string,
  link: Link,
  spiking: ReadonlyMap<string, Neurons>,
): Way | undefined {
  if (node.type === "Input") {
    const size = inputSize(node);
    if (size !== link.columns)
      throw fieldComplaint(node, ["shape"], `expected ${link.columns} values, as many as it leads to`, size);
    return { from: name, link };
  }
  const population = spiking.get(name);
  if (!population) {
    if (["CubaLI", "LI", "LIF", "Output"].includes(node.type))
      throw nodeComplaint(node, "expected edges from nodes that spike, and this one does not");
    return undefined;
  }
  if (population.model === "li")
    throw nodeComplaint(
      node,
      "expected edges to Output only, for it sends its voltage, which no neuron here receives",
    );
  if (population.size !== link.columns)
    throw fieldComplaint(
      node,
      ["v_threshold"],
      `expected ${link.columns} neurons, as many as it leads to`,
      population.size,
    );
  return { from: name, link };
}

const passing = ["Linear", "Affine", "Scale", "Delay", "Flatten"];
const known = [...neuronTypes, ...passing, "Input", "Output", passage];

/** @throws ConfigError a node is of a kind that has no meaning here, or passes something on to nothing */
export function requireKnown({ nodes, out }: FlatGraph): void {
  for (const [name, node] of nodes) {
    if (!known.includes(node.type))
      throw nodeComplaint(node, `expected ${known.slice(0, -1).join(", ")} or NIRGraph`);
    if (passing.includes(node.type) && out.get(name)!.length === 0)
      throw nodeComplaint(node, "expected an edge from it to a neuron node");
  }
}

/** Channels of an Input node, or values that an Output gets. */
export function inputSize(node: PlacedNode): number {
  const { shape, values } = requireField(node, "shape");
  const size = count([...values]);
  if (shape.length <= 1 && values.length > 0 && Number.isInteger(size) && size > 0) return size;
  throw fieldComplaint(node, ["shape"], "expected integers ≥ 1", values.length > 0 ? [...values] : shape);
}

/**
 * @throws ConfigError the graph lacks an Input or an Output, or an Output is led to by something that is no neuron
 */
export function requireEnds(
  { nodes, into, source }: FlatGraph,
  populations: ReadonlyMap<string, Neurons>,
): void {
  for (const type of ["Input", "Output"])
    if (![...nodes.values()].some((node) => node.type === type))
      throw complaint(source, ["nodes"], `expected a node of type ${type}`, undefined);
  if (populations.size === 0)
    throw complaint(source, ["nodes"], "expected a neuron node, CubaLIF or CubaLI", undefined);
  for (const [name, node] of nodes) {
    if (node.type !== "Output") continue;
    const before = withoutPassages(name, { nodes, into });
    if (before.length === 0)
      throw nodeComplaint(node, "expected an edge that leads to it from a neuron node");
    const other = before.find((one) => !populations.has(one));
    if (other !== undefined)
      throw nodeComplaint(
        nodes.get(other)!,
        `expected a neuron node before ${name}: there is no value here that is neither a spike nor a voltage`,
      );
    requireOutputSize(
      node,
      before.map((one) => populations.get(one)!),
    );
  }
}

/** What several edges lead to an Output adds up there, so that all have its size. */
function requireOutputSize(node: PlacedNode, before: readonly Neurons[]): void {
  const size = inputSize(node);
  const other = before.find((one) => one.size !== size);
  if (other)
    throw fieldComplaint(
      node,
      ["shape"],
      `expected ${other.size} values, as many as ${other.node} has`,
      size,
    );
}

function withoutPassages(name: string, graph: Pick<FlatGraph, "nodes" | "into">): string[] {
  const seen = new Set([name]);
  const found: string[] = [];
  for (const at of seen)
    for (const before of graph.into.get(at)!) {
      if ([passage, "Flatten"].includes(graph.nodes.get(before)!.type)) seen.add(before);
      else found.push(before);
    }
  return found;
}
