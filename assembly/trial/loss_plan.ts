/** What a trial is told of its loss, and what the loss finds. */

import { Differences } from "../maths/divided_difference";
import { F64s, Reals, Table, U32s } from "../memory";
import { Coefficients } from "../neuron/coefficients";

/** Influence of arrivals on an integral, per unit of weight: see losses/integral_influence.ts. */
@unmanaged
export class Influence {
  /** K, ms */
  value: f64;
  /** K′ */
  slope: f64;
  /** ∂K/∂α, ∂K/∂β, on demand. */
  dAlpha: f64;
  dBeta: f64;
}

/**
 * Sensitivities of a weighted integral to one neuron's state, carried backwards from event to event: see
 * losses/carried.ts.
 */
@unmanaged
export class Carried {
  /** To u and I. */
  gu: f64;
  gi: f64;
  /** Of the integral's rate of change where an arrival moves, to u and I. */
  hu: f64;
  hi: f64;
  /** Derivatives of gu and gi by α, of gi by β, and of hu by α. */
  guAlpha: f64;
  giAlpha: f64;
  giBeta: f64;
  huAlpha: f64;
  /** To the bias, from the time reached on. */
  bias: f64;
}

/** Where the voltage of a readout neuron is largest. */
@unmanaged
export class Maximum {
  /** ms into its interval. */
  offset: f64;
  /** Whether there is one above 0. */
  exists: u32;
  interval: u32;
  /** Whether it is at the interval's end, where an arrival may have turned the voltage. */
  isAtEnd: u32;
}

/** First spike of an output: whether there is one, and which event. */
@unmanaged
export class FirstEvent {
  exists: u32;
  event: u32;
}

@unmanaged
export class LossPlan {
  /** Of `LossKind`. */
  kind: u32;
  population: u32;
  /** Label y. */
  target: u32;
  /** Of `Weighting`. */
  weighting: u32;
  /** Time constant of the weighting `input`, ms. */
  tauInput: f64;
  /** Of `Penalty`. */
  penalty: u32;
  /** Whether a label's output that never spikes is pulled up; and the ∂L/∂t by which it then is. */
  phantomSpikes: u32;
  phantomSlope: f64;
  tau0: f64;
  tau1: f64;
  alpha: f64;
  /** Of a spike beyond a neuron's targets, and of a target without a spike; +∞ where that is an error. */
  extraCost: f64;
  missingCost: f64;
  /** Numbers for spikes in their order, wanted times or factors, by neuron or by population k: counts[k] from starts[k] on. */
  numbers: F64s;
  starts: U32s;
  counts: U32s;
  /** L */
  value: f64;
  /** [stride of the population] each: readout, ∂L/∂readout, logits. */
  readout: F64s;
  dReadout: F64s;
  logits: F64s;
  /** [stride of the population] each: what losses keep a neuron. */
  carried: Table<Carried>;
  maxima: Table<Maximum>;
  firsts: Table<FirstEvent>;
  /** Spikes found, by neuron or by population. */
  found: U32s;
  /** [OwnArray.count][stride], least rates and their least difference (1/ms), and whether β > α everywhere. */
  own: Reals;
  rateLeast: f64;
  gapLeast: f64;
  isSlowMembrane: u32;
  /** [instants]: K′ of the influence K of a spike on the readout. */
  influenceSlopes: F64s;
  /** [instants]: activity of the input just after an instant, see losses/integral_input.ts. */
  activity: F64s;
  /** The neuron or population that did not spike as often as it was to. */
  blamed: u32;
  /** [Most.points]: room for the points of a divided difference. */
  points: F64s;
  /** Of the flow that the loss computed last, and of the arrival that it looked at last. */
  differences: Differences;
  coefficients: Coefficients;
  influence: Influence;
}
