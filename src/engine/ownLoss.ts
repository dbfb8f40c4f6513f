/** Losses of a program's own: it says how its loss changes with spike times and voltages; the engine does the rest. */
import { complaint } from "../base/parseWith.ts";
import type { VoltageTerm } from "../model/losses.ts";
import type { PopulationSpikes } from "../model/solution.ts";
import type { Trial } from "./trial.ts";

/** What a loss of one's own gets to see of a trial. */
export interface SeenTrial {
  /** Per `lif` population by name. */
  readonly spikes: Readonly<Record<string, PopulationSpikes>>;
  /** V at the places that the loss has named, in their order. */
  readonly voltages: Float64Array;
}

/** A loss's value, and its explicit derivatives: what is left out is 0. */
export interface OwnDerivatives {
  /** L, reported as it is. */
  readonly loss: number;
  /** ∂l/∂t of each spike, 1/ms, by `lif` population: one number a spike, in the order of its spikes. */
  readonly spikeTimes?: Readonly<Record<string, ArrayLike<number>>>;
  /** ∂l/∂V at the places that the loss has named, in their order. */
  readonly voltages?: ArrayLike<number>;
}

/** A loss of the program's own, for everything of the engine's that takes a loss. */
export interface OwnLoss {
  /** Tells it from the engine's losses. */
  readonly kind: "own";
  /** Where the loss looks at voltages; 0 < time ≤ T in ms; at an event's own time V is that just before it. */
  readonly voltages?: readonly Omit<VoltageTerm, "factor">[];
  /** Called once after the forward pass. */
  readonly evaluate: (trial: SeenTrial) => OwnDerivatives;
}

const source = "loss";

/**
 * Asks the program's loss about the trial that lies recorded, and makes what it says the trial's loss.
 *
 * @param spikes of the trial
 * @returns the loss's value
 * @throws ConfigError naming the entry: a wrong number of derivatives, one that is not finite, an unknown population
 */
export function applyOwnLoss(trial: Trial, loss: OwnLoss, spikes: SeenTrial["spikes"]): number {
  const seen = trial.readings.values("v");
  const voltages = seen.slice(0, loss.voltages?.length ?? 0);
  const found: unknown = loss.evaluate({ spikes, voltages });
  const { loss: value, spikeTimes, voltages: byVoltage } = checkedDerivatives(found, spikes, voltages.length);
  // What else is read, for a trace, adds nothing to the loss.
  const factors = seen.fill(0);
  factors.set(byVoltage);
  trial.applyLinear(spikeTimes, factors);
  return value;
}

/** @throws ConfigError naming the entry: an unknown key, places that are no list of places, no function */
export function checkOwnLoss(loss: OwnLoss): void {
  const { kind: _, voltages = [], evaluate, ...rest } = loss;
  requireNone(rest, "kind, voltages, evaluate");
  if (!Array.isArray(voltages)) throw complaint(source, ["voltages"], "expected a list of places", voltages);
  const bad = voltages.findIndex((place) => typeof place !== "object" || place === null);
  if (bad >= 0)
    throw complaint(source, ["voltages", bad], "expected {population, neuron, time}", voltages[bad]);
  if (typeof evaluate !== "function") throw complaint(source, ["evaluate"], "expected a function", evaluate);
}

/** @param rest what is left of an object without the keys that are `known` */
function requireNone(rest: object, known: string): void {
  for (const [key, value] of Object.entries(rest))
    throw complaint(source, [key], `unknown key (expected one of ${known})`, value);
}

interface Checked {
  readonly loss: number;
  readonly spikeTimes: Readonly<Record<string, readonly number[]>>;
  readonly voltages: readonly number[];
}

function checkedDerivatives(found: unknown, spikes: SeenTrial["spikes"], readings: number): Checked {
  if (typeof found !== "object" || found === null)
    throw complaint(source, ["evaluate"], "expected it to return {loss, spikeTimes, voltages}", found);
  const { loss, spikeTimes = {}, voltages, ...rest } = found as Partial<OwnDerivatives> & object;
  requireNone(rest, "loss, spikeTimes, voltages");
  if (typeof loss !== "number" || !Number.isFinite(loss))
    throw complaint(source, ["loss"], "expected a finite number", loss);
  if (typeof spikeTimes !== "object" || spikeTimes === null)
    throw complaint(source, ["spikeTimes"], "expected an object of numbers by population", spikeTimes);
  const byName = Object.entries(spikeTimes).map(([name, derivatives]) => {
    const path = ["spikeTimes", name];
    if (!Object.hasOwn(spikes, name))
      throw complaint(source, path, "expected the name of a lif population", name);
    const count = spikes[name]!.times.length;
    return [name, numbers(derivatives, count, path, "one for each of the population's spikes")];
  });
  return {
    loss,
    spikeTimes: Object.fromEntries(byName) as Checked["spikeTimes"],
    voltages:
      voltages === undefined
        ? new Array<number>(readings).fill(0)
        : numbers(voltages, readings, ["voltages"], "one for each place that the loss names"),
  };
}

function numbers(given: unknown, count: number, path: readonly PropertyKey[], why: string): number[] {
  const length = (given as { length?: unknown } | null)?.length;
  if (typeof given !== "object" || length !== count)
    throw complaint(
      source,
      path,
      `expected ${count} numbers, ${why}`,
      typeof given === "object" && typeof length === "number" ? length : given,
    );
  const values = Array.from(given as ArrayLike<unknown>);
  const bad = values.findIndex((value) => typeof value !== "number" || !Number.isFinite(value));
  if (bad >= 0) throw complaint(source, [...path, bad], "expected a finite number", values[bad]);
  return values as number[];
}
