/**
 * Tolerance classes: how near a result must come to its reference, and why that near. An error is measured against what
 * rounding may do, ε·(s + size): ε the unit roundoff of the backend's arithmetic, s how far the value moves per relative
 * change of all numbers of the case (the golden's `sensitivities`), size its own magnitude. A backend whose every operation
 * is rounded once solves a case whose numbers are off by a few ε; the factor of a class says how many "a few" are.
 */
import { unitRoundoff } from "../../model/solution.ts";

/** From the strictest to the widest. */
export const classNames = ["T0", "T1", "T2", "T3", "T4", "T5"] as const;
/** A tolerance class; `classReasons` says what each means. */
export type ClassName = (typeof classNames)[number];

/** A class against exact values. */
export interface ExactClass {
  readonly name: "T1" | "T2" | "T3";
  readonly about: string;
  /** Unit roundoff. */
  readonly epsilon: number;
  readonly factor: number;
  /** That every number of the case is taken to be off by besides, relative: of ODE solvers and other approximations. */
  readonly rtol?: number;
}

export const exactClasses: Readonly<Record<ExactClass["name"], ExactClass>> = {
  T1: {
    name: "T1",
    about: "the bound of goldspike's own f64 engine: every operation right to a few ulp, no time step",
    epsilon: unitRoundoff.f64,
    factor: 256,
  },
  T2: {
    name: "T2",
    about:
      "event-driven in double precision: other formulas and orders of sums, and root finders that stop some ulp early",
    epsilon: unitRoundoff.f64,
    factor: 2 ** 14,
  },
  T3: {
    name: "T3",
    about: "event-driven with states or weights in single precision",
    epsilon: unitRoundoff.f32,
    factor: 256,
  },
};

/** Why a verdict of each class means what it says. */
export const classReasons: Readonly<Record<ClassName, string>> = {
  T0: "same bits as this machine's f64 engine: another build or machine of the same code",
  T1: exactClasses.T1.about,
  T2: exactClasses.T2.about,
  T3: exactClasses.T3.about,
  T4: "time-stepped, against the twin of the same step and convention: only rounding is left, so 1e-5 in f32 and 1e-10 in f64 where the spikes agree",
  T5: "time-stepped, against exact values: within what the step is predicted to do, and not much farther off than its twin",
};

/**
 * Of the largest tensor's norm, the least size that a tensor is taken to have: where its terms cancel, those of the others
 * say how large they were.
 */
export const leastShare = 1e-2;

/** Largest error that the class grants a value. */
export function granted(
  { epsilon, factor, rtol = 0 }: ExactClass,
  sensitivity: number,
  size: number,
): number {
  return (factor * epsilon + rtol) * (sensitivity + size);
}
