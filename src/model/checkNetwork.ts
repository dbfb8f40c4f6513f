/** What must hold for the values of a network, wherever it came from. */
import { complaint } from "../base/parseWith.ts";
import { inputName, mostSynapses, type Population, type Projection } from "./network.ts";
import { type Parameter, parameterComplaint, parameterNames } from "./parameters.ts";

type Path = readonly PropertyKey[];

/** Where a network was described: starts and spells the error messages. */
export interface Origin {
  readonly source: string;
  /** Leads to the object with the keys `populations` and `projections`. */
  readonly path: Path;
  /** Path, in population k, of neuron j's value of a parameter. */
  readonly place: (k: number, key: Parameter, j: number) => Path;
}

/**
 * @throws ConfigError for a repeated name, a tau that is not positive, a neuron started or reset at or above threshold,
 *   or a number that is not finite
 */
export function checkPopulations(populations: readonly Population[], origin: Origin): void {
  populations.forEach((population, k) => {
    const path = [...origin.path, "populations", k];
    if (populations.findIndex(({ name }) => name === population.name) < k)
      throw complaint(origin.source, [...path, "name"], "expected a name not used before", population.name);
    checkValues(population, (key, j) => [...path, ...origin.place(k, key, j)], origin.source);
  });
}

function checkValues(
  population: Population,
  placeOf: (key: Parameter, j: number) => Path,
  source: string,
): void {
  const { model, threshold } = population;
  for (const key of parameterNames) {
    for (const [j, value] of population[key].entries()) {
      const wrong = parameterComplaint(key, model, value, { value: threshold[j]!, neuron: j });
      if (wrong !== undefined) throw complaint(source, placeOf(key, j), wrong, value);
    }
  }
}

/**
 * The populations that a projection joins, without which its shape has no meaning.
 *
 * @throws ConfigError if one does not exist
 */
export function checkEnds(
  { from, to }: Pick<Projection, "from" | "to">,
  populations: readonly Pick<Population, "name">[],
  path: Path,
  source: string,
): void {
  if (!populations.some(({ name }) => name === to))
    throw complaint(source, [...path, "to"], `expected ${names(populations)}`, to);
  if (from !== inputName && !populations.some(({ name }) => name === from))
    throw complaint(
      source,
      [...path, "from"],
      `expected ${names([{ name: inputName }, ...populations])}`,
      from,
    );
}

/**
 * Before any array of synapses is read or written: what is too much is told at once. Names that do not exist are left to
 * `checkEnds`.
 *
 * @param path of the object with the key `projections`
 * @throws ConfigError for more synapses than fit, naming the largest projection
 */
export function checkSize(
  inputChannels: number,
  populations: readonly Pick<Population, "name" | "size">[],
  projections: readonly Pick<Projection, "from" | "to">[],
  path: Path,
  source: string,
): void {
  const sizeOf = (name: string) => populations.find((population) => population.name === name)?.size;
  const counts = projections.map(({ from, to }) => (sizeOf(to) ?? 0) * (sizeOf(from) ?? inputChannels));
  const all = counts.reduce((sum, count) => sum + count, 0);
  if (all <= mostSynapses) return;
  const largest = counts.indexOf(counts.reduce((a, b) => Math.max(a, b)));
  throw complaint(
    source,
    [...path, "projections"],
    `expected at most ${mostSynapses} synapses in all (projections[${largest}] has ${counts[largest]})`,
    all,
  );
}

/**
 * @param path of the delay
 * @param pre neurons that send
 * @throws ConfigError for a negative or infinite delay
 */
export function checkDelay({ delay }: Projection, pre: number, path: Path, source: string): void {
  const legal = (value: number) => value >= 0 && value < Infinity;
  if (typeof delay === "number") {
    if (!legal(delay)) throw complaint(source, path, "expected a number ≥ 0", delay);
    return;
  }
  const bad = delay.findIndex((value) => !legal(value));
  if (bad < 0) return;
  throw complaint(source, [...path, Math.floor(bad / pre), bad % pre], "expected a number ≥ 0", delay[bad]);
}

function names(populations: readonly { readonly name: string }[]): string {
  return populations.map(({ name }) => JSON.stringify(name)).join(" or ");
}
