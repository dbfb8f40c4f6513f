/** Networks from a few numbers, for programs. */
import { complaint } from "../base/parseWith.ts";
import { checkDelay, checkEnds, checkPopulations } from "./checkNetwork.ts";
import { inputName, mostNeurons, type Network, type Population, type Projection } from "./network.ts";
import { type Model, mapParameters, type Parameters, parameterNames, parameters } from "./parameters.ts";

/** A number for the whole population, or one per neuron. */
export type Values = number | ArrayLike<number>;

/** Parameters of a population as `buildNetwork` takes them; what has a default may be left out. */
export type ParameterSpecification = {
  readonly [P in keyof Parameters as Parameters[P]["default"] extends number ? never : P]: Values;
} & {
  readonly [P in keyof Parameters as Parameters[P]["default"] extends number ? P : never]?: Values;
};

/** A population as `buildNetwork` takes it; units and defaults as in case files, times in ms. */
export interface PopulationSpecification extends ParameterSpecification {
  /** Unique in the network; not "input". */
  readonly name: string;
  /** Neurons, from 1 to 2²⁰. */
  readonly size: number;
  /** Default "lif". */
  readonly model?: Model;
}

/** A projection as `buildNetwork` takes it. */
export interface ProjectionSpecification {
  /** Name of the population that sends, or "input". */
  readonly from: string;
  /** Name of the population that receives. */
  readonly to: string;
  /** Jumps of the postsynaptic current, shape [post][pre], row-major. */
  readonly weight: ArrayLike<number>;
  /** ms, default 0: one number for all synapses, or shape [post][pre], row-major. */
  readonly delay?: Values;
}

/** A network as `buildNetwork` takes it. */
export interface NetworkSpecification {
  /** Channels of the input, from 1 to 2²⁰. */
  readonly inputChannels: number;
  /** In the order in which neurons that cross at one instant emit. */
  readonly populations: readonly PopulationSpecification[];
  /** Any population may project to any other and to itself. */
  readonly projections: readonly ProjectionSpecification[];
}

const source = "network";

/**
 * A network, defaults filled in and every value checked.
 *
 * @throws ConfigError one line that names the value, what was expected and what was found
 */
export function buildNetwork(specification: NetworkSpecification): Network {
  requireKeys(specification, networkKeys, []);
  const { inputChannels } = specification;
  requireCount(inputChannels, ["inputChannels"]);
  for (const key of ["populations", "projections"] as const)
    if (!Array.isArray(specification[key]))
      throw complaint(source, [key], "expected an array", specification[key]);
  const populations = specification.populations.map((population, k) => buildPopulation(population, k));
  checkPopulations(populations, { source, path: [], place: (_, key, j) => [key, j] });
  const projections = specification.projections.map((projection, k) =>
    buildProjection(projection, k, inputChannels, populations),
  );
  return { inputChannels, populations, projections };
}

/** What the types would have refused, for callers without them. */
function requireKeys(given: unknown, keys: readonly string[], path: readonly PropertyKey[]): void {
  if (typeof given !== "object" || given === null)
    throw complaint(source, path, `expected an object with the keys ${keys.join(", ")}`, given);
  const unknown = Object.keys(given).find((key) => !keys.includes(key));
  if (unknown !== undefined)
    throw complaint(source, path, `expected only the keys ${keys.join(", ")}`, unknown);
}

function requireCount(count: number, path: readonly PropertyKey[]): void {
  if (Number.isInteger(count) && count >= 1 && count <= mostNeurons) return;
  throw complaint(source, path, `expected an integer from 1 to ${mostNeurons}`, count);
}

function expand(values: Values, length: number, path: readonly PropertyKey[]): Float64Array {
  if (typeof values === "number") return new Float64Array(length).fill(values);
  const isList = typeof values === "object" && values !== null && typeof values.length === "number";
  if (!isList) throw complaint(source, path, `expected a number or ${length} numbers`, values);
  if (values.length !== length)
    throw complaint(source, path, `expected ${length} numbers`, `${values.length} numbers`);
  const bad = Array.prototype.findIndex.call(values, (value) => typeof value !== "number");
  if (bad >= 0) throw complaint(source, [...path, bad], "expected a number", values[bad]);
  return Float64Array.from(values);
}

const networkKeys = ["inputChannels", "populations", "projections"];
const populationKeys = ["name", "size", "model", ...parameterNames];
const projectionKeys = ["from", "to", "weight", "delay"];

function requirePopulation(given: PopulationSpecification, path: readonly PropertyKey[]): void {
  requireKeys(given, populationKeys, path);
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
  requireCount(given.size, [...path, "size"]);
}

function buildPopulation(given: PopulationSpecification, k: number): Population {
  const path = ["populations", k];
  requirePopulation(given, path);
  const { name, size, model = "lif" } = given;
  const values = mapParameters((parameter) => {
    const value = given[parameter] ?? parameters[parameter].default;
    const place = [...path, parameter];
    if (value === undefined)
      throw complaint(source, place, "expected a positive number or one per neuron", value);
    return expand(value, size, place);
  });
  return { name, size, model, ...values };
}

function buildProjection(
  given: ProjectionSpecification,
  k: number,
  inputChannels: number,
  populations: readonly Population[],
): Projection {
  const path = ["projections", k];
  requireKeys(given, projectionKeys, path);
  const { from, to, weight, delay = 0 } = given;
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
