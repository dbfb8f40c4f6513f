/** Two ways to the same numbers: spike times with more digits, derivatives by differences. */
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import type { Adjoint } from "../simulate/adjoint.ts";
import { derivativeOf } from "../simulate/derivative.ts";
import { allEntries, difference, type Entry } from "../simulate/differences.ts";
import type { ExactCase } from "../simulate/exactCase.ts";
import { arithmetic } from "../simulate/fixed.ts";
import { keyOf } from "../simulate/keys.ts";
import type { Trial } from "../simulate/simulate.ts";

const digits = 50;
/** What everything is computed in. */
export const usual = arithmetic(digits);
/** Where slopes are small, differences need smaller steps. */
export const finest = arithmetic(150);
export const smallSlope = 1e-4;
/** For a second solution that shows how many of the first one's digits are right. */
export const finer = arithmetic(digits + 20);
/** Of spike times between the two, ms. */
const agreement = 2 ** -100;
/** Derivatives that are confirmed by differences, if a case has more; fewer of a large one, where each takes long. */
const confirmed = (events: number) => (events < 5000 ? 60 : 12);

export function spikeCount({ spikes }: Trial): number {
  return spikes.reduce((sum, { times }) => sum + times.length, 0);
}

export function confirmTimes(trial: Trial, other: Trial, name: string): void {
  trial.spikes.forEach(({ times, neurons }, p) => {
    const { times: theirs, neurons: emitters } = other.spikes[p]!;
    if (theirs.length !== times.length || neurons.some((neuron, k) => neuron !== emitters[k]))
      throw new Error(`${name}: other spikes with more digits`);
    const extra = BigInt(finer.bits - usual.bits);
    for (const [k, time] of times.entries())
      if (Math.abs(finer.toNumber((time << extra) - theirs[k]!)) > agreement)
        throw new Error(`${name}: spike ${k} of population ${p} moves with more digits`);
  });
}

/** Every derivative, or a drawn sample, against a central difference. */
export function confirmGradients(
  precise: ExactCase,
  trial: Trial,
  exact: ExactCase,
  found: Adjoint,
  name: string,
): void {
  const generator = xoroshiro128plus(1);
  const largest = new Map<string, number>();
  const tensorOf = (entry: Entry) => keyOf(entry).replace(/\/[^/]*$/, "");
  const entries = allEntries(exact, trial);
  for (const entry of entries) {
    const value = Math.abs(usual.toNumber(derivativeOf(exact, found, entry)));
    largest.set(tensorOf(entry), Math.max(value, largest.get(tensorOf(entry)) ?? 0));
  }
  const share = confirmed(exact.inputTimes.length + spikeCount(trial)) / entries.length;
  for (const entry of entries) {
    if ((generator.next() >>> 0) / 2 ** 32 >= share) continue;
    const value = usual.toNumber(derivativeOf(exact, found, entry));
    const other = difference(precise, trial, entry);
    if (!(Math.abs(value - other) <= 1e-14 * largest.get(tensorOf(entry))! + 1e-25))
      throw new Error(`${name}: ${keyOf(entry)} is ${value} by the adjoint and ${other} by a difference`);
  }
}
