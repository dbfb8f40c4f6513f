/** From the populations and projections of a case file to a network, shapes and values checked. */
import { type ArraySource, type RawArray, readArray } from "../case/arrays.ts";
import { complaint } from "../parseWith.ts";
import { inputName, type Network, type PerNeuron, type Population, type Projection } from "./network.ts";
import type { RawPopulation, RawProjection } from "./schema.ts";

type Path = readonly PropertyKey[];

/**
 * @param path where the object with the keys `populations` and `projections` is
 * @throws ConfigError for a wrong shape, a tau that is not positive, a neuron started or reset at or above threshold, a
 *   negative delay, a repeated name, or a projection between populations that do not exist or cannot be joined
 */
export function parseNetwork(
  inputChannels: number,
  rawPopulations: readonly RawPopulation[],
  rawProjections: readonly RawProjection[],
  path: Path,
  from: ArraySource,
): Network {
  const populations = rawPopulations.map((raw, k) => parsePopulation(raw, [...path, "populations", k], from));
  for (const [k, { name }] of populations.entries()) {
    if (populations.findIndex((other) => other.name === name) < k) {
      throw complaint(
        from.source,
        [...path, "populations", k, "name"],
        "expected a name not used before",
        name,
      );
    }
  }
  const projections = rawProjections.map((raw, k) =>
    parseProjection(raw, inputChannels, populations, [...path, "projections", k], from),
  );
  return { inputChannels, populations, projections };
}

function parsePopulation(raw: RawPopulation, path: Path, from: ArraySource): Population {
  const perNeuron = (key: "tau_mem" | "tau_syn" | "threshold" | "reset" | "bias" | "v0" | "i0"): PerNeuron =>
    readPerNeuron(raw[key], [...path, key], raw.size, from);
  const population: Population = {
    name: raw.name,
    size: raw.size,
    model: raw.model,
    tauMem: perNeuron("tau_mem"),
    tauSyn: perNeuron("tau_syn"),
    threshold: perNeuron("threshold"),
    reset: perNeuron("reset"),
    bias: perNeuron("bias"),
    v0: perNeuron("v0"),
    i0: perNeuron("i0"),
  };
  const check = (
    key: "tau_mem" | "tau_syn" | "reset" | "v0",
    values: PerNeuron,
    bad: (k: number) => string | null,
  ) => {
    for (let k = 0; k < raw.size; k++) {
      const expected = bad(k);
      if (expected === null) continue;
      const place = typeof raw[key] === "number" ? [...path, key] : [...path, key, k];
      throw complaint(from.source, place, expected, values[k]);
    }
  };
  const { tauMem, tauSyn, threshold, reset, v0 } = population;
  check("tau_mem", tauMem, (k) => (tauMem[k]! > 0 ? null : "expected a positive number"));
  check("tau_syn", tauSyn, (k) => (tauSyn[k]! > 0 ? null : "expected a positive number"));
  if (raw.model === "lif") {
    check("reset", reset, (k) => (reset[k]! < threshold[k]! ? null : belowThreshold(threshold, k)));
    check("v0", v0, (k) => (v0[k]! < threshold[k]! ? null : belowThreshold(threshold, k)));
  }
  return population;
}

function belowThreshold(threshold: PerNeuron, k: number): string {
  return `expected a number below the threshold ${threshold[k]} of neuron ${k}`;
}

function readPerNeuron(raw: number | RawArray, path: Path, size: number, from: ArraySource): PerNeuron {
  return typeof raw === "number" ? new Float64Array(size).fill(raw) : readArray(raw, path, [size], from);
}

function parseProjection(
  raw: RawProjection,
  inputChannels: number,
  populations: readonly Population[],
  path: Path,
  from: ArraySource,
): Projection {
  const post = populations.find((population) => population.name === raw.to);
  if (post === undefined) {
    throw complaint(from.source, [...path, "to"], `expected ${names(populations)}`, raw.to);
  }
  const spiking = populations.filter((population) => population.model === "lif");
  const pre = spiking.find((population) => population.name === raw.from);
  if (pre === undefined && raw.from !== inputName) {
    throw complaint(
      from.source,
      [...path, "from"],
      `expected ${names([{ name: inputName }, ...spiking])} (only the input and "lif" populations send spikes)`,
      raw.from,
    );
  }
  const shape = [post.size, pre?.size ?? inputChannels];
  const weight = readArray(raw.weight, [...path, "weight"], shape, from);
  return { from: raw.from, to: raw.to, weight, delay: readDelay(raw.delay, [...path, "delay"], shape, from) };
}

function readDelay(
  raw: number | RawArray,
  path: Path,
  shape: readonly number[],
  from: ArraySource,
): number | Float64Array {
  const delay = typeof raw === "number" ? raw : readArray(raw, path, shape, from);
  const bad = typeof delay === "number" ? (delay < 0 ? 0 : -1) : delay.findIndex((value) => value < 0);
  if (bad < 0) return delay;
  const pre = shape[1]!;
  if (typeof delay === "number") throw complaint(from.source, path, "expected a number ≥ 0", delay);
  throw complaint(
    from.source,
    [...path, Math.floor(bad / pre), bad % pre],
    "expected a number ≥ 0",
    delay[bad],
  );
}

function names(populations: readonly { readonly name: string }[]): string {
  return populations.map(({ name }) => JSON.stringify(name)).join(" or ");
}
