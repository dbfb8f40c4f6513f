/** The order of populations, which NIR's files do not keep: as written by this program, or along the edges. */
import type { FlatGraph } from "./flatten.ts";
import type { Neurons } from "./neurons.ts";

/** As their metadata say; else by the distance from the input, and of the same distance by name. */
export function populationOrder(graph: FlatGraph, neurons: readonly Neurons[]): Neurons[] {
  const indices = neurons.map(({ placed: { metadata } }) => {
    const found = metadata.get("population");
    return typeof found === "object" ? (found.values[0] ?? -1) : -1;
  });
  const isWritten = new Set(indices).size === neurons.length && !indices.includes(-1);
  const distance = isWritten ? undefined : distances(graph);
  const rank = new Map(
    neurons.map((one, k) => [
      one,
      distance ? (distance.get(one.node) ?? Number.MAX_SAFE_INTEGER) : indices[k]!,
    ]),
  );
  return [...neurons].sort((a, b) => rank.get(a)! - rank.get(b)! || byName(a.node, b.node));
}

/** Numbers in names count: `lif2` comes before `lif10`. */
function byName(a: string, b: string): number {
  const [first, second] = [a, b].map((name) => name.split(/(\d+)/));
  for (const [k, part] of first!.entries()) {
    const other = second![k];
    if (other === undefined) return 1;
    if (part === other) continue;
    const difference = k % 2 === 1 ? Number(part) - Number(other) : 0;
    return difference || (part < other ? -1 : 1);
  }
  return first!.length - second!.length;
}

function distances({ nodes, out }: FlatGraph): Map<string, number> {
  const found = new Map<string, number>();
  for (const [name, { type }] of nodes) if (type === "Input") found.set(name, 0);
  // It grows while it is gone through.
  for (const [name, distance] of found)
    for (const next of out.get(name)!) if (!found.has(next)) found.set(next, distance + 1);
  return found;
}
