/** What lies between two populations: weights, delays and constants of the nodes along one way, folded into one map. */
import { ConfigError } from "../base/errors.ts";
import { pathText } from "../base/parseWith.ts";
import {
  count,
  fieldComplaint,
  nodeComplaint,
  type PlacedNode,
  requireField,
  requireFields,
} from "./graph.ts";

/**
 * From `columns` values to `rows` neurons. Without a matrix each value goes to its own neuron; then `weight` and `delay`
 * have a value each, else they are [row][column], row-major.
 */
export interface Link {
  readonly rows: number;
  readonly columns: number;
  readonly isMatrix: boolean;
  readonly weight: Float64Array;
  /** In the file's unit; undefined for none. */
  readonly delay: Float64Array | undefined;
  /** Of the projection as this program wrote it, if it did. */
  readonly projection: number | undefined;
}

export function direct(size: number): Link {
  return {
    rows: size,
    columns: size,
    isMatrix: false,
    weight: new Float64Array(size).fill(1),
    delay: undefined,
    projection: undefined,
  };
}

/** The link with a node before it, seen from the population that it leads to. */
export interface Extended {
  readonly link: Link;
  /** Constant that the node adds, one a row of the link; undefined for none. */
  readonly constant: Float64Array | undefined;
}

/** @throws ConfigError a node that has no meaning here, or a field that does not fit */
export function extended(link: Link, node: PlacedNode): Extended {
  switch (node.type) {
    case "Linear":
      requireFields(node, ["weight"]);
      return { link: withMatrix(link, node), constant: undefined };
    case "Affine": {
      requireFields(node, ["weight", "bias"]);
      return { link: withMatrix(link, node), constant: constantOf(link, node) };
    }
    case "Scale":
      requireFields(node, ["scale"]);
      return { link: withScale(link, vector(link, node, "scale")), constant: undefined };
    case "Delay":
      requireFields(node, ["delay"]);
      return { link: withDelay(link, node), constant: undefined };
    case "Flatten":
      // Values keep their order; what it is of first dimensions, time or trials, is not part of a network.
      return { link, constant: undefined };
    default:
      throw nodeComplaint(node, "expected a node that passes spikes on");
  }
}

function vector(link: Link, node: PlacedNode, field: string): Float64Array {
  const { shape, values } = requireField(node, field);
  if (count(shape) !== link.columns)
    throw fieldComplaint(node, [field], `expected ${link.columns} values, as many as it leads to`, shape);
  return values;
}

function withScale(link: Link, scale: Float64Array): Link {
  return { ...link, weight: link.weight.map((value, k) => times(value, scale[k % link.columns]!)) };
}

/** A factor of one changes no bit, also where NaN would have come of an infinite one. */
function times(a: number, b: number): number {
  if (a === 1) return b;
  return b === 1 ? a : a * b;
}

function withDelay(link: Link, node: PlacedNode): Link {
  const delay = vector(link, node, "delay");
  const bad = delay.findIndex((value) => value < 0);
  if (bad >= 0) throw fieldComplaint(node, ["delay", bad], "expected a number ≥ 0", delay[bad]);
  const before = link.delay;
  return {
    ...link,
    delay: link.weight.map((_, k) => {
      const added = delay[k % link.columns]!;
      return before === undefined ? added : before[k]! + added;
    }),
  };
}

/** Larger matrices do not fit into memory with their gradients. */
const mostEntries = 2 ** 26;

function withMatrix(link: Link, node: PlacedNode): Link {
  const { shape, values } = requireField(node, "weight");
  const [rows, columns] = shape;
  if (shape.length !== 2 || rows === 0 || columns === 0)
    throw fieldComplaint(node, ["weight"], "expected shape [out, in]", shape);
  if (rows !== link.columns)
    throw fieldComplaint(node, ["weight"], `expected ${link.columns} rows, as many as it leads to`, shape);
  const projection = projectionOf(node) ?? link.projection;
  const made = { rows: link.rows, columns: columns!, isMatrix: true, projection };
  if (made.rows * made.columns > mostEntries)
    throw fieldComplaint(node, ["weight"], `expected at most ${mostEntries} synapses`, shape);
  if (link.isMatrix) return product(link, values, made, node);
  const { weight, delay } = link;
  const rowOf = (k: number) => Math.floor(k / made.columns);
  return {
    ...made,
    weight: values.map((value, k) => times(value, weight[rowOf(k)]!)),
    delay: delay && values.map((_, k) => delay[rowOf(k)]!),
  };
}

/** A matrix before another: sums in the order of the values between them. */
function product(
  { weight: after, delay, columns: between }: Link,
  values: Float64Array,
  made: Omit<Link, "weight" | "delay">,
  node: PlacedNode,
): Link {
  const { rows, columns } = made;
  const weight = new Float64Array(rows * columns);
  for (let j = 0; j < rows; j++) {
    for (let k = 0; k < between; k++) {
      if (delay && delay[j * between + k] !== delay[j * between])
        throw nodeComplaint(
          node,
          "expected no Linear or Affine before a Delay of several lengths that leads to another: a synapse would have several delays",
        );
      const factor = after[j * between + k]!;
      for (let i = 0; i < columns; i++) weight[j * columns + i]! += factor * values[k * columns + i]!;
    }
  }
  return {
    ...made,
    weight,
    delay: delay && weight.map((_, at) => delay[Math.floor(at / columns) * between]!),
  };
}

function projectionOf({ metadata }: PlacedNode): number | undefined {
  const found = metadata.get("projection");
  if (found === undefined || typeof found === "string") return undefined;
  const [index = -1] = found.values;
  return Number.isInteger(index) && index >= 0 ? index : undefined;
}

/** The bias of an Affine as it arrives. */
function constantOf(link: Link, node: PlacedNode): Float64Array | undefined {
  const bias = vector(link, node, "bias");
  if (bias.every((value) => value === 0)) return undefined;
  const { rows, columns, weight, delay, isMatrix } = link;
  const late = delay?.findIndex((time, k) => time > 0 && bias[k % columns] !== 0 && weight[k] !== 0) ?? -1;
  if (late >= 0)
    throw new ConfigError(
      `${node.source}: ${pathText([...node.place, "bias", late % columns])}: expected 0 before a Delay: a constant that begins when the delay has passed cannot be had here, got ${bias[late % columns]}`,
    );
  if (!isMatrix) return bias.map((value, k) => times(value, weight[k]!));
  return Float64Array.from({ length: rows }, (_, j) => {
    let sum = 0;
    for (let k = 0; k < columns; k++) sum += weight[j * columns + k]! * bias[k]!;
    return sum;
  });
}
