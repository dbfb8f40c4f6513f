/** From a network to a NIR graph. */
import { complaint } from "../base/parseWith.ts";
import { checkOptions, oneOf, optionRules } from "../engine/checks.ts";
import { inputName, type Network, type Population, preOf } from "../model/network.ts";
import { parameters } from "../model/parameters.ts";
import type { Metadata, NirArray, NirEdge, NirGraph, NirNode } from "./graph.ts";
import { type Part, partsOf } from "./parts.ts";
import { perMillisecond, type TimeUnit, timeUnits } from "./timeUnit.ts";
import { asProperty, type Wording } from "./wording.ts";

/** How a network is written as NIR. */
export interface NirWriteOptions {
  /** Of the file's times; default `ms`, with which reading gives back the same bits. The file says which. */
  readonly timeUnit?: TimeUnit | undefined;
  /**
   * What becomes of a v0 other than the bias or an i0 other than 0, for which NIR has no field: `refuse` (the default), or
   * `metadata`, where only goldspike reads them.
   */
  readonly start?: "refuse" | "metadata" | undefined;
  /** Most distinct delays of one projection, each of which takes a matrix; default 64. */
  readonly mostDelays?: number | undefined;
}

/**
 * @param source starts messages
 * @param wording how these name options
 * @throws ConfigError one line that names what NIR cannot express
 */
export function exportNetwork(
  network: Network,
  source: string,
  options: NirWriteOptions = {},
  wording: Wording = asProperty,
): NirGraph {
  checkOptions(options, {
    timeUnit: oneOf(timeUnits),
    start: oneOf(["refuse", "metadata"]),
    mostDelays: optionRules.maxEvents,
  });
  const { timeUnit = "ms", start = "refuse", mostDelays = 64 } = options;
  requireSenders(network, source);
  const parts = network.projections.map(({ from, weight, delay }, k) =>
    partsOf(weight, delay, preOf(network, { from }), {
      source,
      path: ["projections", k, "delay"],
      most: mostDelays,
      wording,
    }),
  );
  const made = new Making(perMillisecond(timeUnit));
  made.add(inputName, "Input", { shape: vector([network.inputChannels]) });
  const nodeOf = new Map([[inputName, inputName]]);
  /** Of projections whose first part brings a constant with it. */
  const constants = new Map<number, Float64Array>();
  for (const [k, population] of network.populations.entries()) {
    const carrier = network.projections.findIndex(
      ({ to }, p) => to === population.name && parts[p]![0]!.side === "pre",
    );
    const isCarried = carrier >= 0 && isFiltered(population);
    if (isCarried)
      constants.set(
        carrier,
        population.i0.map((value) => -value),
      );
    else if (start === "refuse") requireStart(population, k, source, wording);
    nodeOf.set(population.name, made.population(population, k, isCarried));
  }
  for (const [k, { from, to }] of network.projections.entries())
    for (const [n, part] of parts[k]!.entries()) {
      const ends: NirEdge = [nodeOf.get(from)!, nodeOf.get(to)!];
      made.part(ends, part, k, n === 0 ? constants.get(k) : undefined);
    }
  for (const { name, size } of endsOf(network))
    made.edges.push([nodeOf.get(name)!, made.add("output", "Output", { shape: vector([size]) })]);
  return {
    type: "NIRGraph",
    nodes: made.nodes,
    edges: made.edges,
    metadata: new Map([["time_unit", timeUnit]]),
  };
}

function vector(values: readonly number[] | Float64Array): NirArray {
  return { shape: [values.length], values: Float64Array.from(values) };
}

function index(value: number): NirArray {
  return { shape: [], values: Float64Array.of(value) };
}

class Making {
  readonly nodes = new Map<string, NirNode>();
  readonly edges: NirEdge[] = [];
  readonly #factor: number;

  constructor(factor: number) {
    this.#factor = factor;
  }

  /** @returns its name, which is the wanted one if no other node has it and a file can */
  add(
    wanted: string,
    type: string,
    fields: Readonly<Record<string, NirArray>>,
    metadata: Metadata = new Map(),
  ): string {
    const plain = wanted.replaceAll("/", "_").replace(/^\.+$/, "_");
    let name = plain;
    for (let k = 1; this.nodes.has(name); k++) name = `${plain}_${k}`;
    this.nodes.set(name, { type, fields: new Map(Object.entries(fields)), metadata });
    return name;
  }

