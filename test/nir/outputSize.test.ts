/** An Output has as many values as the neurons that lead to it. */
import { expect, test } from "vitest";
import { ConfigError } from "../../src/index.ts";
import type { NirArray, NirEdge, NirGraph, NirNode } from "../../src/nir/graph.ts";
import { importGraph } from "../../src/nir/importGraph.ts";

const vector = (...values: number[]): NirArray => ({
  shape: [values.length],
  values: Float64Array.from(values),
});

function node(type: string, fields: Readonly<Record<string, NirArray>>): NirNode {
  return { type, fields: new Map(Object.entries(fields)), metadata: new Map() };
}

const li = (size: number) => {
  const all = (value: number) => vector(...new Array<number>(size).fill(value));
  return node("CubaLI", { tau_syn: all(5), tau_mem: all(20), r: all(1), v_leak: all(0), w_in: all(5) });
};

function graph(outputShape: NirArray, second: number): NirGraph {
  const nodes = {
    input: node("Input", { shape: vector(1) }),
    a: node("Linear", { weight: { shape: [2, 1], values: Float64Array.of(1, 2) } }),
    b: node("Linear", { weight: { shape: [second, 1], values: new Float64Array(second).fill(1) } }),
    first: li(2),
    second: li(second),
    output: node("Output", { shape: outputShape }),
  };
  const edges: NirEdge[] = [
    ["input", "a"],
    ["a", "first"],
    ["first", "output"],
    ["input", "b"],
    ["b", "second"],
    ["second", "output"],
  ];
  return { type: "NIRGraph", nodes: new Map(Object.entries(nodes)), edges, metadata: new Map() };
}

const read = (outputShape: NirArray, second: number) =>
  importGraph(graph(outputShape, second), "a.nir", { timeUnit: "ms" });

test("as many values as neurons are read, in whatever dimensions", async () => {
  expect((await read(vector(2), 2)).populations).toHaveLength(2);
  expect((await read(vector(2, 1), 2)).populations).toHaveLength(2);
});

test.each([
  [vector(7), 2, "a.nir: nodes.output.shape: expected 2 values, as many as first has, got 7"],
  [vector(2), 3, "a.nir: nodes.output.shape: expected 3 values, as many as second has, got 2"],
  [vector(0), 2, "a.nir: nodes.output.shape: expected integers ≥ 1, got [0]"],
])("another number is refused", async (shape, second, line) => {
  await expect(read(shape, second)).rejects.toThrow(new ConfigError(line));
});
