/**
 * Jump*, row by row: what the arrival of a source's synapses at a population adds to the gradients of their weights and
 * delays, and Σ w h, by which moving the arrival moves the loss (h = β gi − α gu, `moveOf` in neuron/lif.ts).
 */

import { Most } from "../kinds";
import { add, madd, mul, splat, sub, sumLanes, vectorBytes } from "../maths/lanes";
import { f64Of, Reals, setU32 } from "../memory";
import { coefficientStride } from "../neuron/coefficients";
import { chunkBytes } from "../neuron/flow";
import { Population } from "../neuron/population";

/** ∂L/∂w of a row whose arrival moves nothing that has a gradient, an input spike: listed for `addRows`. */
export function listRow(gradient: Reals, population: Population): void {
  if (population.rowCount == Most.rows) addRows(population);
  setU32(population.rows, population.rowCount++, <u32>gradient);
}

/** ∂L/∂w of the listed rows, in one sweep over the population. */
export function addRows(population: Population): void {
  const rows = population.rows;
  const end = rows + ((<usize>population.rowCount) << 2);
  const stride = coefficientStride(population);
  for (let at: usize = 0; at < stride; at += chunkBytes) {
    const first = v128.load(population.gi + at, 0);
    const second = v128.load(population.gi + at, 16);
    const third = v128.load(population.gi + at, 32);
    const fourth = v128.load(population.gi + at, 48);
    for (let next = rows; next < end; next += 4) {
      const gradient = <usize>load<u32>(next) + at;
      v128.store(gradient, add(v128.load(gradient, 0), first), 0);
      v128.store(gradient, add(v128.load(gradient, 16), second), 16);
      v128.store(gradient, add(v128.load(gradient, 32), third), 32);
      v128.store(gradient, add(v128.load(gradient, 48), fourth), 48);
    }
  }
  population.rowCount = 0;
}

/** ∂L/∂w of a row, and Σ w h = β Σ w gi − α Σ w gu of a population with shared time constants. */
export function addRowAndMove(gradient: Reals, weight: Reals, population: Population): f64 {
  let gu = population.gu;
  let gi = population.gi;
  let viaI0 = splat(0);
  let viaI1 = splat(0);
  let viaU0 = splat(0);
  let viaU1 = splat(0);
  for (const end = gi + <usize>population.stride * sizeof<real>(); gi < end; gi += 2 * vectorBytes) {
    const w0 = v128.load(weight, 0);
    const w1 = v128.load(weight, 16);
    const current0 = v128.load(gi, 0);
    const current1 = v128.load(gi, 16);
    viaI0 = madd(w0, current0, viaI0);
    viaI1 = madd(w1, current1, viaI1);
    viaU0 = madd(w0, v128.load(gu, 0), viaU0);
    viaU1 = madd(w1, v128.load(gu, 16), viaU1);
    v128.store(gradient, add(v128.load(gradient, 0), current0), 0);
    v128.store(gradient, add(v128.load(gradient, 16), current1), 16);
    gu += 2 * vectorBytes;
    weight += 2 * vectorBytes;
    gradient += 2 * vectorBytes;
  }
  const viaI = sumLanes(add(viaI0, viaI1));
  const viaU = sumLanes(add(viaU0, viaU1));
  return f64Of(population.beta, 0) * viaI - f64Of(population.alpha, 0) * viaU;
}

/** ∂L/∂w of a row, and Σ w h. */
export function addRowAndMoveEach(gradient: Reals, weight: Reals, population: Population): f64 {
  let gu = population.gu;
  let gi = population.gi;
  let alpha = population.alphaReal;
  let beta = population.betaReal;
  let moved0 = splat(0);
  let moved1 = splat(0);
  for (const end = gi + coefficientStride(population); gi < end; gi += 2 * vectorBytes) {
    const current0 = v128.load(gi, 0);
    const current1 = v128.load(gi, 16);
    const h0 = sub(mul(v128.load(beta, 0), current0), mul(v128.load(alpha, 0), v128.load(gu, 0)));
    const h1 = sub(mul(v128.load(beta, 16), current1), mul(v128.load(alpha, 16), v128.load(gu, 16)));
    moved0 = madd(v128.load(weight, 0), h0, moved0);
    moved1 = madd(v128.load(weight, 16), h1, moved1);
    v128.store(gradient, add(v128.load(gradient, 0), current0), 0);
    v128.store(gradient, add(v128.load(gradient, 16), current1), 16);
    gu += 2 * vectorBytes;
    alpha += 2 * vectorBytes;
    beta += 2 * vectorBytes;
    weight += 2 * vectorBytes;
    gradient += 2 * vectorBytes;
  }
  return sumLanes(add(moved0, moved1));
}

/** h of every neuron into `drive`, for all rows of an instant. */
export function prepareMoves(population: Population): void {
  const stride = coefficientStride(population);
  for (let at: usize = 0; at < stride; at += vectorBytes) {
    const viaI = mul(v128.load(population.betaReal + at), v128.load(population.gi + at));
    const viaU = mul(v128.load(population.alphaReal + at), v128.load(population.gu + at));
    v128.store(population.drive + at, sub(viaI, viaU));
  }
}

/** `addRowAndMove` that also adds w h to each synapse's ∂L/∂delay; the moves are prepared. */
export function addRowMoveAndDelay(
  gradient: Reals,
  delay: Reals,
  weight: Reals,
  population: Population,
): f64 {
  let gi = population.gi;
  let h = population.drive;
  let moved0 = splat(0);
  let moved1 = splat(0);
  for (const end = gi + coefficientStride(population); gi < end; gi += 2 * vectorBytes) {
    const move0 = mul(v128.load(weight, 0), v128.load(h, 0));
    const move1 = mul(v128.load(weight, 16), v128.load(h, 16));
    moved0 = add(moved0, move0);
    moved1 = add(moved1, move1);
    v128.store(gradient, add(v128.load(gradient, 0), v128.load(gi, 0)), 0);
    v128.store(gradient, add(v128.load(gradient, 16), v128.load(gi, 16)), 16);
    v128.store(delay, add(v128.load(delay, 0), move0), 0);
    v128.store(delay, add(v128.load(delay, 16), move1), 16);
    h += 2 * vectorBytes;
    weight += 2 * vectorBytes;
    gradient += 2 * vectorBytes;
    delay += 2 * vectorBytes;
  }
  return sumLanes(add(moved0, moved1));
}
