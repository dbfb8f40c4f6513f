/** Nodes that become populations: CubaLIF and CubaLI, and LIF or LI behind an LI that is their synapse. */
import { complaint } from "../base/parseWith.ts";
import type { Model } from "../model/parameters.ts";
import { type Convention, type Gains, gainsOf } from "./dialects.ts";
import type { FlatGraph } from "./flatten.ts";
import {
  fieldComplaint,
  type NirArray,
  nodeComplaint,
  optionalField,
  type PlacedNode,
  requireField,
  requireFields,
  shapeText,
} from "./graph.ts";

/** A population in the making; arrays have a value a neuron, times in the file's unit. */
export interface Neurons {
  /** Of the node, in the flat graph. */
  readonly node: string;
  readonly placed: PlacedNode;
  /** The node that spikes lead to: itself, or its synapse. */
  readonly entry: string;
  readonly model: Model;
  readonly size: number;
  readonly tauMem: Float64Array;
  readonly tauSyn: Float64Array;
  readonly threshold: Float64Array;
  readonly reset: Float64Array;
  readonly leak: Float64Array;
  /** Constant current beside the leak. */
  readonly drive: Float64Array;
  readonly gains: readonly Gains[];
}

export const neuronTypes = ["CubaLIF", "CubaLI", "LIF", "LI"];
const spikingFields = ["v_threshold", "v_reset"];
const cubaFields = ["tau_syn", "tau_mem", "r", "v_leak", "w_in"];
const plainFields = ["tau", "r", "v_leak"];

/** Every population of the graph. @throws ConfigError naming a node without a meaning here, or a field that does not fit */
export function neuronsOf(graph: FlatGraph, convention: Convention): Neurons[] {
  const synapses = synapsesOf(graph);
  return [...graph.nodes].flatMap(([name, node]) => {
    if (!neuronTypes.includes(node.type) || synapses.has(name)) return [];
    const known = node.type.startsWith("Cuba") ? cubaFields : plainFields;
    requireFields(node, node.type.endsWith("LIF") ? [...known, ...spikingFields] : known);
    return [
      node.type.startsWith("Cuba")
        ? cuba(name, node, graph, convention)
        : behindSynapse(name, node, graph, convention),
    ];
  });
}

/** LI nodes that lead to LIF or LI, one to one. */
function synapsesOf({ nodes, out }: FlatGraph): Set<string> {
  const isPlain = (name: string) => ["LIF", "LI"].includes(nodes.get(name)!.type);
  return new Set(
    [...nodes].flatMap(([name, { type }]) => (type === "LI" && out.get(name)!.some(isPlain) ? [name] : [])),
  );
}

function cuba(name: string, node: PlacedNode, graph: FlatGraph, convention: Convention): Neurons {
  const read = reader(name, node, graph);
  const [tauMem, tauSyn, r] = [read("tau_mem"), read("tau_syn"), read("r")];
  const wIn = read("w_in", 1);
  const gains = Array.from(tauMem, (_, j) =>
    gainsOf(node, j, { tauMem: tauMem[j]!, tauSyn: tauSyn[j]!, r: r[j]!, wIn: wIn[j]! }, convention),
  );
  return {
    ...common(name, node, read),
    entry: name,
    tauMem,
    tauSyn,
    drive: new Float64Array(tauMem.length),
    gains,
  };
}

function common(name: string, node: PlacedNode, read: Read) {
  const model: Model = node.type.endsWith("LIF") ? "lif" : "li";
  const leak = read("v_leak");
  const size = leak.length;
  const threshold = model === "lif" ? read("v_threshold") : new Float64Array(size).fill(1);
  const reset = model === "lif" ? read("v_reset", 0) : new Float64Array(size);
  return { node: name, placed: node, model, size, threshold, reset, leak };
}