  /** @param isCarried whether an Affine brings it a constant */
  population(population: Population, k: number, isCarried: boolean): string {
    const { name, size, model, tauMem, tauSyn, threshold, reset, bias, v0, i0 } = population;
    const metadata = new Map<string, NirArray | string>([["population", index(k)]]);
    if (!isCarried && !isAtRest(population, "v0")) metadata.set("v0", vector(v0));
    if (!isAtRest(population, "i0")) metadata.set("i0", vector(i0));
    // The Affine's bias, times w_in, is it but for a rounding.
    if (isCarried) metadata.set("bias", vector(bias));
    const tau_syn = this.#times(tauSyn);
    const fields = {
      tau_syn,
      tau_mem: this.#times(tauMem),
      r: vector(new Float64Array(size).fill(1)),
      v_leak: vector(isCarried ? v0 : bias),
      // A spike of weight W then adds w_in W/tau_syn = W.
      w_in: tau_syn,
      ...(model === "lif" && { v_threshold: vector(threshold), v_reset: vector(reset) }),
    };
    const node = this.add(name, model === "lif" ? "CubaLIF" : "CubaLI", fields, metadata);
    if (node !== name) metadata.set("name", name);
    return node;
  }

  /** Linear, or Affine with a constant current for each neuron, and the Delay before or behind it. */
  part(
    [from, to]: NirEdge,
    { weight, columns, delay, side }: Part,
    projection: number,
    constant: Float64Array | undefined,
  ): void {
    const matrix = { weight: { shape: [weight.length / columns, columns], values: weight } };
    const metadata = new Map([["projection", index(projection)]]);
    const wIn = this.nodes.get(to)!.fields.get("w_in")!.values;
    const linear = constant
      ? this.add(
          `${from}_${to}`,
          "Affine",
          { ...matrix, bias: vector(constant.map((value, j) => value / wIn[j]!)) },
          metadata,
        )
      : this.add(`${from}_${to}`, "Linear", matrix, metadata);
    const way = [from, linear, to];
    if (delay)
      way.splice(
        side === "pre" ? 1 : 2,
        0,
        this.add(`${linear}_delay`, "Delay", { delay: this.#times(delay) }),
      );
    for (const [k, node] of way.slice(1).entries()) this.edges.push([way[k]!, node]);
  }

  #times(values: Float64Array): NirArray {
    return vector(this.#factor === 1 ? values : values.map((time) => time / this.#factor));
  }
}

/** How a neuron starts where nothing else is said. */
function atRest({ bias }: Population, key: "v0" | "i0", j: number): number {
  return key === "v0" ? bias[j]! : 0;
}

/** A negative zero differs from zero, though it makes no difference. */
function isAtRest(population: Population, key: "v0" | "i0"): boolean {
  return population[key].every((value, j) => Object.is(value, atRest(population, key, j)));
}

/** A constant that reached the synapse at time 0, when V was at its leak and I was 0: an Affine's bias. */
function isFiltered({ bias, v0, i0 }: Population): boolean {
  return i0.some((value) => value !== 0) && bias.every((value, j) => value === v0[j]! - i0[j]!);
}

function requireStart(population: Population, k: number, source: string, wording: Wording): void {
  for (const key of ["v0", "i0"] as const) {
    const j = population[key].findIndex((value, at) => value !== atRest(population, key, at));
    if (j < 0) continue;
    throw complaint(
      source,
      ["populations", k, parameters[key].file, j],
      `expected ${atRest(population, key, j)}${key === "v0" ? ", the bias" : ""}: NIR has no field for how a neuron starts (${wording("start", "metadata")} keeps it where only goldspike looks)`,
      population[key][j],
    );
  }
}

function requireSenders({ populations, projections }: Network, source: string): void {
  for (const [k, { from }] of projections.entries())
    if (populations.some(({ name, model }) => name === from && model === "li"))
      throw complaint(
        source,
        ["projections", k, "from"],
        "expected a population that spikes: in NIR a CubaLI would send its voltage",
        from,
      );
  if (!projections.some(({ from }) => from === inputName))
    throw complaint(
      source,
      ["projections"],
      `expected one from "${inputName}", without which no NIR graph begins`,
      undefined,
    );
}

/** Populations that project to none but themselves; if there are none, the last. */
function endsOf({ populations, projections }: Network): readonly Population[] {
  const ends = populations.filter(
    ({ name }) => !projections.some(({ from, to }) => from === name && to !== name),
  );
  return ends.length > 0 ? ends : populations.slice(-1);
}
