/**
 * The sigmoid weighting ω(t) = 1/(1 + e^((t/T − ½)/0.2)), whose influences have no closed form: they are carried backwards
 * from T. What ω adds on the way is an eight-point Gauss–Legendre sum on pieces of at most T/16, and τ/2 while e^−t/τ
 * lasts; ω has its poles 0.63 T off the real axis and the exponentials are entire, so the rule's error is below 1e-16 of K.
 *
 * After long silence K no longer depends on α, and ∂K/∂α as an integral of ω ∂κ/∂α would cancel. Integrated by parts,
 *
 *   ∂K/∂α = (1/T) [ω(T) m(X) − ∫ₛᵀ ω′(t) m(t−s) dt],   m(x) = ∫₀ˣ ∂κ/∂α dx = x² exp[−p, −p, −q],
 *
 * all of it is positive: hu is what is carried for K′ already, −(1/T) [ω(T) − ∫ ω′] under a decay with α.
 */
import { exp } from "../maths/exp";
import { gaussNode, gaussNodes, gaussWeight } from "../maths/quadrature";
import { clear, f64Of } from "../memory";
import { Coefficients, coefficients, gainDerivatives } from "../neuron/coefficients";
import { Population } from "../neuron/population";
import { Carried, LossPlan } from "../trial/loss_plan";
import { carriedAt, carry } from "./carried";

const width: f64 = 0.2;

/** ω(t). */
function weighting(t: f64, duration: f64): f64 {
  return 1.0 / (1.0 + exp((t / duration - 0.5) / width));
}

/** State at T: moving an arrival moves its response through the end of the trial, hence the −ω(T)/T. */
export function startSigmoid(loss: LossPlan, duration: f64, count: u32): void {
  for (let j: u32 = 0; j < count; j++) {
    clear<Carried>(loss.carried, j);
    carriedAt(loss, j).hu = -weighting(duration, duration) / duration;
  }
}

/** After this many time constants an exponential is below 1e-17 of its start. */
const settled: f64 = 40;

/** Start of the piece that ends `end` ms into an interval. What has decayed by then needs no fine pieces. */
function pieceStart(duration: f64, alpha: f64, beta: f64, end: f64): f64 {
  const slow = min(alpha, beta);
  const fast = max(alpha, beta);
  let length = duration / 16.0;
  let from = 0.0;
  if (end * slow > settled) {
    from = settled / slow;
  } else if (end * fast > settled) {
    from = settled / fast;
    length = min(length, 0.5 / slow);
  } else {
    length = min(length, 0.5 / fast);
  }
  return max(end - length, from);
}

/** Carries the states of the first `count` neurons from `time` + x back to `time`. */
export function carrySigmoid(
  loss: LossPlan,
  duration: f64,
  population: Population,
  count: u32,
  time: f64,
  x: f64,
): void {
  for (let j: u32 = 0; j < count; j++) {
    const alpha = f64Of(population.alpha, j);
    const beta = f64Of(population.beta, j);
    for (let end = x; end > 0; ) {
      const start = pieceStart(duration, alpha, beta, end);
      carryPiece(carriedAt(loss, j), duration, alpha, beta, time + start, end - start, loss.coefficients);
      end = start;
    }
  }
}

/** Flow* of one piece [time, time + x], then the weighting's own contribution inside it. */
function carryPiece(
  state: Carried,
  duration: f64,
  alpha: f64,
  beta: f64,
  time: f64,
  x: f64,
  flow: Coefficients,
): void {
  carry(state, alpha, beta, x, flow);
  const hu = state.hu;
  state.giAlpha = flow.current * state.giAlpha + (flow.gain / alpha) * state.huAlpha - flow.twice * hu;
  state.huAlpha = flow.factor * (state.huAlpha - x * hu);
  state.hi = flow.current * state.hi + flow.gain * hu;
  state.hu = flow.factor * hu;
  for (let n: u32 = 0; n < gaussNodes; n++) {
    addNode(state, duration, alpha, beta, time, gaussNode(n) * x, (gaussWeight(n) * x) / duration, flow);
  }
}

function addNode(
  state: Carried,
  duration: f64,
  alpha: f64,
  beta: f64,
  time: f64,
  x: f64,
  weight: f64,
  flow: Coefficients,
): void {
  const omega = weighting(time + x, duration);
  const value = weight * omega;
  // ω′ = −ω (1 − ω)/(0.2 T)
  const slope = (-value * (1.0 - omega)) / (width * duration);
  coefficients(alpha, beta, x, flow);
  gainDerivatives(alpha, beta, x, flow);
  state.gu += value * flow.factor;
  state.gi += value * flow.gain;
  state.hu += slope * flow.factor;
  state.hi += slope * flow.gain;
  state.guAlpha += -value * x * flow.factor;
  state.huAlpha += -slope * x * flow.factor;
  state.giAlpha += -slope * flow.twice;
  state.bias -= value * flow.change;
  state.giBeta += value * flow.gainBeta;
}
