/** From a NIR graph to a network. */
import { ConfigError } from "../base/errors.ts";
import { complaint, pathText } from "../base/parseWith.ts";
import { checkOptions, flagRule, oneOf } from "../engine/checks.ts";
import { elementary } from "../engine/kernel/elementary.ts";
import { checkSize } from "../model/checkNetwork.ts";
import { inputName, mostNeurons, type Network, type Population } from "../model/network.ts";
import { parameterComplaint, parameters } from "../model/parameters.ts";
import { type Convention, dialects, type NirDialect } from "./dialects.ts";
import { type FlatGraph, flatten } from "./flatten.ts";
import { fieldComplaint, type NirGraph, type NirNode, type PlacedNode } from "./graph.ts";
import { type Neurons, neuronsOf, requireLegal } from "./neurons.ts";
import { populationOrder } from "./order.ts";
import { projectionsOf } from "./projections.ts";
import { perMillisecond, requirePlausible, type TimeUnit, timeUnitOf, timeUnits } from "./timeUnit.ts";
import { type Arrivals, arrivalsAt, inputSize, requireEnds, requireKnown } from "./ways.ts";
import { asProperty, type Wording } from "./wording.ts";

/** How a NIR file is to be understood. */
export interface NirReadOptions {
  /** Of the file's times; needed unless the file says it, as those that goldspike writes do. */
  readonly timeUnit?: TimeUnit | undefined;
  /** Whose conventions the file follows; default `nir`, the definition's. */
  readonly dialect?: NirDialect | undefined;
  /** V and I at time 0, for which NIR has no field: `rest` (V = v_leak, I = 0; the default) or `zero`. */
  readonly start?: "rest" | "zero" | undefined;
  /** Time step of the program that wrote the file, ms, where the dialect asks for it. */
  readonly step?: number | undefined;
  /** Takes time constants that no neuron is known to have; default false: they make the unit doubtful. */
  readonly anyTimes?: boolean | undefined;
}

/**
 * @param source the file's name, starts messages
 * @param wording how these name options
 * @throws ConfigError one line that names node and field of the first thing that has no meaning here
 */
export async function importGraph(
  graph: NirGraph,
  source: string,
  options: NirReadOptions = {},
  wording: Wording = asProperty,
): Promise<Network> {
  checkOptions(options, {
    timeUnit: oneOf(timeUnits),
    dialect: oneOf(dialects),
    start: oneOf(["rest", "zero"]),
    step: (value) => (value === undefined || (value as number) > 0 ? undefined : "expected a number > 0"),
    anyTimes: flagRule,
  });
  const unit = timeUnitOf(graph, options.timeUnit, source, wording);
  const flat = flatten(withoutAdded(graph), source);
  requireKnown(flat);
  // What the file says itself needs no second thought.
  if (!options.anyTimes && graph.metadata.get("time_unit") === undefined)
    requirePlausible(flat, unit, wording);
  const factor = perMillisecond(unit);
  const convention: Convention = {
    dialect: options.dialect ?? "nir",
    step: options.step === undefined ? undefined : options.step / factor,
    second: unit === "s" ? 1 : 1000,
    exp: (await elementary()).exp,
    wording,
  };
  const neurons = new Map(neuronsOf(flat, convention).map((one) => [one.node, one]));
  requireEnds(flat, neurons);
  const ordered = populationOrder(flat, [...neurons.values()]);
  const channels = channelsOf(flat);
  const arrivals = ordered.map((one) => arrivalsAt(flat, one, neurons));
  const populations = ordered.map((one, k) =>
    populationOf(one, arrivals[k]!, factor, options.start ?? "rest", convention),
  );
  requireNames(populations, ordered);
  const nameOf = new Map(ordered.map(({ node }, k) => [node, populations[k]!.name]));
  const projections = projectionsOf(ordered, arrivals, nameOf, channels, factor);
  checkSize(channels.total, populations, projections, [], source);
  return { inputChannels: channels.total, populations, projections };
}

/**
 * The package `nir` puts an Input before every node that nothing leads to, which for populations of this program's networks
 * is an input that nobody has.
 */
function withoutAdded(graph: NirGraph): NirGraph {
  const isAdded = (name: string, node: NirNode | NirGraph) => {
    const target = graph.edges.find(([from]) => from === name)?.[1] ?? "";
    const isOurs = graph.nodes.get(target)?.metadata.has("population");
    return node.type === "Input" && isNamedFor(name, target) && isOurs && graph.nodes.has(inputName);
  };
  const nodes = new Map([...graph.nodes].filter(([name, node]) => !isAdded(name, node)));
  const edges = graph.edges.filter(
    ([from, to]) => nodes.has(from) || !graph.nodes.has(from) || !nodes.has(to),
  );
  return { ...graph, nodes, edges };
}

/** As the package names it: with a number where another node has that name. */
function isNamedFor(name: string, target: string): boolean {
  const plain = `input_${target}`;
  return name === plain || (name.startsWith(plain) && /^_\d+$/.test(name.slice(plain.length)));
}