/** tau v̇ = −v + r S of an LI without spikes is a synapse's current: a spike adds r W/tau, and tau is its time constant. */
function behindSynapse(name: string, node: PlacedNode, graph: FlatGraph, convention: Convention): Neurons {
  const [before, ...more] = graph.into.get(name)!;
  const synapse = before === undefined ? undefined : graph.nodes.get(before)!;
  if (synapse?.type !== "LI" || more.length > 0)
    throw nodeComplaint(
      node,
      `expected CubaLIF, CubaLI, or an LI before it that is its synapse: without a current a spike makes V itself jump, which neurons here cannot`,
    );
  if (convention.dialect !== "nir")
    throw nodeComplaint(node, `expected CubaLIF or CubaLI in the dialect ${convention.dialect}`);
  requireFields(synapse, plainFields);
  const read = reader(name, node, graph);
  const [tauMem, r] = [read("tau"), read("r")];
  const ofSynapse = reader(before!, synapse, graph);
  const tauSyn = ofSynapse("tau");
  if (tauSyn.length !== tauMem.length)
    throw fieldComplaint(
      synapse,
      ["tau"],
      `expected ${tauMem.length} numbers, as ${name} has`,
      tauSyn.length,
    );
  const [wIn, leak] = [ofSynapse("r"), ofSynapse("v_leak")];
  const gains = Array.from(tauMem, (_, j) =>
    gainsOf(node, j, { tauMem: tauMem[j]!, tauSyn: tauSyn[j]!, r: r[j]!, wIn: wIn[j]! }, convention),
  );
  const drive = leak.map((v, j) => r[j]! * v);
  return { ...common(name, node, read), entry: before!, tauMem, tauSyn, drive, gains };
}

/** The values of a field, one a neuron; `otherwise` where the field is not there. */
type Read = (field: string, otherwise?: number) => Float64Array;

/** All fields of neurons have one shape; single numbers without any stand for all neurons, as many as come before. */
function reader(name: string, node: PlacedNode, graph: FlatGraph): Read {
  const [reference] = node.type.startsWith("Cuba") ? ["tau_mem"] : ["tau"];
  const { shape } = requireField(node, reference!);
  const size = shape.length === 0 ? (widthBefore(name, graph) ?? 1) : undefined;
  const spread = ({ values }: NirArray) => new Float64Array(size ?? 1).fill(values[0]!);
  return (field, otherwise) => {
    const found = otherwise === undefined ? requireField(node, field) : optionalField(node, field);
    const length = size ?? shape.reduce((product, n) => product * n, 1);
    if (length === 0) throw fieldComplaint(node, [field], "expected at least one neuron", shape);
    if (!found) return new Float64Array(length).fill(otherwise!);
    const isSame = found.shape.length === shape.length && found.shape.every((n, k) => n === shape[k]);
    const isBroadcast = field === "w_in" && found.values.length === 1;
    if (!isSame && !isBroadcast)
      throw fieldComplaint(node, [field], `expected ${shapeText(shape)}, as ${reference} has`, found.shape);
    if (size !== undefined) return spread(found);
    return isSame ? found.values : new Float64Array(length).fill(found.values[0]!);
  };
}

/** Rows of the nearest matrix that leads to a node. */
function widthBefore(name: string, { nodes, into }: FlatGraph): number | undefined {
  const seen = new Set([name]);
  // It grows while it is gone through.
  for (const at of seen) {
    const shape = nodes.get(at)!.fields.get("weight")?.shape;
    if (shape?.length === 2) return shape[0];
    for (const before of into.get(at)!) seen.add(before);
  }
  return undefined;
}

/** @throws ConfigError the field of a node that a parameter came from, where its value is none that neurons here can have */
export function requireLegal({ placed, model, threshold, reset }: Neurons): void {
  if (model !== "lif") return;
  for (const [j, value] of reset.entries())
    if (!(value < threshold[j]!))
      throw complaint(
        placed.source,
        [...placed.place, "v_reset", j],
        `expected a number below v_threshold, ${threshold[j]}`,
        value,
      );
}
