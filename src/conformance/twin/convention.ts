/** What time-stepped implementations of Eventprop are known to do differently, by name: steps, and scales of gradients. */
import { ConfigError } from "../../base/errors.ts";
import type { LossKind } from "../../model/losses.ts";

const scalings = ["declared", "genn_eventprop", "mlgenn-2", "mlgenn-3"] as const;

/** Whose habits. */
type Scaling = (typeof scalings)[number];

/** What a scale goes by: the peak of a readout's voltage, its integral over time, or nothing of the kind. */
const scaledBy: Readonly<Record<LossKind, "peak" | "integral" | "nothing">> = {
  integral_cross_entropy: "integral",
  max_cross_entropy: "peak",
  average_cross_entropy: "integral",
  first_spike: "nothing",
  spike_time_mse: "nothing",
  linear: "nothing",
  none: "nothing",
};

/** Whether the gradient of a loss of voltages is scaled by each readout's own time constant, however short the steps. */
export function scalesByReadout(scaling: Scaling, kind: LossKind): boolean {
  switch (scaledBy[kind]) {
    case "nothing":
      return false;
    case "integral":
      return scaling === "genn_eventprop" || scaling === "mlgenn-2";
    case "peak":
      return scaling === "mlgenn-2";
  }
}

/**
 * The gradient of a convention over that of the declared loss. `tauMem` is the readout's own, so with several of them the
 * factor is none of the whole gradient.
 *
 * @param share 1 − e^(−dt/tau_mem): mlGeNN drives the adjoint for one step where a maximum's jump is meant
 */
export function scaleOf(
  scaling: Scaling,
  kind: LossKind,
  { tauMem, duration, share }: { tauMem: number; duration: number; share: number },
): number {
  const [peak, integral] = [scaledBy[kind] === "peak", scaledBy[kind] === "integral"];
  switch (scaling) {
    case "declared":
      return 1;
    case "genn_eventprop":
      return peak ? 1 / duration : integral ? 1 / tauMem : 1;
    case "mlgenn-2":
      return peak ? share / duration : integral ? 1 / tauMem : 1;
    case "mlgenn-3":
      return peak ? (tauMem * share) / duration : 1;
  }
}

/** How a step is taken, and what the gradient is called. */
export interface Convention {
  /**
   * `exact`: the flow in closed form; `step_average`: the mean current of the step held constant; `step_start`: the current
   * at its start held constant, and so is λ_V in the backward pass; `euler`: forward Euler, backward pass included.
   */
  readonly integrator: "exact" | "step_average" | "step_start" | "euler";
  /** Which current stands in I − V at a spike: that at the start of the step, or after it. */
  readonly slopeCurrent: "start" | "end";
  /** Which voltage stands there: the one that the step has reached, or the threshold. */
  readonly slopeVoltage: "reached" | "threshold";
  /** Whether spikes of a step arrive in the next one, or in the same (input spikes only: others cannot). */
  readonly inputArrives: "next_step" | "same_step";
  /** Whether readouts look at V before it is updated, or after. */
  readonly readoutLooks: "before" | "after";
  /** Whether all currents are set to zero before what arrives in the last step of a trial. */
  readonly zeroOut: boolean;
  /** Whether that also takes what is under way by a delay and would arrive in the last step. */
  readonly zeroOutDelayed: boolean;
  /** How the maximum of a readout pulls: by a jump before its step is undone, or by what λ_V relaxes to during this step. */
  readonly peak: "jump" | "drive";
  /** The temperature of the softmax of first spikes in the backward pass: tau0, or 1 and silent neurons left out. */
  readonly softmaxTemperature: "tau0" | "one";
  /** Whether a label that never spikes gets λ_V of α/(0.01 T)² after the last step is undone. */
  readonly silentLabel: "left" | "pushed";
  /** Whether a spike in the last step, which is never undone, keeps all earlier ones of its neuron or channel from it too. */
  readonly lastStepSpikes: "undone" | "lost";
  /** Whether |τm λ_V| is at most 1 after a jump of a neuron that projects somewhere and whose spike has no pull of its own. */
  readonly adjointLimit: "none" | "one";
  /** What losses of voltages are multiplied by in the backward pass. */
  readonly scale: Scaling;
  /** What the adjoint of V is multiplied by in a jump: the threshold, or its distance from the reset. */
  readonly jump: "threshold" | "threshold_minus_reset";
  /** Whether a batch's backward pass is made with the weights of the next, as where it is pipelined. */
  readonly staleBackward: boolean;
}

