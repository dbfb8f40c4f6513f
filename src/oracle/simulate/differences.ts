/** Derivatives of the loss as central differences, with a step far below what a double resolves. */
import { ConfigError } from "../../base/errors.ts";
import { type ExactCase, type NeuronParameter, neuronParameters } from "./exactCase.ts";
import { evaluateLoss } from "./loss.ts";
import { type Move, simulate, type Trial } from "./simulate.ts";

export type Entry =
  | {
      readonly of: "weight" | "delay";
      readonly projection: number;
      readonly post: number;
      readonly pre: number;
    }
  | { readonly of: NeuronParameter; readonly population: string; readonly neuron: number }
  | { readonly of: "inputTime"; readonly index: number }
  | SpikeTimeEntry;

/** The total derivative with respect to moving spike `index` of a population; all downstream responds. */
interface SpikeTimeEntry {
  readonly of: "spikeTime";
  readonly population: string;
  readonly index: number;
}

/**
 * (L(x + h) − L(x − h)) / 2h with h = 2^(−bits/3), 5e−20 by default: the error h² L‴/6 and the rounding 2^−bits/h are
 * both about 1e−39 times the derivatives. Throws if either step adds or removes a spike of any neuron.
 *
 * `base` is the trial of the case as it is.
 */
export function difference(exact: ExactCase, base: Trial, entry: Entry): number {
  const third = Math.floor(exact.math.bits / 3);
  const h = exact.math.one >> BigInt(third);
  const change = lossAt(exact, base, entry, h) - lossAt(exact, base, entry, -h);
  return exact.math.toNumber(change) * 2 ** (third - 1);
}

function lossAt(exact: ExactCase, base: Trial, entry: Entry, step: bigint): bigint {
  if (entry.of === "spikeTime") return lossOf(exact, base, entry, moveOf(exact, base, entry, step));
  const { values, index } = valueAt(exact, entry);
  const value = values[index];
  if (value === undefined) throw new Error(`no such entry: ${JSON.stringify(entry)}`);
  values[index] = value + step;
  try {
    return lossOf(exact, base, entry);
  } finally {
    values[index] = value;
  }
}

function lossOf(exact: ExactCase, base: Trial, entry: Entry, move?: Move): bigint {
  const trial = simulate(exact, move);
  if (spikeCounts(exact, trial) !== spikeCounts(exact, base))
    throw new ConfigError(
      `there is no derivative by ${Object.values(entry).join(" ")}: the smallest change of it adds or removes a spike`,
    );
  return evaluateLoss(exact, trial).loss;
}

/** Spikes of each neuron, as text to compare. The order between neurons may change where two coincide. */
export function spikeCounts({ populations }: ExactCase, trial: Trial): string {
  const counts = populations.map(({ size }, p) => {
    const count = Array<number>(size).fill(0);
    for (const neuron of trial.spikes[p]!.neurons) count[neuron]! += 1;
    return count;
  });
  return JSON.stringify(counts);
}

type Value = { readonly values: bigint[]; readonly index: number };

function valueAt(exact: ExactCase, entry: Exclude<Entry, SpikeTimeEntry>): Value {
  if (entry.of === "inputTime") return { values: exact.inputTimes, index: entry.index };
  if ("projection" in entry) {
    const { [entry.of]: values, preCount } = exact.projections[entry.projection]!;
    return { values, index: entry.post * preCount + entry.pre };
  }
  return { values: exact.populations[populationAt(exact, entry.population)]![entry.of], index: entry.neuron };
}

function moveOf(
  exact: ExactCase,
  base: Trial,
  { population: name, index }: SpikeTimeEntry,
  by: bigint,
): Move {
  const population = populationAt(exact, name);
  const { neurons } = base.spikes[population]!;
  const neuron = neurons[index];
  if (neuron === undefined) throw new Error(`${name} has no spike ${index}`);
  const ordinal = neurons.slice(0, index).filter((other) => other === neuron).length;
  return { population, neuron, ordinal, by };
}

export function populationAt({ populations }: ExactCase, name: string): number {
  const index = populations.findIndex((population) => population.name === name);
  if (index < 0) throw new Error(`no population is named ${name}`);
  return index;
}

/** Every entry of a case that its loss may depend on: spikes of `base` included if it is given. */
export function allEntries(exact: ExactCase, base?: Trial): Entry[] {
  const entries: Entry[] = [];
  for (const { name: population, size, model } of exact.populations)
    for (let neuron = 0; neuron < size; neuron++)
      for (const of of neuronParameters)
        if (model === "lif" || (of !== "threshold" && of !== "reset"))
          entries.push({ of, population, neuron });
  exact.projections.forEach(({ preCount, weight }, projection) => {
    for (let synapse = 0; synapse < weight.length; synapse++)
      for (const of of ["weight", "delay"] as const)
        entries.push({ of, projection, post: Math.floor(synapse / preCount), pre: synapse % preCount });
  });
  for (let index = 0; index < exact.inputTimes.length; index++) entries.push({ of: "inputTime", index });
  base?.spikes.forEach(({ times }, p) => {
    const { name: population } = exact.populations[p]!;
    for (let index = 0; index < times.length; index++) entries.push({ of: "spikeTime", population, index });
  });
  return entries;
}
