/** Whatever has no meaning here is told in one line that names node and field. */
import { mkdirSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { buildNetwork, ConfigError, type NetworkSpecification } from "../../src/index.ts";
import { exportNetwork } from "../../src/nir/exportNetwork.ts";
import type { NirArray, NirEdge, NirGraph, NirNode } from "../../src/nir/graph.ts";
import { importGraph, type NirReadOptions } from "../../src/nir/importGraph.ts";
import { readNir, writeNir } from "../../src/nir.ts";
import { goldspike } from "../support/command.ts";
import { temporaryFolder } from "../support/temporaryFolder.ts";

const folder = temporaryFolder();

type Fields = Readonly<
  Record<string, NirArray | number | readonly number[] | readonly (readonly number[])[]>
>;

function array(value: Fields[string]): NirArray {
  if (typeof value === "number") return { shape: [], values: Float64Array.of(value) };
  if (!Array.isArray(value)) return value as NirArray;
  const rows = value as readonly (number | readonly number[])[];
  const shape = Array.isArray(rows[0]) ? [rows.length, rows[0].length] : [rows.length];
  return { shape, values: Float64Array.from(rows.flat() as number[]) };
}

function node(type: string, fields: Fields = {}): NirNode {
  const entries = Object.entries(fields).map(([name, value]) => [name, array(value)] as const);
  return { type, fields: new Map(entries), metadata: new Map() };
}

const lif = (changes: Fields = {}) =>
  node("CubaLIF", {
    tau_syn: [5, 5],
    tau_mem: [20, 20],
    r: [1, 1],
    v_leak: [0, 0],
    w_in: [5, 5],
    v_threshold: [1, 1],
    v_reset: [0, 0],
    ...changes,
  });
const linear = node("Linear", {
  weight: [
    [1, 2, 3],
    [4, 5, 6],
  ],
});
const input = node("Input", { shape: [3] });
const output = node("Output", { shape: [2] });
const edges: NirEdge[] = [
  ["input", "linear"],
  ["linear", "lif"],
  ["lif", "output"],
];

type Nodes = Readonly<Record<string, NirNode | NirGraph | undefined>>;

/** input → linear → lif → output, with these nodes in place of those or beside them. */
function graph(nodes: Nodes = {}, its: readonly NirEdge[] = edges): NirGraph {
  const all = Object.entries({ input, linear, lif: lif(), output, ...nodes });
  const there = all.flatMap(([name, one]) => (one ? [[name, one] as const] : []));
  return { type: "NIRGraph", nodes: new Map(there), edges: its, metadata: new Map() };
}

const without = (fields: NirNode, name: string): NirNode => ({
  ...fields,
  fields: new Map([...fields.fields].filter(([key]) => key !== name)),
});

const cases: readonly [what: string, graph: NirGraph, line: string, options?: NirReadOptions][] = [
  [
    "a field that is missing",
    graph({ lif: without(lif(), "r") }),
    "nodes.lif.r: expected the field r of CubaLIF, got nothing",
  ],
  [
    "a field of another kind of node",
    graph({ lif: lif({ beta: [1, 1] }) }),
    "nodes.lif.beta: unknown field of CubaLIF (expected tau_syn, tau_mem, r, v_leak, w_in, v_threshold, v_reset)",
  ],
  [
    "shapes that differ",
    graph({ lif: lif({ v_leak: [0, 0, 0] }) }),
    "nodes.lif.v_leak: expected shape [2], as tau_mem has, got [3]",
  ],
  [
    "NaN",
    graph({ lif: lif({ v_threshold: [1, Number.NaN] }) }),
    "nodes.lif.v_threshold[1]: expected a finite number, got NaN",
  ],
  [
    "an infinite weight",
    graph({
      linear: node("Linear", {
        weight: [
          [1, 2, 3],
          [4, Infinity, 6],
        ],
      }),
    }),
    "nodes.linear.weight[1][1]: expected a finite number, got Infinity",
  ],
  [
    "a time constant of zero",
    graph({ lif: lif({ tau_mem: [20, 0] }) }),
    "nodes.lif.tau_mem[1]: expected a positive number, got 0",
  ],
  [
    "a reset above the threshold",
    graph({ lif: lif({ v_reset: [0, 2] }) }),
    "nodes.lif.v_reset[1]: expected a number below v_threshold, 1, got 2",
  ],
  [
    "a leak above the threshold",
    graph({ lif: lif({ v_leak: [1.5, 0] }) }),
    'nodes.lif.v_leak[0]: as v0 here: expected a number below the threshold 1 of neuron 0, got 1.5; start: "zero" starts it at 0',
  ],
  [
    "a matrix that does not fit the neurons",
    graph({ linear: node("Linear", { weight: [[1, 2, 3]] }) }),
    "nodes.linear.weight: expected 2 rows, as many as it leads to, got [1, 3]",
  ],
  [
    "a matrix that does not fit the input",
    graph({ input: node("Input", { shape: [4] }) }),
    "nodes.input.shape: expected 3 values, as many as it leads to, got 4",
  ],
  [
    "a vector for a matrix",
    graph({ linear: node("Linear", { weight: [1, 2] }) }),
    "nodes.linear.weight: expected shape [out, in], got [2]",
  ],
  [
    "a delay that does not fit",
    graph({ d: node("Delay", { delay: [1, 2] }) }, [
      ["input", "d"],
      ["d", "linear"],
      ["linear", "lif"],
      ["lif", "output"],
    ]),
    "nodes.d.delay: expected 3 values, as many as it leads to, got [2]",
  ],
  [
    "a negative delay",
    graph({ d: node("Delay", { delay: [1, -2, 0] }) }, [
      ["input", "d"],
      ["d", "linear"],
      ["linear", "lif"],
      ["lif", "output"],
    ]),
    "nodes.d.delay[1]: expected a number ≥ 0, got -2",
  ],
  [
    "a bias before a delay",
    graph(
      {
        linear: node("Affine", {
          weight: [
            [1, 2, 3],
            [4, 5, 6],
          ],
          bias: [0, 1],
        }),
        d: node("Delay", { delay: [1, 2] }),
      },
      [
        ["input", "linear"],
        ["linear", "d"],
        ["d", "lif"],
        ["lif", "output"],
      ],
    ),
    "nodes.linear.bias[1]: expected 0 before a Delay: a constant that begins when the delay has passed cannot be had here, got 1",
  ],
  [
    "a LIF without a synapse",
    graph({
      lif: node("LIF", { tau: [20, 20], r: [1, 1], v_leak: [0, 0], v_threshold: [1, 1], v_reset: [0, 0] }),
    }),
    'nodes.lif: expected CubaLIF, CubaLI, or an LI before it that is its synapse: without a current a spike makes V itself jump, which neurons here cannot, got "LIF"',
  ],
  [
    "a kind of node that is not there",
    graph({ linear: node("Conv2d", { weight: [[1]] }) }),
    'nodes.linear: expected CubaLIF, CubaLI, LIF, LI, Linear, Affine, Scale, Delay, Flatten, Input, Output or NIRGraph, got "Conv2d"',
  ],
  [
    "a voltage that is sent on",
    graph({ li: node("CubaLI", { tau_syn: [5, 5], tau_mem: [9, 9], r: [1, 1], v_leak: [0, 0], w_in: 5 }) }, [
      ["input", "linear"],
      ["linear", "li"],
      ["li", "lif"],
      ["lif", "output"],
    ]),
    'nodes.li: expected edges to Output only, for it sends its voltage, which no neuron here receives, got "CubaLI"',
  ],
  [
    "a cycle without a neuron",
    graph({ s: node("Scale", { scale: [2, 2] }), t: node("Scale", { scale: [2, 2] }) }, [
      ...edges,
      ["s", "t"],
      ["t", "s"],
      ["t", "lif"],
    ]),
    'nodes.t: expected a neuron in every cycle, found one through this node that has none, got "Scale"',
  ],
  [
    "no input",
    graph({ input: undefined }, edges.slice(1)),
    "nodes: expected a node of type Input, got nothing",
  ],
  [
    "no output",
    graph({ output: undefined }, edges.slice(0, 2)),
    "nodes: expected a node of type Output, got nothing",
  ],
  [
    "an output that nothing leads to",
    graph({}, edges.slice(0, 2)),
    'nodes.output: expected an edge that leads to it from a neuron node, got "Output"',
  ],
  [
    "an output of no neuron",
    graph({}, [...edges, ["linear", "output"]]),
    'nodes.linear: expected a neuron node before output: there is no value here that is neither a spike nor a voltage, got "Linear"',
  ],
  [
    "no neuron",
    graph({ lif: undefined }, [
      ["input", "linear"],
      ["linear", "output"],
    ]),
    "nodes: expected a neuron node, CubaLIF or CubaLI, got nothing",
  ],
  [
    "an edge to nowhere",
    graph({}, [...edges, ["lif", "hidden"]]),
    'edges[3][1]: expected the name of a node of the graph, got "hidden"',
  ],
  [
    "an edge from nowhere",
    graph({}, [["in", "linear"], ...edges]),
    'edges[0][0]: expected the name of a node of the graph, got "in"',
  ],
  [
    "an inner graph without an output",
    graph({ lif: graph({ output: undefined, linear: undefined }, [["input", "lif"]]) }),
    "nodes.lif: expected one Output node in a graph that an edge leads from, found none",
  ],
  [
    "a population of the input's name",
    graph({ input: lif(), in: input }, [
      ["in", "linear"],
      ["linear", "input"],
      ["input", "output"],
    ]),
    'nodes.input: expected a name of its own other than "input", got "input"',
  ],
  [
    "seconds for milliseconds",
    graph({ lif: lif({ tau_mem: [0.02, 0.02], tau_syn: [0.005, 0.005] }) }),
    'nodes.lif.tau_syn[0]: expected 0.05 to 5000 ms (are times in s? timeUnit: "s"; anyTimes: true takes them as they are), got 0.005',
  ],
  [
    "milliseconds for seconds",
    graph(),
    'nodes.lif.tau_mem[0]: expected 0.00005 to 5 s (are times in ms? timeUnit: "ms"; anyTimes: true takes them as they are), got 20',
    { timeUnit: "s" },
  ],
  [
    "units that are mixed",
    graph({ lif: lif({ tau_mem: [2000, 2000], tau_syn: [0.05, 5] }) }),
    "nodes.lif.tau_syn[0]: expected time constants of one unit, at most 10000 times apart (the longest is 2000 ms in lif; anyTimes: true takes them as they are), got 0.05",
  ],
  [
    "a bias of Norse, whose part depends on the time step",
    graph({
      linear: node("Affine", {
        weight: [
          [1, 2, 3],
          [4, 5, 6],
        ],
        bias: [0, 1],
      }),
    }),
    "nodes.linear.bias: expected 0 in the dialect norse, where a bias is added once a time step, or step with its length, got 1",
    { dialect: "norse" },
  ],
  [
    "fields that snnTorch does not write",
    graph(),
    "nodes.lif.r[0]: expected tau_mem/dt = 200 with dt = 0.1, as snnTorch writes it (step says another dt), got 1",
    { dialect: "snntorch" },
  ],
  [
    "fields that spyx does not write",
    graph(),
    "nodes.lif.r[0]: expected a decay factor in (0, 1), as spyx writes it, got 1",
    { dialect: "spyx" },
  ],
];

describe("a graph with", () => {
  test.each(cases)("%s", async (_, given, line, options = {}) => {
    const refused = importGraph(given, "a.nir", { timeUnit: "ms", ...options });
    await expect(refused).rejects.toThrow(ConfigError);
    await expect(refused).rejects.toThrow(new ConfigError(`a.nir: ${line}`));
  });

  test("a node that nothing leads to and that has no meaning, or leads nowhere", async () => {
    const refused = (nodes: Nodes, its?: readonly NirEdge[]) =>
      importGraph(graph(nodes, its), "a.nir", { timeUnit: "ms" });
    await expect(refused({ odd: node("IF", { r: [1] }) })).rejects.toThrow(
      'a.nir: nodes.odd: expected CubaLIF, CubaLI, LIF, LI, Linear, Affine, Scale, Delay, Flatten, Input, Output or NIRGraph, got "IF"',
    );
    await expect(refused({ end: linear })).rejects.toThrow(
      'a.nir: nodes.end: expected an edge from it to a neuron node, got "Linear"',
    );
  });

  test("options that there are not", async () => {
    const unknown = importGraph(graph(), "a.nir", { dialect: "hxtorch" as "nir" });
    await expect(unknown).rejects.toThrow(
      'options: dialect: expected "nir" or "norse" or "snntorch" or "jaxsnn" or "spyx" or "rockpool", got "hxtorch"',
    );
    await expect(importGraph(graph(), "a.nir", { timeUnit: "us" as "ms" })).rejects.toThrow(
      'options: timeUnit: expected "ms" or "s", got "us"',
    );
  });

  test("a unit that nobody says", async () => {
    await expect(importGraph(graph(), "a.nir")).rejects.toThrow(
      'a.nir: does not say the unit of its times; say timeUnit: "ms" or timeUnit: "s" (snnTorch, Norse and Rockpool write s)',
    );
  });

  test("a unit other than the file's", async () => {
    const given = { ...graph(), metadata: new Map([["time_unit", "ms"]]) };
    await expect(importGraph(given, "a.nir", { timeUnit: "s" })).rejects.toThrow(
      'a.nir: metadata.time_unit: expected the s of timeUnit, or leave that away, got "ms"',
    );
  });

  test("nothing wrong is read", async () => {
    const { projections } = await importGraph(graph(), "a.nir", { timeUnit: "ms" });
    expect([...projections[0]!.weight]).toEqual([1, 2, 3, 4, 5, 6]);
  });
});

const network: NetworkSpecification = {
  inputChannels: 2,
  populations: [
    { name: "hidden", size: 2, tauMem: 20, tauSyn: 5 },
    { name: "output", size: 2, model: "li", tauMem: 20, tauSyn: 5 },
  ],
  projections: [
    { from: "input", to: "hidden", weight: [9, 2, 3, 8] },
    { from: "hidden", to: "output", weight: [1, -1, -1, 1] },
  ],
};

describe("a network with", () => {
  // biome-ignore lint/suspicious/noExplicitAny: to be changed at will
  const changed = (change: (given: any) => void) => {
    const given = structuredClone(network);
    change(given);
    return buildNetwork(given);
  };
  test.each([
    [
      "a V of its own at time 0",
      changed(({ populations }) => {
        populations[0].v0 = [0, 0.5];
      }),
      'populations[0].v0[1]: expected 0, the bias: NIR has no field for how a neuron starts (start: "metadata" keeps it where only goldspike looks), got 0.5',
    ],
    [
      "a current at time 0",
      changed(({ populations }) => {
        populations[1].i0 = 2;
      }),
      'populations[1].i0[0]: expected 0: NIR has no field for how a neuron starts (start: "metadata" keeps it where only goldspike looks), got 2',
    ],
    [
      "a projection from a readout",
      changed(({ projections }) => {
        projections.push({ from: "output", to: "hidden", weight: [1, 2, 3, 4] });
      }),
      'projections[2].from: expected a population that spikes: in NIR a CubaLI would send its voltage, got "output"',
    ],
    [
      "no input",
      changed(({ projections }) => {
        projections.shift();
      }),
      'projections: expected one from "input", without which no NIR graph begins, got nothing',
    ],
  ])("%s", (_, given, line) => {
    expect(() => exportNetwork(given, "net.json")).toThrow(new ConfigError(`net.json: ${line}`));
  });

  test("too many distinct delays", () => {
    const given = changed(({ projections }) => {
      projections[0].delay = [1, 2, 3, 4];
    });
    expect(() => exportNetwork(given, "net.json", { mostDelays: 3 })).toThrow(
      "net.json: projections[0].delay: expected at most 3 distinct delays, for each of which NIR takes a matrix (mostDelays allows more), got 4",
    );
  });
});

describe("a file that", () => {
  const whole = join(folder, "whole.nir");
  const at = (name: string, content: string | Uint8Array) => {
    const path = join(folder, name);
    writeFileSync(path, content);
    return path;
  };
  const refusal = (path: string) =>
    readNir(path).then(
      () => "read",
      (error: Error) => error.message,
    );

  test("is no HDF5, cut short, empty, a folder, or not there", async () => {
    await writeNir(buildNetwork(network), whole);
    const cut = at("cut.nir", readFileSync(whole));
    truncateSync(cut, 3000);
    mkdirSync(join(folder, "folder.nir"));
    for (const path of [at("text.nir", "weights"), at("empty.nir", ""), cut])
      expect(await refusal(path)).toMatch(
        /^\S+\.nir: not a whole HDF5 file \([^\n]+\), expected a NIR graph$/,
      );
    expect(await refusal(join(folder, "folder.nir"))).toMatch(/folder\.nir: cannot be read: it is a folder$/);
    expect(await refusal(join(folder, "none.nir"))).toMatch(
      /none\.nir: cannot be read: no such file or folder$/,
    );
  });

  test("is HDF5 of something else", async () => {
    const shd = new URL("../fixtures/shd.h5", import.meta.url).pathname;
    expect(await refusal(shd)).toBe(
      `${shd}: expected a NIR graph in the group /node, found only "extra", "labels", "spikes" in the file`,
    );
  });

  test("is there already, is as it was where writing is refused; a folder is no file", async () => {
    const before = readFileSync(whole);
    const li = buildNetwork({
      ...network,
      populations: [network.populations[0]!, { ...network.populations[1]!, v0: 1 }],
    });
    await expect(writeNir(li, whole)).rejects.toThrow(ConfigError);
    expect(readFileSync(whole).equals(before)).toBe(true);
    await expect(writeNir(buildNetwork(network), folder)).rejects.toThrow(
      `${folder}: cannot be written: it is a folder`,
    );
  });
});

test("the commands say it in one line and end with 2", { timeout: 120_000 }, async () => {
  const net = join(folder, "net.json");
  const nir = join(folder, "command.nir");
  await writeNir(buildNetwork(network), nir);
  const refused = async (...args: string[]) => {
    const { code, stderr } = await goldspike(args);
    expect([code, stderr.trimEnd().split("\n")[0]]).toEqual([2, expect.stringMatching(/^error: /)]);
    return stderr;
  };
  expect(await refused("nir", "import", nir, "--dialect", "spikingjelly", "-o", net)).toContain(
    "Allowed choices are nir, norse",
  );
  expect(await refused("nir", "import", nir, "-o", folder)).toContain(
    "expected a name that ends in .json, .npz, .safetensors",
  );
  expect(await refused("nir", "export", nir, "-o", nir)).toContain("command.nir: cannot be read");
  expect(await refused("export", "smoke/recurrence", "-o", join(folder, "x.nir"))).toContain(
    "goldspike nir export smoke/recurrence",
  );
  expect((await goldspike(["nir", "import", nir, "-o", net])).code).toBe(0);
  // Options are named as they are given here.
  expect(await refused("nir", "import", nir, "--time-unit", "s", "-o", net)).toContain(
    "the s of --time-unit, or",
  );
  const started = join(folder, "started.json");
  const { populations } = JSON.parse(readFileSync(net, "utf8"));
  populations[0].v0 = [0, 0.5];
  writeFileSync(started, JSON.stringify({ ...JSON.parse(readFileSync(net, "utf8")), populations }));
  expect(await refused("nir", "export", started, "-o", nir)).toContain("(--start metadata keeps it");
  expect((await goldspike(["nir", "import", nir, "--trial-of", "smoke/recurrence", "-o", net])).code).toBe(0);
  expect((await goldspike(["solve", net])).code).toBe(0);
});
