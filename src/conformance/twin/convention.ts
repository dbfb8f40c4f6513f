/** What time-stepped implementations of Eventprop are known to do differently, by name. */

import type { Scaling } from "./scale.ts";

/** How a step is taken, and what the gradient is called. */
export interface Convention {
  /**
   * `exact`: the flow in closed form; `step_average`: the mean current of the step held constant; `euler`: forward Euler,
   * backward pass included.
   */
  readonly integrator: "exact" | "step_average" | "euler";
  /** Which current stands in I − V at a spike: that at the start of the step, or after it. */
  readonly slopeCurrent: "start" | "end";
  /** Whether spikes of a step arrive in the next one, or in the same (input spikes only: others cannot). */
  readonly inputArrives: "next_step" | "same_step";
  /** Whether readouts look at V before it is updated, or after. */
  readonly readoutLooks: "before" | "after";
  /** Whether all currents are set to zero before what arrives in the last step of a trial. */
  readonly zeroOut: boolean;
  /** What losses of voltages are multiplied by in the backward pass. */
  readonly scale: Scaling;
  /** What the adjoint of V is multiplied by in a jump: the threshold, or its distance from the reset. */
  readonly jump: "threshold" | "threshold_minus_reset";
}

const geNN: Convention = {
  integrator: "exact",
  slopeCurrent: "start",
  inputArrives: "next_step",
  readoutLooks: "before",
  zeroOut: true,
  scale: "genn_eventprop",
  jump: "threshold",
};

/**
 * `genn_eventprop`: the code of arXiv:2212.01232; `mlgenn-2` and `mlgenn-3`: the EventPropCompiler of mlGeNN 2.3.1 and of
 * its 3.x branch; `euler`: forward Euler without any of their habits.
 */
export const conventions = {
  genn_eventprop: geNN,
  "mlgenn-2": { ...geNN, integrator: "step_average", readoutLooks: "after", scale: "mlgenn-2" },
  "mlgenn-3": { ...geNN, integrator: "step_average", readoutLooks: "after", scale: "mlgenn-3" },
  euler: {
    integrator: "euler",
    slopeCurrent: "end",
    inputArrives: "same_step",
    readoutLooks: "after",
    zeroOut: false,
    scale: "declared",
    jump: "threshold_minus_reset",
  },
} as const satisfies Readonly<Record<string, Convention>>;

export type ConventionName = keyof typeof conventions;
export const conventionNames = Object.keys(conventions) as ConventionName[];
