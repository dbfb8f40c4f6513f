/** What the values of a loss must be, in files and in programs. */
import type { Penalty, Weighting } from "../model/losses.ts";

/** A test of a value, and what fails it was told to be. */
export interface Rule {
  readonly test: (value: unknown) => boolean;
  readonly expected: string;
}

const isNumber = Number.isFinite as (value: unknown) => value is number;

export const finite: Rule = { test: isNumber, expected: "expected a finite number" };
export const positive: Rule = {
  test: (value) => isNumber(value) && value > 0,
  expected: "expected a positive number",
};
export const notNegative: Rule = {
  test: (value) => isNumber(value) && value >= 0,
  expected: "expected a number ≥ 0",
};
export const index: Rule = {
  test: (value) => Number.isInteger(value) && (value as number) >= 0,
  expected: "expected an integer ≥ 0",
};

/** Of case files. */
export const weightings = ["uniform", "exponential", "linear", "sigmoid"] as const satisfies Weighting[];
export const penalties = ["exponential", "hyperbolic"] as const satisfies Penalty[];

/** Keys of losses that files spell in another way. */
const spelling = {
  tauInput: "tau_input",
  phantomSpikes: "phantom_spikes",
  extraCost: "extra_cost",
  missingCost: "missing_cost",
  spikeTimes: "spike_times",
} as const;

/** A loss as files spell it; whatever else it may be stays as it is. */
export function lossJson(loss: unknown): unknown {
  if (typeof loss !== "object" || loss === null || Array.isArray(loss)) return loss;
  return Object.fromEntries(
    Object.entries(loss).flatMap(([key, value]) =>
      value === undefined ? [] : [[key in spelling ? spelling[key as keyof typeof spelling] : key, value]],
    ),
  );
}
