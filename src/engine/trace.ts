/** Where a trace looks, and what it has seen there. */
import { complaint } from "../base/parseWith.ts";
import type { Network, Population } from "../model/network.ts";
import type { PopulationTrace, Trace } from "../model/solution.ts";
import { isTyped } from "./checks.ts";
import type { ReadingPlace, Readings } from "./readings.ts";

/** Indices of neurons by population, or all of them. */
export type TracedNeurons = Readonly<Record<string, readonly number[] | "all">>;

function traced(
  { populations }: Network,
  neurons: TracedNeurons,
): { readonly population: Population; readonly indices: readonly number[] }[] {
  if (typeof neurons !== "object" || neurons === null)
    throw complaint("neurons", [], "expected an object of indices by population", neurons);
  return Object.entries(neurons).map(([name, given]) => {
    const population = populations.find((one) => one.name === name);
    if (!population) throw complaint("neurons", [name], "expected the name of a population", name);
    if (given === "all") return { population, indices: Array.from({ length: population.size }, (_, j) => j) };
    if (!Array.isArray(given)) throw complaint("neurons", [name], 'expected indices or "all"', given);
    const bad = given.findIndex((j) => !Number.isInteger(j) || j < 0 || j >= population.size);
    if (bad >= 0)
      throw complaint(
        "neurons",
        [name, bad],
        `expected an integer from 0 to ${population.size - 1}`,
        given[bad],
      );
    return { population, indices: given };
  });
}

/**
 * Time by time, population by population.
 *
 * @throws ConfigError for a time or a neuron that does not exist, or more places than there is room for
 */
export function tracePlaces(
  network: Network,
  times: Float64Array,
  neurons: TracedNeurons,
  { duration, maxReadings }: { readonly duration: number; readonly maxReadings: number },
): ReadingPlace[] {
  if (!isTyped(times, "Float64Array")) throw complaint("times", [], "expected a Float64Array", times);
  for (const [k, time] of times.entries()) {
    if (!(time > 0 && time <= duration))
      throw complaint("times", [k], `expected a time in (0, ${duration}]`, time);
    if (k > 0 && time < times[k - 1]!)
      throw complaint("times", [k], `expected a time ≥ the one before, ${times[k - 1]}`, time);
  }
  const columns = traced(network, neurons).flatMap(({ population, indices }) =>
    indices.map((neuron) => ({ population: population.name, neuron })),
  );
  if (times.length * columns.length > maxReadings)
    throw complaint(
      "neurons",
      [],
      `expected at most maxReadings (${maxReadings}) places in all`,
      times.length * columns.length,
    );
  return Array.from(times).flatMap((time) => columns.map((column) => ({ ...column, time })));
}

/** @param places number of readings of the trace, which are the last ones */
export function traceOf(
  network: Network,
  times: Float64Array,
  neurons: TracedNeurons,
  readings: Readings,
  places: number,
): Trace {
  const last = (field: "v" | "i" | "gv" | "gi") => {
    const values = readings.values(field);
    return values.subarray(values.length - places);
  };
  const fields = { v: last("v"), i: last("i"), gv: last("gv"), gi: last("gi") };
  const width = times.length === 0 ? 0 : places / times.length;
  let column = 0;
  const populations = traced(network, neurons).map(({ population, indices }) => {
    const first = column;
    column += indices.length;
    const part = (values: Float64Array, factor: (j: number) => number) =>
      Float64Array.from({ length: times.length * indices.length }, (_, k) => {
        const [row, n] = [Math.floor(k / indices.length), k % indices.length];
        return factor(indices[n]!) * values[row * width + first + n]!;
      });
    const trace: PopulationTrace = {
      neurons: indices,
      v: part(fields.v, () => 1),
      i: part(fields.i, () => 1),
      lambdaV: part(fields.gv, (j) => -1 / population.tauMem[j]!),
      lambdaI: part(fields.gi, (j) => -1 / population.tauSyn[j]!),
    };
    return [population.name, trace] as const;
  });
  return { times, populations: Object.fromEntries(populations) };
}
