/**
 * Which neurons may spike before the next arrival: the transition's vector test. A voltage that crosses a threshold
 * above rest is concave up to there, so its tangent u + α·horizon·(I − u) crosses too. Of voltages that are measured from the
 * bias; others are looked at one by one.
 */

import { FlowArray, PopulationFlag, Size } from "../kinds";
import { add, atLeast, laneBits, madd, mul, splat, sub, vectorBytes } from "../maths/lanes";
import { f64Of, setU32 } from "../memory";
import { coefficientStride } from "./coefficients";
import { chunkBytes } from "./flow";
import { Population } from "./population";
import { Constant, keep, kept } from "./short_flow";

/** Of an entry of `flagged`, those that are neurons of the chunk. */
export const flagBits: u32 = 16;
/** Neurons of a chunk. */
export const chunkLanes: u32 = <u32>(Size.chunk / sizeof<real>());
export const everyLane: u32 = (1 << chunkLanes) - 1;

function flowLanes(
  u: usize,
  i: usize,
  row: usize,
  a: v128,
  b: v128,
  k: v128,
  near: v128,
  reach: v128,
  threshold: usize,
): v128 {
  const current = v128.load(i);
  const nextU = madd(a, v128.load(u), mul(k, current));
  const nextI = add(mul(b, current), v128.load(row));
  v128.store(u, nextU);
  v128.store(i, nextI);
  return atLeast(madd(near, nextU, mul(reach, nextI)), v128.load(threshold));
}

/**
 * `flow` of a population with shared time constants and voltages measured from the bias, and the test for the next `horizon`
 * ms, in one pass.
 */
export function flowAndTest(population: Population, row: usize, horizon: f64): void {
  const stride = coefficientStride(population);
  const coefficient = population.flow;
  const a = v128.load(coefficient);
  const b = v128.load(coefficient + stride * FlowArray.current);
  const k = v128.load(coefficient + stride * FlowArray.gain);
  const distance = f64Of(population.alpha, 0) * horizon;
  keep(population, Constant.scratch, 1.0 - distance);
  keep(population, Constant.scratch + 1, distance);
  const near = kept(population.constants, Constant.scratch);
  const reach = kept(population.constants, Constant.scratch + 1);
  let u = population.u;
  let i = population.i;
  let threshold = population.thresholdReal;
  let flagged = population.flagged;
  let chunk: u32 = 0;
  for (const end = u + stride; u < end; u += chunkBytes) {
    const first = flowLanes(u, i, row, a, b, k, near, reach, threshold);
    const second = flowLanes(u + 16, i + 16, row + 16, a, b, k, near, reach, threshold + 16);
    const third = flowLanes(u + 32, i + 32, row + 32, a, b, k, near, reach, threshold + 32);
    const fourth = flowLanes(u + 48, i + 48, row + 48, a, b, k, near, reach, threshold + 48);
    if (v128.any_true(v128.or(v128.or(first, second), v128.or(third, fourth)))) {
      store<u32>(flagged, flagOf(chunk, first, second, third, fourth));
      flagged += 4;
    }
    i += chunkBytes;
    row += chunkBytes;
    threshold += chunkBytes;
    chunk++;
  }
  population.flaggedCount = <u32>((flagged - population.flagged) >> 2);
}

/** Whether the test tells: thresholds lie above rest, and voltages are measured from there. */
export function isTested(population: Population): bool {
  const asked: u32 = PopulationFlag.aboveRest | PopulationFlag.hasRest;
  return (population.flags & asked) == PopulationFlag.aboveRest;
}

/** Lists who may cross within `horizon` ms, in no flow. */
export function testUntil(population: Population, horizon: f64): void {
  if (!isTested(population)) {
    flagAll(population);
    return;
  }
  const chunks = <u32>(coefficientStride(population) / chunkBytes);
  let count: u32 = 0;
  for (let chunk: u32 = 0; chunk < chunks; chunk++) {
    const lanes = testChunk(population, chunk, horizon);
    if (lanes != 0) setU32(population.flagged, count++, (chunk << flagBits) | lanes);
  }
  population.flaggedCount = count;
}

function testLanes(population: Population, at: usize, horizon: v128): v128 {
  const u = v128.load(population.u + at);
  const reach = mul(v128.load(population.alphaReal + at), horizon);
  const tangent = madd(reach, sub(v128.load(population.i + at), u), u);
  return atLeast(tangent, v128.load(population.thresholdReal + at));
}

/** The test of one chunk, for each neuron's own time constant: the neurons that pass as bits. */
export function testChunk(population: Population, chunk: u32, horizon: f64): u32 {
  const at = <usize>chunk * chunkBytes;
  const time = splat(horizon);
  return lanesOf(
    testLanes(population, at, time),
    testLanes(population, at + vectorBytes, time),
    testLanes(population, at + 2 * vectorBytes, time),
    testLanes(population, at + 3 * vectorBytes, time),
  );
}

/** The lanes of four masks as bits. */
function lanesOf(first: v128, second: v128, third: v128, fourth: v128): u32 {
  const lanes: u32 = <u32>(vectorBytes / sizeof<real>());
  return (
    laneBits(first) |
    (laneBits(second) << lanes) |
    (laneBits(third) << (2 * lanes)) |
    (laneBits(fourth) << (3 * lanes))
  );
}

/** An entry of `flagged`: a chunk, and its neurons that pass. */
function flagOf(chunk: u32, first: v128, second: v128, third: v128, fourth: v128): u32 {
  return (chunk << flagBits) | lanesOf(first, second, third, fourth);
}

/** Lists every neuron: those that pass are found one by one. */
export function flagAll(population: Population): void {
  const chunks = <u32>(coefficientStride(population) / chunkBytes);
  for (let chunk: u32 = 0; chunk < chunks; chunk++) {
    setU32(population.flagged, chunk, (chunk << flagBits) | everyLane);
  }
  population.flaggedCount = chunks;
}
