/** The package nir reads what is written here, type checks included, and what it writes is read here, bit for bit. */
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { exportNetwork } from "../../src/nir/exportNetwork.ts";
import { isGraph, type NirGraph } from "../../src/nir/graph.ts";
import { readGraph } from "../../src/nir/readGraph.ts";
import { ConfigError, readNir, writeNir } from "../../src/nir.ts";
import { temporaryFolder } from "../support/temporaryFolder.ts";
import { expressible } from "./expressible.ts";
import { pythonWith } from "./python.ts";

const found = pythonWith("nir==1.0.8", "h5py==3.16.0", "numpy==2.4.6");
if (!found.python) console.warn(`skipped: ${found.reason}`);
const python = found.python!;
const folder = temporaryFolder();
const patience = 600_000;

/** Bits of every array, by node and field, and the edges, in some order. */
function bits({ nodes, edges }: NirGraph): unknown {
  const fields = [...nodes].flatMap(([name, node]) =>
    isGraph(node)
      ? []
      : [...node.fields].map(([field, { values }]) => [`${name}.${field}`, [...values].map(hexOf)] as const),
  );
  return { fields: Object.fromEntries(fields), edges: edges.map((edge) => edge.join(" > ")).sort() };
}

function hexOf(value: number): string {
  return Buffer.from(Float64Array.of(value).buffer).toString("hex");
}

const reading = `
import json, sys
import nir, numpy as np
for path in sys.argv[1:]:
    graph = nir.read(path, type_check=True)
    fields = {}
    for name, node in graph.nodes.items():
        its = vars(node)
        for field, value in its.items():
            if isinstance(value, np.ndarray):
                fields[f"{name}.{field}"] = [x.tobytes().hex() for x in value.astype(np.float64).ravel()]
        if "shape" in node.to_dict():
            fields[f"{name}.shape"] = [np.float64(x).tobytes().hex() for x in np.atleast_1d(node.to_dict()["shape"])]
    print(json.dumps({"fields": fields, "edges": sorted(f"{a} > {b}" for a, b in graph.edges)}))
    nir.write(path + ".again.nir", graph)
`;

test.runIf(python)(
  "random networks, there and back",
  async () => {
    const networks = fc.sample(expressible, { numRuns: 10, seed: 11 });
    const paths = networks.map((_, k) => join(folder, `${k}.nir`));
    for (const [k, network] of networks.entries()) await writeNir(network, paths[k]!, { start: "metadata" });
    const lines = python
      .run(reading, ...paths)
      .trimEnd()
      .split("\n");
    for (const [k, network] of networks.entries()) {
      const graph = exportNetwork(network, "network", { start: "metadata" });
      const read = JSON.parse(lines[k]!) as { fields: Record<string, string[]>; edges: string[] };
      // The package puts an Input before each node that nothing leads to.
      const isOurs = (name: string) => graph.nodes.has(name.split(" > ")[0]!.replace(/\.[a-z_]+$/, ""));
      const fields = Object.fromEntries(Object.entries(read.fields).filter(([name]) => isOurs(name)));
      expect({ fields, edges: read.edges.filter(isOurs) }).toEqual(bits(graph));
      expect(await readNir(`${paths[k]}.again.nir`)).toStrictEqual(network);
    }
  },
  patience,
);

/**
 * Graphs of the kinds that the package's own tests build of the nodes that have a meaning here: sequences, cycles, graphs in
 * graphs, branches, integers as parameters.
 */
const writing = `
import sys
import nir, numpy as np
folder = sys.argv[1]
rng = np.random.default_rng(3)
def affine(i, o): return nir.Affine(weight=rng.normal(size=(o, i)), bias=rng.normal(size=o))
def linear(i, o): return nir.Linear(weight=rng.normal(size=(o, i)))
def lif(n): return nir.CubaLIF(tau_syn=np.full(n, 5), tau_mem=np.full(n, 20), r=np.ones(n), v_leak=np.zeros(n), v_threshold=np.ones(n), w_in=5.0)
def li(n): return nir.CubaLI(tau_syn=np.full(n, 5), tau_mem=np.full(n, 20), r=np.ones(n), v_leak=np.full(n, 0.25))
def plain(n): return nir.LIF(tau=np.full(n, 10), r=np.ones(n), v_leak=np.zeros(n), v_threshold=np.ones(n))
def synapse(n): return nir.LI(tau=np.full(n, 4), r=np.full(n, 4), v_leak=np.zeros(n))
i, o = lambda n: nir.Input(np.array([n])), lambda n: nir.Output(np.array([n]))
graphs = {
    "sequence": nir.NIRGraph.from_list(affine(2, 3), lif(3), linear(3, 2), li(2)),
    "delays": nir.NIRGraph.from_list(nir.Delay(np.array([1, 2])), linear(2, 3), nir.Delay(np.array([0.5, 0.1, 0.2])), lif(3)),
    "scale": nir.NIRGraph.from_list(nir.Scale(np.array([1, 2, 4])), linear(3, 3), nir.Scale(np.array([0.5, 2, 8])), lif(3)),
    "cycle": nir.NIRGraph({"i": i(2), "a": affine(2, 2), "b": lif(2), "o": o(2)}, [("i", "a"), ("a", "b"), ("b", "a"), ("b", "o")]),
    "nested": nir.NIRGraph({"i": i(2), "w": linear(2, 3), "block": nir.NIRGraph({"in": i(3), "lif": lif(3), "w": linear(3, 3), "out": o(3)},
        [("in", "lif"), ("lif", "w"), ("w", "lif"), ("lif", "out")]), "o": o(3)}, [("i", "w"), ("w", "block"), ("block", "o")]),
    "merged": nir.NIRGraph({"i": i(2), "a": linear(2, 3), "b": lif(3), "c": linear(3, 2), "d": linear(2, 2), "e": lif(2), "o": o(2)},
        [("i", "a"), ("a", "b"), ("b", "c"), ("c", "e"), ("i", "d"), ("d", "e"), ("e", "o")]),
    "synapse": nir.NIRGraph.from_list(linear(2, 3), synapse(3), plain(3)),
    "direct": nir.NIRGraph.from_list(lif(3)),
    "flattened": nir.NIRGraph.from_list(i(6), linear(6, 2), lif(2)),
    "float16": nir.NIRGraph.from_list(nir.Linear(np.array([[0.1, -2], [65504, 6e-8], [-0.0, 1]]).astype(np.float16)), lif(3)),
    "float32": nir.NIRGraph.from_list(nir.Linear(rng.normal(size=(3, 2)).astype(np.float32)), lif(3)),
    "two_inputs": nir.NIRGraph({"i": i(2), "j": i(1), "a": linear(2, 3), "b": linear(1, 3), "c": lif(3), "o": o(3)},
        [("i", "a"), ("a", "c"), ("j", "b"), ("b", "c"), ("c", "o")]),
}
for name, graph in graphs.items():
    nir.write(f"{folder}/{name}.nir", graph)
print(" ".join(graphs))
`;

