/** What programs hand over, looked at before the kernel sees it: the types say it all, but not every caller has them. */
import { complaint } from "../base/parseWith.ts";
import { checkInput } from "../model/checkInput.ts";
import { checkDelay, checkEnds, checkPopulations, checkSize } from "../model/checkNetwork.ts";
import { mostNeurons, type Network, type Population, preOf, type SpikeTrain } from "../model/network.ts";
import { parameterNames, timeComplaint } from "../model/parameters.ts";

/** Whether a value is a typed array of this name, also one of another realm. */
export function isTyped(value: unknown, name: "Float64Array" | "Int32Array" | "Uint32Array"): boolean {
  return Object.prototype.toString.call(value) === `[object ${name}]`;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

/**
 * @param known every key that there is, and what may be there; undefined where nothing need be
 * @throws ConfigError for an unknown key, or a value that is not what it must be
 */
export function checkOptions(
  options: unknown,
  known: Readonly<Record<string, (value: unknown) => string | undefined>>,
): void {
  if (!isObject(options)) throw complaint("options", [], "expected an object", options);
  for (const [key, value] of Object.entries(options)) {
    if (!Object.hasOwn(known, key))
      throw complaint(
        "options",
        [key],
        `unknown key (expected one of ${Object.keys(known).join(", ")})`,
        value,
      );
  }
  for (const [key, complaintOf] of Object.entries(known)) {
    const wrong = complaintOf(options[key]);
    if (wrong !== undefined) throw complaint("options", [key], wrong, options[key]);
  }
}

const integerFrom = (least: number, isOptional: boolean) => (value: unknown) =>
  (isOptional && value === undefined) || (Number.isInteger(value) && (value as number) >= least)
    ? undefined
    : `expected an integer ≥ ${least}`;

/** An option that is on, off, or left out. */
export const flagRule = (value: unknown): string | undefined =>
  value === undefined || typeof value === "boolean" ? undefined : "expected true or false";

/** An option that is one of some words, or left out. */
export function oneOf(words: readonly string[]): (value: unknown) => string | undefined {
  return (value) =>
    value === undefined || words.includes(value as string)
      ? undefined
      : `expected ${words.map((word) => `"${word}"`).join(" or ")}`;
}

/** What options may be. */
export const optionRules = {
  precision: (value: unknown) =>
    value === undefined || value === "f64" || value === "f32" ? undefined : 'expected "f64" or "f32"',
  duration: (value: unknown) =>
    typeof value === "number" ? timeComplaint(value) : "expected a positive number",
  maxInputSpikes: integerFrom(0, false),
  maxEvents: integerFrom(1, true),
  maxReadings: integerFrom(0, true),
  closestGraze: flagRule,
  repetitions: integerFrom(1, false),
  gradients: (value: unknown) =>
    value === "weights" || value === "all" ? undefined : 'expected "weights" or "all"',
};

/** @throws ConfigError as `checkInput`; for anything that is no input */
export function checkSpikeTrain(input: SpikeTrain, channels: number, duration: number): void {
  if (!isObject(input)) throw complaint("input", [], "expected an object with times and sources", input);
  const { times, sources } = input;
  if (!isTyped(times, "Float64Array")) throw complaint("input", ["times"], "expected a Float64Array", times);
  if (!isTyped(sources, "Int32Array"))
    throw complaint("input", ["sources"], "expected an Int32Array", sources);
  checkInput(input, channels, duration, "input", []);
}

/**
 * @throws ConfigError for anything that is no network: arrays of another type or length, names that do not exist, values that
 *   `buildNetwork` would refuse
 */
export function checkNetwork(network: Network): void {
  if (!isObject(network)) throw complaint("network", [], "expected a network", network);
  const { inputChannels, populations, projections } = network;
  if (!Number.isInteger(inputChannels) || inputChannels < 1 || inputChannels > mostNeurons)
    throw complaint(
      "network",
      ["inputChannels"],
      `expected an integer from 1 to ${mostNeurons}`,
      inputChannels,
    );
  for (const [key, list] of Object.entries({ populations, projections }))
    if (!Array.isArray(list)) throw complaint("network", [key], "expected an array", list);
  for (const [k, population] of populations.entries()) checkArrays(population, ["populations", k]);
  checkPopulations(populations, { source: "network", path: [], place: (_, key, j) => [key, j] });
  for (const [k, projection] of projections.entries()) {
    const path = ["projections", k];
    checkEnds(projection, populations, path, "network");
    const pre = preOf(network, projection);
    const post = populations.find(({ name }) => name === projection.to)!.size;
    checkSynapses(projection.weight, pre * post, [...path, "weight"]);
    if (typeof projection.delay !== "number") checkSynapses(projection.delay, pre * post, [...path, "delay"]);
    checkDelay(projection, pre, [...path, "delay"], "network");
  }
  checkSize(inputChannels, populations, projections, [], "network");
}

function checkArrays(population: Population, path: readonly PropertyKey[]): void {
  for (const key of parameterNames) {
    const values: Float64Array = population[key];
    if (!isTyped(values, "Float64Array"))
      throw complaint("network", [...path, key], "expected a Float64Array", values);
    if (values.length !== population.size)
      throw complaint(
        "network",
        [...path, key],
        `expected ${population.size} numbers`,
        `${values.length} numbers`,
      );
  }
}

/** @throws ConfigError unless it is `count` finite numbers, shape [post][pre] */
export function checkSynapses(values: unknown, count: number, path: readonly PropertyKey[]): void {
  if (!isTyped(values, "Float64Array")) throw complaint("network", path, "expected a Float64Array", values);
  const numbers = values as Float64Array;
  if (numbers.length !== count)
    throw complaint("network", path, `expected ${count} numbers, [post][pre]`, `${numbers.length} numbers`);
  for (let k = 0; k < count; k++)
    if (!Number.isFinite(numbers[k]))
      throw complaint("network", [...path, k], "expected a finite number", numbers[k]);
}
