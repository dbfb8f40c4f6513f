/** A graph of the Neuromorphic Intermediate Representation (NIR) as its file has it, and access to fields of its nodes. */
import { ConfigError } from "../base/errors.ts";
import { complaint } from "../base/parseWith.ts";

export type Path = readonly PropertyKey[];

/** Numbers in C order. */
export interface NirArray {
  readonly shape: readonly number[];
  readonly values: Float64Array;
}

/** What a node carries along beside its fields. */
export type Metadata = ReadonlyMap<string, NirArray | string>;

export interface NirNode {
  /** Of the class of NIR, such as `CubaLIF`. */
  readonly type: string;
  readonly fields: ReadonlyMap<string, NirArray>;
  readonly metadata: Metadata;
}

export type NirEdge = readonly [from: string, to: string];

export interface NirGraph {
  readonly type: "NIRGraph";
  readonly nodes: ReadonlyMap<string, NirNode | NirGraph>;
  readonly edges: readonly NirEdge[];
  readonly metadata: Metadata;
}

/** A node, and where it stands for messages. */
export interface PlacedNode extends NirNode {
  /** The file's name. */
  readonly source: string;
  readonly place: Path;
}

export function isGraph(node: NirNode | NirGraph): node is NirGraph {
  return node.type === "NIRGraph";
}

/** The error for a field of a node. */
export function fieldComplaint(
  { source, place }: Pick<PlacedNode, "source" | "place">,
  field: Path,
  expected: string,
  found: unknown,
): ConfigError {
  return complaint(source, [...place, ...field], expected, found);
}

/** The error for a node that has no meaning here. */
export function nodeComplaint({ source, place, type }: PlacedNode, reason: string): ConfigError {
  return complaint(source, place, reason, type);
}

export function shapeText(shape: readonly number[]): string {
  return shape.length === 0 ? "one number" : `shape [${shape.join(", ")}]`;
}

export function count(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}

/** @throws ConfigError the node lacks the field, or has a number in it that is not finite */
export function requireField(node: PlacedNode, name: string): NirArray {
  const found = optionalField(node, name);
  if (found) return found;
  throw fieldComplaint(node, [name], `expected the field ${name} of ${node.type}`, undefined);
}

/** @throws ConfigError the field has a number that is not finite */
export function optionalField(node: PlacedNode, name: string): NirArray | undefined {
  const found = node.fields.get(name);
  const bad = found?.values.findIndex((value) => !Number.isFinite(value)) ?? -1;
  if (found && bad >= 0)
    throw fieldComplaint(
      node,
      [name, ...indicesOf(bad, found.shape)],
      "expected a finite number",
      found.values[bad],
    );
  return found;
}

/** Of a value in C order. */
export function indicesOf(at: number, shape: readonly number[]): number[] {
  const indices: number[] = [];
  let rest = at;
  for (const length of [...shape].reverse()) {
    indices.unshift(rest % length);
    rest = Math.floor(rest / length);
  }
  return indices;
}

/** The fields that a node may have; what else is there changes its meaning, perhaps. */
export function requireFields(node: PlacedNode, known: readonly string[]): void {
  const unknown = [...node.fields.keys()].find((name) => !known.includes(name));
  if (unknown !== undefined)
    throw new ConfigError(
      `${node.source}: ${node.place.join(".")}.${unknown}: unknown field of ${node.type} (expected ${known.join(", ")})`,
    );
}