/** Channels, then sizes of populations, then ends of projections. */
const outlines: Readonly<Record<string, string>> = {
  sequence: "2 | cubalif 3, cubali 2 | input>cubalif, cubalif>cubali",
  delays: "2 | cubalif 3 | input>cubalif",
  scale: "3 | cubalif 3 | input>cubalif",
  cycle: "2 | b 2 | input>b, b>b",
  nested: "2 | block.lif 3 | input>block.lif, block.lif>block.lif",
  merged: "2 | b 3, e 2 | input>b, input>e, b>e",
  synapse: "2 | lif 3 | input>lif",
  direct: "3 | cubalif 3 | input>cubalif",
  flattened: "6 | cubalif 2 | input>cubalif",
  float16: "2 | cubalif 3 | input>cubalif",
  float32: "2 | cubalif 3 | input>cubalif",
  two_inputs: "3 | c 3 | input>c, input>c",
};

test.runIf(python)(
  "graphs of its own making",
  async () => {
    const names = python.run(writing, folder).trim().split(" ");
    expect(names).toEqual(Object.keys(outlines));
    for (const name of names) {
      const { inputChannels, populations, projections } = await readNir(join(folder, `${name}.nir`), {
        timeUnit: "ms",
      });
      const sizes = populations.map((one) => `${one.name} ${one.size}`).join(", ");
      const ends = projections.map(({ from, to }) => `${from}>${to}`).sort(byInput);
      expect([name, `${inputChannels} | ${sizes} | ${ends.join(", ")}`]).toEqual([name, outlines[name]]);
    }
    const graph = await readGraph(join(folder, "sequence.nir"));
    const sequence = await readNir(join(folder, "sequence.nir"), { timeUnit: "ms" });
    const fieldOf = (node: string, field: string) => {
      const one = graph.nodes.get(node)!;
      return isGraph(one) ? undefined : one.fields.get(field)!.values;
    };
    // w_in = tau_syn: weights as they are, and a bias b drives I to tau_syn b, from none at time 0.
    expect(sequence.projections[0]!.weight).toEqual(fieldOf("affine", "weight"));
    expect(sequence.populations[0]!.bias).toEqual(fieldOf("affine", "bias")!.map((b) => 5 * b));
    expect(sequence.populations[0]!.i0).toEqual(fieldOf("affine", "bias")!.map((b) => -5 * b));
    // w_in = tau_syn = 5: the weights are the numbers of 16 bits, exactly.
    const half = await readNir(join(folder, "float16.nir"), { timeUnit: "ms" });
    expect(half.projections[0]!.weight).toEqual(Float64Array.of(1638 / 2 ** 14, -2, 65504, 2 ** -24, -0, 1));
    // w_in = 1: a spike adds W/tau_syn.
    expect(sequence.projections[1]!.weight).toEqual(fieldOf("linear", "weight")!.map((w) => w * (1 / 5)));
    const { bias, v0 } = sequence.populations[1]!;
    expect([...bias, ...v0]).toEqual([0.25, 0.25, 0.25, 0.25]);
    const {
      projections: [delayed],
    } = await readNir(join(folder, "delays.nir"), { timeUnit: "ms" });
    expect([...(delayed!.delay as Float64Array)]).toEqual([1.5, 2.5, 1.1, 2.1, 1.2, 2.2]);
  },
  patience,
);

/** As the package's own test has it: positions of arguments let v_reset be 3 and v_threshold 0. */
const contradictory = `
import sys
import nir, numpy as np
one = np.array([1, 1, 1])
graph = nir.NIRGraph.from_list(nir.Linear(np.ones((3, 2))), nir.CubaLIF(one, 2 * one, one, one, 0 * one, 3 * one, w_in=2 * one))
nir.write(sys.argv[1], graph)
`;

test.runIf(python)("a reset above the threshold is read, and refused", { timeout: patience }, async () => {
  const path = join(folder, "contradictory.nir");
  python.run(contradictory, path);
  expect((await readGraph(path)).nodes.size).toBe(4);
  const read = readNir(path, { timeUnit: "ms" });
  await expect(read).rejects.toThrow(ConfigError);
  await expect(read).rejects.toThrow(
    `${path}: nodes.cubalif.v_reset[0]: expected a number below v_threshold, 0, got 3`,
  );
});

function byInput(a: string, b: string): number {
  return Number(b.startsWith("input")) - Number(a.startsWith("input")) || (a < b ? -1 : 1);
}
