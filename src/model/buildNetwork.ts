/** Networks from a few numbers, for programs. */
import { complaint } from "../base/parseWith.ts";
import { checkDelay, checkEnds, checkPopulations } from "./checkNetwork.ts";
import {
  inputName,
  type Model,
  mostNeurons,
  type Network,
  type PerNeuron,
  type Population,
  type Projection,
} from "./network.ts";

/** A number for the whole population, or one per neuron. */
export type Values = number | ArrayLike<number>;

/** A population as `buildNetwork` takes it; units and defaults as in case files, times in ms. */
export interface PopulationSpecification {
  readonly name: string;
  readonly size: number;
  /** Default "lif". */
  readonly model?: Model;
  readonly tauMem: Values;
  readonly tauSyn: Values;
  /** Default 1. */
  readonly threshold?: Values;
  /** Default 0, as all that follow. */
  readonly reset?: Values;
  readonly bias?: Values;
  readonly v0?: Values;
  readonly i0?: Values;
}

/** A projection as `buildNetwork` takes it: weight and delay (ms, default 0) as [post][pre], row-major. */
export interface ProjectionSpecification {
  readonly from: string;
  readonly to: string;
  readonly weight: ArrayLike<number>;
  readonly delay?: Values;
}

const source = "network";

/**
 * A network, defaults filled in and every value checked.
 *
 * @throws ConfigError one line that names the value, what was expected and what was found
 */
export function buildNetwork(specification: {
  readonly inputChannels: number;
  readonly populations: readonly PopulationSpecification[];
  readonly projections: readonly ProjectionSpecification[];
}): Network {
  const { inputChannels } = specification;
  requireCount(inputChannels, ["inputChannels"]);
  const populations = specification.populations.map((population, k) => buildPopulation(population, k));
  checkPopulations(populations, { source, path: [], place: (_, key, j) => [key, j] });
  const projections = specification.projections.map((projection, k) =>
    buildProjection(projection, k, inputChannels, populations),
  );
  return { inputChannels, populations, projections };
}

function requireCount(count: number, path: readonly PropertyKey[]): void {
  if (Number.isInteger(count) && count >= 1 && count <= mostNeurons) return;
  throw complaint(source, path, `expected an integer from 1 to ${mostNeurons}`, count);
}

function expand(values: Values, length: number, path: readonly PropertyKey[]): PerNeuron {
  if (typeof values === "number") return new Float64Array(length).fill(values);
  if (values.length !== length)
    throw complaint(source, path, `expected ${length} numbers`, `${values.length} numbers`);
  return Float64Array.from(values);
}

const populationKeys = [
  "name",
  "size",
  "model",
  "tauMem",
  "tauSyn",
  "threshold",
  "reset",
  "bias",
  "v0",
  "i0",
];

/** What the types would have refused, for callers without them. */
function requirePopulation(given: PopulationSpecification, path: readonly PropertyKey[]): void {
  const unknown = Object.keys(given).find((key) => !populationKeys.includes(key));
  if (unknown !== undefined)
    throw complaint(source, path, `expected only the keys ${populationKeys.join(", ")}`, unknown);
  const { name, model = "lif" } = given;
  if (typeof name !== "string" || name === "" || name === inputName || name === "__proto__")
    throw complaint(
      source,
      [...path, "name"],
      `expected a name other than "${inputName}" and "__proto__"`,
      name,
    );
  if (model !== "lif" && model !== "li")
    throw complaint(source, [...path, "model"], 'expected "lif" or "li"', model);
  for (const key of ["tauMem", "tauSyn"] as const)
    if (given[key] === undefined)
      throw complaint(source, [...path, key], "expected a positive number or one per neuron", given[key]);
}

function buildPopulation(given: PopulationSpecification, k: number): Population {
  const path = ["populations", k];
  requirePopulation(given, path);
  const { name, size, model = "lif", tauMem, tauSyn } = given;
  requireCount(size, [...path, "size"]);
  const { threshold = 1, reset = 0, bias = 0, v0 = 0, i0 = 0 } = given;
  return {
    name,
    size,
    model,
    tauMem: expand(tauMem, size, [...path, "tauMem"]),
    tauSyn: expand(tauSyn, size, [...path, "tauSyn"]),
    threshold: expand(threshold, size, [...path, "threshold"]),
    reset: expand(reset, size, [...path, "reset"]),
    bias: expand(bias, size, [...path, "bias"]),
    v0: expand(v0, size, [...path, "v0"]),
    i0: expand(i0, size, [...path, "i0"]),
  };
}

function buildProjection(
  { from, to, weight, delay = 0 }: ProjectionSpecification,
  k: number,
  inputChannels: number,
  populations: readonly Population[],
): Projection {
  const path = ["projections", k];
  checkEnds({ from, to }, populations, path, source);
  const sizeOf = (name: string) => populations.find((population) => population.name === name)?.size;
  const pre = sizeOf(from) ?? inputChannels;
  const synapses = sizeOf(to)! * pre;
  const projection = {
    from,
    to,
    weight: finite(expand(weight, synapses, [...path, "weight"]), [...path, "weight"]),
    delay: typeof delay === "number" ? delay : expand(delay, synapses, [...path, "delay"]),
  };
  checkDelay(projection, pre, [...path, "delay"], source);
  return projection;
}

function finite(values: Float64Array, path: readonly PropertyKey[]): Float64Array {
  const bad = values.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) throw complaint(source, [...path, bad], "expected a finite number", values[bad]);
  return values;
}
