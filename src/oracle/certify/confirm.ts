/** Two ways to the same numbers: spike times with more digits, derivatives by differences. */
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { ConfigError } from "../../base/errors.ts";
import type { Adjoint } from "../simulate/adjoint.ts";
import { derivativeOf } from "../simulate/derivative.ts";
import { allEntries, type Entry } from "../simulate/differences.ts";
import type { ExactCase } from "../simulate/exactCase.ts";
import { keyOf } from "../simulate/keys.ts";
import type { Trial } from "../simulate/simulate.ts";
import { isLarge } from "./outcome.ts";
import { finer, usual } from "./precision.ts";

export const smallSlope = 1e-4;
/** Of spike times between the two, ms. */
const agreement = 2 ** -100;
/** Derivatives that are confirmed by differences, if a case has more; fewer of a large one, where each takes long. */
const confirmed = (large: boolean) => (large ? 12 : 60);

export function spikeCount({ spikes }: Trial): number {
  return spikes.reduce((sum, { times }) => sum + times.length, 0);
}

export function confirmTimes(trial: Trial, other: Trial, name: string): void {
  trial.spikes.forEach(({ times, neurons }, p) => {
    const { times: theirs, neurons: emitters } = other.spikes[p]!;
    if (theirs.length !== times.length || neurons.some((neuron, k) => neuron !== emitters[k]))
      throw new ConfigError(`${name}: other spikes with more digits`);
    const extra = BigInt(finer.bits - usual.bits);
    for (const [k, time] of times.entries())
      if (Math.abs(finer.toNumber((time << extra) - theirs[k]!)) > agreement)
        throw new ConfigError(`${name}: spike ${k} of population ${p} moves with more digits`);
  });
}

/** Every derivative, or a drawn sample: those that are confirmed. */
export function drawnEntries(exact: ExactCase, trial: Trial): Entry[] {
  const generator = xoroshiro128plus(1);
  const entries = allEntries(exact, trial);
  const share = confirmed(isLarge(exact, trial)) / entries.length;
  return entries.filter(() => (generator.next() >>> 0) / 2 ** 32 < share);
}

/** @param differences central ones, of some entries */
export function confirmGradients(
  exact: ExactCase,
  trial: Trial,
  found: Adjoint,
  differences: ReadonlyMap<Entry, number>,
  name: string,
): void {
  const largest = new Map<string, number>();
  const tensorOf = (entry: Entry) => keyOf(entry).replace(/\/[^/]*$/, "");
  for (const entry of allEntries(exact, trial)) {
    const value = Math.abs(usual.toNumber(derivativeOf(exact, found, entry)));
    largest.set(tensorOf(entry), Math.max(value, largest.get(tensorOf(entry)) ?? 0));
  }
  for (const [entry, other] of differences) {
    const value = usual.toNumber(derivativeOf(exact, found, entry));
    if (!(Math.abs(value - other) <= 1e-14 * largest.get(tensorOf(entry))! + 1e-25))
      throw new ConfigError(
        `${name}: ${keyOf(entry)} is ${value} by the adjoint and ${other} by a difference`,
      );
  }
}