const geNN: Convention = {
  integrator: "exact",
  slopeCurrent: "start",
  slopeVoltage: "reached",
  inputArrives: "next_step",
  readoutLooks: "before",
  zeroOut: true,
  zeroOutDelayed: false,
  peak: "jump",
  softmaxTemperature: "tau0",
  silentLabel: "left",
  lastStepSpikes: "undone",
  adjointLimit: "none",
  scale: "genn_eventprop",
  jump: "threshold",
  staleBackward: false,
};

/** What both branches of mlGeNN do. */
const mlGeNN: Convention = {
  ...geNN,
  readoutLooks: "after",
  zeroOutDelayed: true,
  peak: "drive",
  softmaxTemperature: "one",
};

/**
 * `genn_eventprop`: the code of arXiv:2212.01232; `mlgenn-2` and `mlgenn-3`: the EventPropCompiler of mlGeNN 2.3.1 and of
 * its 3.x branch, as they answer; `euler`: forward Euler without any of their habits.
 */
export const conventions = {
  genn_eventprop: geNN,
  "mlgenn-2": {
    ...mlGeNN,
    integrator: "step_average",
    silentLabel: "pushed",
    lastStepSpikes: "lost",
    scale: "mlgenn-2",
  },
  "mlgenn-3": {
    ...mlGeNN,
    integrator: "step_start",
    slopeVoltage: "threshold",
    adjointLimit: "one",
    scale: "mlgenn-3",
    jump: "threshold_minus_reset",
  },
  euler: {
    ...geNN,
    integrator: "euler",
    slopeCurrent: "end",
    inputArrives: "same_step",
    readoutLooks: "after",
    zeroOut: false,
    scale: "declared",
    jump: "threshold_minus_reset",
  },
} as const satisfies Readonly<Record<string, Convention>>;

/** What a convention is called. */
export type ConventionName = keyof typeof conventions;
/** All of them. */
export const conventionNames = Object.keys(conventions) as ConventionName[];

/** What the switches of a convention may be set to, by their names on the command line. */
export const switches = {
  integrator: {
    key: "integrator",
    values: { exact: "exact", step_average: "step_average", step_start: "step_start", euler: "euler" },
  },
  slope_current: { key: "slopeCurrent", values: { start: "start", end: "end" } },
  slope_voltage: { key: "slopeVoltage", values: { reached: "reached", threshold: "threshold" } },
  input_arrives: { key: "inputArrives", values: { next_step: "next_step", same_step: "same_step" } },
  readout_looks: { key: "readoutLooks", values: { before: "before", after: "after" } },
  zero_out: { key: "zeroOut", values: { true: true, false: false } },
  zero_out_delayed: { key: "zeroOutDelayed", values: { true: true, false: false } },
  peak: { key: "peak", values: { jump: "jump", drive: "drive" } },
  softmax_temperature: { key: "softmaxTemperature", values: { tau0: "tau0", one: "one" } },
  silent_label: { key: "silentLabel", values: { left: "left", pushed: "pushed" } },
  last_step_spikes: { key: "lastStepSpikes", values: { undone: "undone", lost: "lost" } },
  adjoint_limit: { key: "adjointLimit", values: { none: "none", one: "one" } },
  scale: {
    key: "scale",
    values: Object.fromEntries(scalings.map((name) => [name, name])),
  },
  jump: {
    key: "jump",
    values: { threshold: "threshold", threshold_minus_reset: "threshold_minus_reset" },
  },
  stale_backward: { key: "staleBackward", values: { true: true, false: false } },
} as const satisfies Readonly<
  Record<string, { key: keyof Convention; values: Readonly<Record<string, Convention[keyof Convention]>> }>
>;

/**
 * One habit that is another.
 *
 * @param text its setting, as on the command line
 * @throws ConfigError there is no such switch or setting
 */
export function switchTo(name: string, text: string): Partial<Convention> {
  const known = Object.hasOwn(switches, name) ? switches[name as keyof typeof switches] : undefined;
  if (!known) throw new ConfigError(`expected one of ${Object.keys(switches).join(", ")}.`);
  const values: Readonly<Record<string, Convention[keyof Convention]>> = known.values;
  if (!Object.hasOwn(values, text))
    throw new ConfigError(`expected ${name}=${Object.keys(values).join(` or ${name}=`)}.`);
  return { [known.key]: values[text] };
}
