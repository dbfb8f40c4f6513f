/**
 * Dynamics: the free flow of a population between events, and its adjoint. With α = 1/τ_m, β = 1/τ_s, and the bias at r from
 * the origin of u (0 as a rule, see lif.ts),
 *
 *   u(t+x) = a u + κ I + (1 − a) r,   I(t+x) = b I,   a = e^−αx,  b = e^−βx,  κ = αx exp[−αx, −βx]
 *
 * and sensitivities ∂L/∂u, ∂L/∂I flow backwards through the transpose: gu ← a gu, gi ← b gi + κ gu
 * [WP21; λ_V = −gu/τ_m, λ_I = −gi/τ_s].
 */

import { FlowArray, PopulationFlag, Size } from "../kinds";
import { atLeast, madd, mul, splat, sub, vectorBytes } from "../maths/lanes";
import { coefficientStep, coefficientStride } from "./coefficients";
import { Population } from "./population";
import { Constant, keep, kept } from "./short_flow";

/** Four vectors. */
export const chunkBytes: usize = Size.chunk;

/** Flow of the prepared length, then the arrivals of `row` are added to I. */
export function flow(population: Population, row: usize): void {
  if (population.flags & PopulationFlag.hasRest) {
    flowTowardsRest(population, row);
    return;
  }
  const stride = coefficientStride(population);
  const step = coefficientStep(population);
  let c = population.flow;
  let u = population.u;
  let i = population.i;
  for (const end = u + stride; u < end; u += vectorBytes, i += vectorBytes, row += vectorBytes, c += step) {
    const current = v128.load(i);
    v128.store(u, madd(v128.load(c), v128.load(u), mul(v128.load(c + stride * FlowArray.gain), current)));
    v128.store(i, madd(v128.load(c + stride * FlowArray.current), current, v128.load(row)));
  }
}

function flowTowardsRest(population: Population, row: usize): void {
  const stride = coefficientStride(population);
  const step = coefficientStep(population);
  let c = population.flow;
  for (let j: usize = 0; j < stride; j += vectorBytes, c += step) {
    const u = population.u + j;
    const i = population.i + j;
    const current = v128.load(i);
    const approached = mul(v128.load(c + stride * FlowArray.approach), v128.load(population.restReal + j));
    const driven = madd(v128.load(c + stride * FlowArray.gain), current, approached);
    v128.store(u, madd(v128.load(c), v128.load(u), driven));
    v128.store(i, madd(v128.load(c + stride * FlowArray.current), current, v128.load(row + j)));
  }
}

/**
 * Sets sensitivities below 2^−100 (2^−900 in f64) to 0. A neuron that is silent for long leaves them to decay until they are
 * subnormal, on which processors spend ten times as long.
 */
export function dropNegligible(population: Population): void {
  const least = splat(sizeof<real>() == 8 ? 1.1830521861667747e-271 : 7.888609052210118e-31);
  for (let at: usize = 0; at < coefficientStride(population); at += vectorBytes) {
    const gu = v128.load(population.gu + at);
    const gi = v128.load(population.gi + at);
    v128.store(population.gu + at, v128.and(gu, atLeast(v128.abs<real>(gu), least)));
    v128.store(population.gi + at, v128.and(gi, atLeast(v128.abs<real>(gi), least)));
  }
}

/** Transpose of `flow`, of the prepared length. */
export function flowAdjoint(population: Population): void {
  if (population.flags & PopulationFlag.uniform) flowAdjointShared(population);
  else flowAdjointEach(population);
}

/** A chunk at a time, with the coefficients in registers: this is half of the adjoint pass's arithmetic. */
function flowAdjointShared(population: Population): void {
  const stride = coefficientStride(population);
  const a = v128.load(population.flow);
  const b = v128.load(population.flow + stride * FlowArray.current);
  const k = v128.load(population.flow + stride * FlowArray.gain);
  let gu = population.gu;
  let gi = population.gi;
  for (const end = gu + stride; gu < end; gu += chunkBytes, gi += chunkBytes) {
    const u0 = v128.load(gu, 0);
    const u1 = v128.load(gu, 16);
    const u2 = v128.load(gu, 32);
    const u3 = v128.load(gu, 48);
    v128.store(gi, madd(b, v128.load(gi, 0), mul(k, u0)), 0);
    v128.store(gi, madd(b, v128.load(gi, 16), mul(k, u1)), 16);
    v128.store(gi, madd(b, v128.load(gi, 32), mul(k, u2)), 32);
    v128.store(gi, madd(b, v128.load(gi, 48), mul(k, u3)), 48);
    v128.store(gu, mul(a, u0), 0);
    v128.store(gu, mul(a, u1), 16);
    v128.store(gu, mul(a, u2), 32);
    v128.store(gu, mul(a, u3), 48);
  }
}

function flowAdjointEach(population: Population): void {
  const stride = coefficientStride(population);
  let c = population.flow;
  let gu = population.gu;
  let gi = population.gi;
  for (const end = gu + stride; gu < end; gu += vectorBytes, gi += vectorBytes, c += vectorBytes) {
    const voltage = v128.load(gu);
    v128.store(
      gi,
      madd(
        v128.load(c + stride * FlowArray.current),
        v128.load(gi),
        mul(v128.load(c + stride * FlowArray.gain), voltage),
      ),
    );
    v128.store(gu, mul(v128.load(c), voltage));
  }
}

/**
 * `flowAdjoint`, and before it what a flow of x ms from (u, I), prepared with derivatives, contributes to the gradients of α,
 * β and bias: ∂a/∂α = −x a on u − r, ∂b/∂β = −x b, and 1 − a for the bias.
 */
export function flowGradient(population: Population, u: usize, i: usize, x: f64): void {
  const stride = coefficientStride(population);
  const step = coefficientStep(population);
  keep(population, Constant.scratch, -x);
  const minusX = kept(population.constants, Constant.scratch);
  let c = population.flow;
  let rest = population.restReal;
  let gu = population.gu;
  let gi = population.gi;
  let dAlpha = population.dAlpha;
  let dBeta = population.dBeta;
  let dBias = population.dBias;
  for (const end = gu + stride; gu < end; c += step) {
    const voltage = v128.load(gu);
    const viaI = v128.load(gi);
    const current = v128.load(i);
    const a = v128.load(c);
    const b = v128.load(c + stride * FlowArray.current);
    const viaDecay = mul(mul(minusX, a), sub(v128.load(u), v128.load(rest)));
    const byAlpha = madd(v128.load(c + stride * FlowArray.gainAlpha), current, viaDecay);
    const byBeta = madd(v128.load(c + stride * FlowArray.gainBeta), voltage, mul(mul(minusX, b), viaI));
    v128.store(dAlpha, madd(voltage, byAlpha, v128.load(dAlpha)));
    v128.store(dBeta, madd(current, byBeta, v128.load(dBeta)));
    v128.store(dBias, madd(voltage, v128.load(c + stride * FlowArray.approach), v128.load(dBias)));
    v128.store(gi, madd(b, viaI, mul(v128.load(c + stride * FlowArray.gain), voltage)));
    v128.store(gu, mul(a, voltage));
    u += vectorBytes;
    i += vectorBytes;
    rest += vectorBytes;
    gu += vectorBytes;
    gi += vectorBytes;
    dAlpha += vectorBytes;
    dBeta += vectorBytes;
    dBias += vectorBytes;
  }
}
