/**
 * Polynomials for flows of an interval that is short beside every time constant: A of (1 − e^−p)/p, B of φ₂(−y), and φ₁′. An
 * interval that is longer is halved until they hold.
 */
import { PopulationFlag } from "../kinds";
import { madd, mul, splat, vectorBytes } from "../maths/lanes";
import { Population } from "./population";

/** Most halvings: beyond, `prepareEach` is as fast, and exact. */
const most: i32 = 3;
const isDouble: bool = sizeof<real>() == 8;
/** Whether the polynomials hold for p and |y|. */
function holds(p: f64, y: f64): bool {
  if (isDouble) return p <= 1.0 / 64.0 && y <= 1.0 / 28.0;
  return p <= 1.0 / 16.0 && y <= 1.0 / 16.0;
}

/** Constants of the polynomials, each a vector of `population.constants`. */
export enum Constant {
  /** Of A: 5 in f64, 3 in f32. */
  approach = 0,
  /** Of B: 6, 3. */
  lag = 5,
  /** Of −φ₁′: 7, 4. */
  derivative = 11,
  one = 18,
  /** Two vectors of what one call keeps. */
  scratch = 19,
}

export function keep(population: Population, k: u32, value: f64): void {
  v128.store(population.constants + <usize>k * vectorBytes, splat(value));
}

export function kept(constants: usize, k: u32): v128 {
  return v128.load(constants + <usize>k * vectorBytes);
}

/**
 * Writes what stays the same in a trial; compiled code would build constants anew in every round of a loop, but loads them
 * once. They are Chebyshev series of A on [0, 1/64], of B and of −φ₁′ on [−1/28, 1/28], cut off where they leave 0.35, 0.54 and
 * 0.48 units of 2^−53 of a, φ₁ and φ₁′; in f32 on [0, 1/16] and [−1/16, 1/16], 0.34, 0.54 and 0.91 units of 2^−24.
 */
export function keepConstants(population: Population): void {
  keep(population, Constant.one, 1);
  if (isDouble) keepDoubles(population);
  else keepSingles(population);
}

function keepDoubles(population: Population): void {
  keep(population, Constant.approach, 0.9999999999999974);
  keep(population, Constant.approach + 1, -0.4999999999919631);
  keep(population, Constant.approach + 2, 0.1666666625502488);
  keep(population, Constant.approach + 3, -0.04166592855147249);
  keep(population, Constant.approach + 4, 0.008279279141655044);
  keep(population, Constant.lag, 0.5000000000000016);
  keep(population, Constant.lag + 1, -0.1666666666666673);
  keep(population, Constant.lag + 2, 0.04166666664396909);
  keep(population, Constant.lag + 3, -0.008333333329410305);
  keep(population, Constant.lag + 4, 0.0013889363416900082);
  keep(population, Constant.lag + 5, -0.0001984188496917314);
  keep(population, Constant.derivative, 0.5);
  keep(population, Constant.derivative + 1, -0.3333333333333383);
  keep(population, Constant.derivative + 2, 0.12500000000000128);
  keep(population, Constant.derivative + 3, -0.033333333301948945);
  keep(population, Constant.derivative + 4, 0.006944444439400539);
  keep(population, Constant.derivative + 5, -0.0011905254008918685);
  keep(population, Constant.derivative + 6, 0.00017361743815172734);
}

function keepSingles(population: Population): void {
  keep(population, Constant.approach, 0.9999997019767761);
  keep(population, Constant.approach + 1, -0.4999102056026459);
  keep(population, Constant.approach + 2, 0.16281674802303314);
  keep(population, Constant.lag, 0.5);
  keep(population, Constant.lag + 1, -0.16669107973575592);
  keep(population, Constant.lag + 2, 0.04167209193110466);
  keep(population, Constant.derivative, 0.5);
  keep(population, Constant.derivative + 1, -0.3333333134651184);
  keep(population, Constant.derivative + 2, 0.125027135014534);
  keep(population, Constant.derivative + 3, -0.03333914652466774);
}

/** How often an interval of x ms is halved, or −1 if it is not short, or the neurons share their time constants. */
export function halvingsOf(population: Population, x: f64): i32 {
  if (population.flags & PopulationFlag.uniform) return -1;
  let h = x;
  for (let n = 0; n <= most; n++) {
    if (holds(population.alphaMost * h, population.gapMost * h)) return n;
    h *= 0.5;
  }
  return -1;
}

/** (1 − e^−p)/p, in pairs: a chain of additions is what would take the time. `constants` are the population's. */
export function approachPolynomial(constants: usize, p: v128): v128 {
  const k = Constant.approach;
  const p2 = mul(p, p);
  const low = madd(kept(constants, k + 1), p, kept(constants, k));
  if (!isDouble) return madd(kept(constants, k + 2), p2, low);
  const high = madd(kept(constants, k + 4), p2, madd(kept(constants, k + 3), p, kept(constants, k + 2)));
  return madd(high, p2, low);
}

/** φ₂(−y) */
export function lagPolynomial(constants: usize, y: v128): v128 {
  const k = Constant.lag;
  const y2 = mul(y, y);
  const low = madd(kept(constants, k + 1), y, kept(constants, k));
  if (!isDouble) return madd(kept(constants, k + 2), y2, low);
  const middle = madd(kept(constants, k + 3), y, kept(constants, k + 2));
  const high = madd(kept(constants, k + 5), y, kept(constants, k + 4));
  return madd(madd(high, y2, middle), y2, low);
}

/** −dφ₁(−y)/dy */
export function lagDerivative(constants: usize, y: v128): v128 {
  const k = Constant.derivative;
  const y2 = mul(y, y);
  const low = madd(kept(constants, k + 1), y, kept(constants, k));
  const middle = madd(kept(constants, k + 3), y, kept(constants, k + 2));
  if (!isDouble) return madd(middle, y2, low);
  const fourth = madd(kept(constants, k + 5), y, kept(constants, k + 4));
  const high = madd(kept(constants, k + 6), y2, fourth);
  return madd(madd(high, y2, middle), y2, low);
}
