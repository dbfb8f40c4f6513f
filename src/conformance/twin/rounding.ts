/** What rounding may do to the voltage of a time-stepped neuron. */
import type { Population } from "../../model/network.ts";
import { type Precision, unitRoundoff } from "../../model/solution.ts";

/** Of V near a threshold of 1, after some hundred steps whose factors are right. */
const usual: Readonly<Record<Precision, number>> = { f64: 1e-12, f32: 2e-5 };

/** V is a difference of what excites and what inhibits, each larger than itself. */
const cancelled = 4;

/**
 * As a share of what a voltage or a current is made of. A factor e^(−dt/τ) that is rounded to the nearest has another τ, by a
 * share of ε τ/dt, and so has every state after some τ: the more, the finer the step.
 */
export function decayRounding(tau: number, dt: number, precision: Precision): number {
  return (unitRoundoff[precision] * tau) / dt;
}

/** How near to the threshold V of a neuron may be decided either way. */
export function voltageRounding(
  { tauMem, tauSyn, threshold }: Pick<Population, "tauMem" | "tauSyn" | "threshold">,
  neuron: number,
  dt: number,
  precision: Precision,
): number {
  const share = decayRounding(tauMem[neuron]! + tauSyn[neuron]!, dt, precision);
  return usual[precision] + cancelled * share * Math.max(1, Math.abs(threshold[neuron]!));
}
