/**
 * Sensitivities of a weighted integral (1/T) ∫ ω V dt to one neuron's state, carried backwards from T, from event to event,
 * by the transposed flow: for weightings whose influence has no closed form. What ω adds on the way is with each weighting.
 */

import { entryOf } from "../memory";
import { Coefficients, coefficients, gainDerivatives } from "../neuron/coefficients";
import { Carried, LossPlan } from "../trial/loss_plan";

export function carriedAt(loss: LossPlan, j: u32): Carried {
  return entryOf<Carried>(loss.carried, j);
}

/**
 * Flow* over x ms, but for hu, hi and the derivatives of gi and hu by α, which each weighting has its own way to; leaves
 * the coefficients in `flow`.
 */
export function carry(state: Carried, alpha: f64, beta: f64, x: f64, flow: Coefficients): void {
  coefficients(alpha, beta, x, flow);
  gainDerivatives(alpha, beta, x, flow);
  const gu = state.gu;
  const gi = state.gi;
  state.bias -= flow.change * gu;
  state.giBeta = flow.current * (state.giBeta - x * gi) + flow.gainBeta * gu;
  state.guAlpha = flow.factor * (state.guAlpha - x * gu);
  state.gi = flow.current * gi + flow.gain * gu;
  state.gu = flow.factor * gu;
}
