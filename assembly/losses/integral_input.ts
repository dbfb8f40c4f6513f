/**
 * The weighting `input`: ω = a(t), the input's activity behind a low pass, τ da/dt = −a + 0.01 ms Σ δ(t − t_k) over the
 * input's spikes t_k [NTK25, where it is a sum over time steps of 1 ms]. Between two instants a = a₀ e^−ρy with ρ = 1/τ,
 * so what an interval of x ms adds to the sensitivities of (1/T) ∫ a V dt is in closed form, with p = (α + ρ)x,
 * q = (β + ρ)x:
 *
 *   to u:  (a₀/T) x φ₁(p)        to I:  (a₀/T) αx² exp[0, −p, −q]        to the bias:  (a₀/T) αx² exp[0, −p, −ρx]
 *
 * ω is taken as given: derivatives with respect to the input's times leave out that ω moves with them.
 */

import { EventKind } from "../kinds";
import { difference3, repeatedDifference } from "../maths/divided_difference";
import { exp } from "../maths/exp";
import { phi1 } from "../maths/phi";
import { clear, f64Of, setF64 } from "../memory";
import { moveOf } from "../neuron/lif";
import { Population } from "../neuron/population";
import { Carried, LossPlan } from "../trial/loss_plan";
import { eventAt, eventsEnd, instantAt, Record } from "../trial/record";
import { carriedAt, carry } from "./carried";

/** ms: the area of one spike's contribution to τ a. */
const spikeArea: f64 = 0.01;

/** The activity at every instant, then the state at T. */
export function startInput(loss: LossPlan, record: Record, count: u32): void {
  let activity = 0.0;
  let time = 0.0;
  for (let k: u32 = 0; k < record.instantCount; k++) {
    const instant = instantAt(record, k);
    activity *= exp((time - instant.hi) / loss.tauInput);
    time = instant.hi;
    for (let e = instant.events; e < eventsEnd(record, k); e++) {
      if (eventAt(record, e).kind == EventKind.input) activity += spikeArea / loss.tauInput;
    }
    setF64(loss.activity, k, activity);
  }
  for (let j: u32 = 0; j < count; j++) clear<Carried>(loss.carried, j);
}

/**
 * Carries the states of the first `count` neurons over the x ms that follow instant k − 1 (0: the start) back to it.
 *
 * @param withDerivatives those by α and β too
 */
export function carryInput(
  loss: LossPlan,
  duration: f64,
  population: Population,
  count: u32,
  k: u32,
  x: f64,
  withDerivatives: bool,
): void {
  const activity = k == 0 ? 0.0 : f64Of(loss.activity, k - 1);
  for (let j: u32 = 0; j < count; j++) {
    const state = carriedAt(loss, j);
    const alpha = f64Of(population.alpha, j);
    const beta = f64Of(population.beta, j);
    const flow = loss.coefficients;
    const gu = state.gu;
    const guAlpha = state.guAlpha;
    carry(state, alpha, beta, x, flow);
    state.giAlpha = flow.current * state.giAlpha + flow.gain * guAlpha + flow.gainAlpha * gu;
    if (activity > 0) addActivity(loss, state, alpha, beta, x, activity / duration, withDerivatives);
    state.hi = moveOf(state.gu, state.gi, alpha, beta);
  }
}

/** What ω = T `scale` e^−ρy adds within the interval; derivatives by α and β repeat their points. */
function addActivity(
  loss: LossPlan,
  state: Carried,
  alpha: f64,
  beta: f64,
  x: f64,
  scale: f64,
  withDerivatives: bool,
): void {
  const shift = x / loss.tauInput;
  const p = alpha * x + shift;
  const q = beta * x + shift;
  const points = loss.points;
  const square = scale * x * x;
  state.gu += scale * x * phi1(p);
  state.gi += square * alpha * difference3(p, q);
  state.bias += square * alpha * difference3(p, shift);
  if (!withDerivatives) return;
  state.guAlpha += -square * repeatedDifference(points, 1, p, 2, p, 0);
  const twiceP = repeatedDifference(points, 1, p, 2, q, 1);
  const twiceQ = repeatedDifference(points, 1, p, 1, q, 2);
  // exp[0, −p, −q] − αx exp[0, −p, −p, −q], without its cancellation: αx = p − ρx.
  state.giAlpha += square * (repeatedDifference(points, 0, p, 2, q, 1) + shift * twiceP);
  state.giBeta += -square * alpha * x * twiceQ;
}
