/**
 * Hankel functions of the first kind, H₀ and H₁, for Re w ≥ 0 and Im w ≥ 0, without their exponential: H(w) e^(−iw). It
 * would be as small as e^(−72) far above a place's best frequency.
 *
 * Below |w| = 2 from the power series of J and Y (DLMF 10.2.2, 10.8.1, 10.8.2), above it from Hankel's integral (DLMF
 * 10.9.10 with u = s²)
 *
 *     H_ν(w) = √(2/(πw)) e^(i(w − νπ/2 − π/4)) / Γ(ν + ½) · ∫ e^(−s²) s^(2ν) (1 + i s²/(2w))^(ν−½) ds, s from −∞ to ∞,
 *
 * by the trapezoidal rule, whose error falls exponentially with the distance of the branch point √(2iw) from the real
 * line. Relative error below 2e-14.
 */
import { exp } from "../maths/exp";
import {
  add,
  complex,
  complexOf,
  div,
  expOf,
  im,
  logOf,
  mul,
  re,
  scale,
  sqrtOf,
  sub,
  timesI,
} from "./complex";

const euler: f64 = 0.5772156649015329;
const twoOverPi: f64 = 0.6366197723675814;
const step: f64 = 0.2;
const nodes = 32;

/** e^(−s²) at the nodes s = 0, `step`, …, in the module's own data: what lies above it is the host's. */
const weights: usize = memory.data(nodes * 8);
fillWeights();

function fillWeights(): void {
  for (let n = 0; n < nodes; n++) {
    const s = step * <f64>n;
    f64.store(weights + ((<usize>n) << 3), exp(-s * s));
  }
}

function weightOf(n: i32): f64 {
  return f64.load(weights + ((<usize>n) << 3));
}

/** √(1/w) e^(−iπ/4) times constants: what both integrals share. */
function amplitude(w: complex): complex {
  const root = sqrtOf(div(complexOf(1, 0), w));
  return scale(mul(root, complexOf(0.7071067811865476, -0.7071067811865476)), 0.7978845608028654);
}

/** 1 + i s²/(2w) */
function base(s2: f64, iOver2w: complex): complex {
  return add(complexOf(1, 0), scale(iOver2w, s2));
}

function integral0(w: complex): complex {
  const iOver2w = div(complexOf(0, 0.5), w);
  let sum = complexOf(0, 0);
  for (let n = nodes - 1; n > 0; n--) {
    const s = step * <f64>n;
    const term = div(complexOf(1, 0), sqrtOf(base(s * s, iOver2w)));
    sum = add(sum, scale(term, weightOf(n)));
  }
  // 1/Γ(½) = 0.564…
  sum = scale(add(complexOf(0.5, 0), sum), 2.0 * step * 0.5641895835477563);
  return mul(amplitude(w), sum);
}

function integral1(w: complex): complex {
  const iOver2w = div(complexOf(0, 0.5), w);
  let sum = complexOf(0, 0);
  for (let n = nodes - 1; n > 0; n--) {
    const s = step * <f64>n;
    sum = add(sum, scale(sqrtOf(base(s * s, iOver2w)), s * s * weightOf(n)));
  }
  // 1/Γ(3/2) = 1.128…; e^(−iπ/2) = −i
  sum = scale(sum, 2.0 * step * 1.1283791670955126);
  return mul(mul(amplitude(w), complexOf(0, -1)), sum);
}

/** e^(−iw), by which the series are multiplied. */
function unscaled(w: complex): complex {
  return expOf(complexOf(im(w), -re(w)));
}

function series0(w: complex): complex {
  const q = scale(mul(w, w), -0.25);
  let term = complexOf(1, 0);
  let j = term;
  let y = complexOf(0, 0);
  let harmonic: f64 = 0;
  for (let k = 1; k <= 16; k++) {
    term = scale(mul(term, q), 1.0 / <f64>(k * k));
    harmonic += 1.0 / <f64>k;
    j = add(j, term);
    y = sub(y, scale(term, harmonic));
  }
  const l = add(logOf(scale(w, 0.5)), complexOf(euler, 0));
  return add(j, timesI(scale(add(mul(l, j), y), twoOverPi)));
}

function series1(w: complex): complex {
  const q = scale(mul(w, w), -0.25);
  let term = complexOf(1, 0);
  let j = term;
  // ψ(1) + ψ(2)
  let psi = 1.0 - 2.0 * euler;
  let y = scale(term, psi);
  for (let k = 1; k <= 16; k++) {
    term = scale(mul(term, q), 1.0 / <f64>(k * (k + 1)));
    psi += 1.0 / <f64>k + 1.0 / <f64>(k + 1);
    j = add(j, term);
    y = add(y, scale(term, psi));
  }
  const half = scale(w, 0.5);
  const logarithmic = mul(scale(logOf(half), 2.0), j);
  const regular = mul(half, scale(sub(logarithmic, y), 0.5 * twoOverPi));
  const pole = div(complexOf(-twoOverPi, 0), w);
  return add(mul(half, j), timesI(add(regular, pole)));
}

function small(w: complex): bool {
  return re(w) * re(w) + im(w) * im(w) < 4.0;
}

/** H₀(w) e^(−iw) */
export function hankel0(w: complex): complex {
  return small(w) ? mul(series0(w), unscaled(w)) : integral0(w);
}

/** H₁(w) e^(−iw) */
export function hankel1(w: complex): complex {
  return small(w) ? mul(series1(w), unscaled(w)) : integral1(w);
}