/** Input nodes side by side, in the order of their names. */
function channelsOf({ nodes, source }: FlatGraph): {
  readonly total: number;
  readonly first: ReadonlyMap<string, number>;
} {
  const first = new Map<string, number>();
  let total = 0;
  for (const [name, node] of nodes) {
    if (node.type !== "Input") continue;
    first.set(name, total);
    total += inputSize(node);
  }
  if (total > mostNeurons)
    throw complaint(source, ["nodes"], `expected at most ${mostNeurons} channels of input`, total);
  return { total, first };
}

function populationOf(
  neurons: Neurons,
  arrivals: Arrivals,
  factor: number,
  start: "rest" | "zero",
  convention: Convention,
): Population {
  const { placed, model, size, threshold, reset, leak, drive } = neurons;
  const inMs = (times: Float64Array) => (factor === 1 ? times.slice() : times.map((time) => time * factor));
  const constant = constantCurrents(neurons, arrivals, convention);
  const own = (name: "v0" | "i0" | "bias") => {
    const found = placed.metadata.get(name);
    return typeof found === "object" && found.values.length === size ? found.values.slice() : undefined;
  };
  /** What was written, if fields still say the same but for roundings. */
  const exact = (name: "i0" | "bias", said: Float64Array) => {
    const written = own(name);
    const isSame = written?.every(
      (value, j) => Math.abs(value - said[j]!) <= 1e-12 * (Math.abs(leak[j]!) + Math.abs(constant[j]!)),
    );
    return isSame ? written! : said;
  };
  const started = constant.map((value) => (value === 0 ? 0 : -value));
  const sum = (k: number, ...terms: readonly Float64Array[]) =>
    terms.reduce((total, { [k]: term = 0 }) => (term === 0 ? total : total + term), leak[k]!);
  const population = {
    name: nameOf(placed, neurons.node),
    size,
    model,
    tauMem: inMs(neurons.tauMem),
    tauSyn: inMs(neurons.tauSyn),
    threshold: threshold.slice(),
    reset: reset.slice(),
    bias: exact(
      "bias",
      leak.map((_, k) => sum(k, drive, constant)),
    ),
    v0: own("v0") ?? (start === "rest" ? leak.slice() : new Float64Array(size)),
    // The constant, which is there at once, and I = -constant at time 0 are the course of a synapse that begins empty.
    i0: (arrivals.constant ? exact("i0", started) : own("i0")) ?? started,
  };
  requireLegal(neurons);
  requireValues(population, neurons, convention.wording);
  return population;
}

function constantCurrents(
  { gains, size }: Neurons,
  { constant, affine }: Arrivals,
  { dialect, wording }: Convention,
): Float64Array {
  const currents = new Float64Array(size);
  if (!constant) return currents;
  for (const [j, value] of constant.entries()) {
    const gain = gains[j]!.constant;
    if (value !== 0 && gain === undefined)
      throw fieldComplaint(
        affine!,
        ["bias"],
        `expected 0 in the dialect ${dialect}, where a bias is added once a time step, or ${wording("step")} with its length`,
        value,
      );
    if (value !== 0) currents[j] = gain! * value;
  }
  return currents;
}

/** Where a parameter comes from, in NIR. */
const fields = {
  tauMem: "tau_mem",
  tauSyn: "tau_syn",
  threshold: "v_threshold",
  reset: "v_reset",
  bias: "v_leak",
  v0: "v_leak",
  i0: "w_in",
};

function requireValues(population: Population, { placed }: Neurons, wording: Wording): void {
  for (const key of Object.keys(fields) as (keyof typeof fields)[])
    for (const [j, value] of population[key].entries()) {
      const threshold = { value: population.threshold[j]!, neuron: j };
      const wrong = parameterComplaint(key, population.model, value, threshold);
      if (wrong === undefined) continue;
      const way = key === "v0" ? `; ${wording("start", "zero")} starts it at 0` : "";
      throw new ConfigError(
        `${placed.source}: ${pathText([...placed.place, fieldName(fields[key], placed), j])}: as ${parameters[key].file} here: ${wrong}, got ${value}${way}`,
      );
    }
}

function fieldName(field: string, { type }: PlacedNode): string {
  return type.startsWith("Cuba") || !field.startsWith("tau") ? field : "tau";
}

function nameOf({ metadata }: PlacedNode, node: string): string {
  const found = metadata.get("name");
  return typeof found === "string" ? found : node;
}

function requireNames(populations: readonly Population[], neurons: readonly Neurons[]): void {
  for (const [k, { name }] of populations.entries()) {
    const { placed } = neurons[k]!;
    const isTaken = populations.findIndex((other) => other.name === name) < k;
    if (isTaken || name === inputName || name === "__proto__" || name === "")
      throw complaint(
        placed.source,
        placed.place,
        `expected a name of its own other than "${inputName}"`,
        name,
      );
  }
}
