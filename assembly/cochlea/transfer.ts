/**
 * Transfer function of the basilar membrane, from sound pressure at the base to the velocity of a place.
 *
 * A wave in a tapered duct (Sieroka, Dosch and Rupp, J. Acoust. Soc. Am. 120:297, 2006), in CGS units, place c in cm from
 * the base: stiffness s(c) = c₀ e^(−αc) − a, resistance R(c) = r₀ e^(−αc/2), mass m, height h, density 1.
 *
 *     ξ(ω,c) = s − m ω² − i ω R                    impedance
 *     g(ω,c) = ω / √(h ξ)                          wave number
 *     G(ω,c) = 2 g(ω,0)/α + ∫₀ᶜ g(ω,c′) dc′        phase
 *     p(ω,c) = √(G/g) H₀(G)                        pressure
 *     z(ω)   = √(2 c₀/h) (i J₀(β) + Y₀(β)) / (J₁(β) − i Y₁(β)),  β = (2ω/α) √(2/(h c₀))
 *     v(ω,c) = (2ω/ξ) z p(ω,c) / p(ω,0)
 */
import { exp } from "../maths/exp";
import { add, complex, complexOf, conj, div, expOf, logOf, mul, scale, sqrtOf, sub, timesI } from "./complex";
import { hankel0, hankel1 } from "./hankel";

const a: f64 = 3500;
const alpha: f64 = 3;
const c0: f64 = 1e9;
const h: f64 = 0.1;
const m: f64 = 0.05;
/** 0.15 √(c₀ m) */
const r0: f64 = 0.15 * 7071.067811865475;
const rootH: f64 = 0.31622776601683794;

/** Length of the membrane, cm: unit 0 is at the base, the last one at the apex. */
const apex: f64 = 3.5;
const twoPi: f64 = 6.283185307179586;

export function placeOf(unit: i32, units: i32): f64 {
  return units > 1 ? (apex * <f64>unit) / <f64>(units - 1) : 0;
}

export function impedance(omega: f64, taper: f64): complex {
  return complexOf(c0 * taper * taper - a - m * omega * omega, -omega * r0 * taper);
}

/** Hz at which the stiffness of a place balances its mass; responses fall ever faster above it. */
export function resonance(taper: f64): f64 {
  return sqrt((c0 * taper * taper - a) / m) / twoPi;
}

export function waveNumber(omega: f64, xi: complex): complex {
  return div(complexOf(omega / rootH, 0), sqrtOf(xi));
}

/** What the logarithm in the closed form of ∫ g dc is taken of, at one end: −2 √ξ + i T/D, T = 2D² + iωR. */
function end(omega: f64, d: f64, taper: f64, xi: complex): complex {
  const t = complexOf(2.0 * d, (omega * r0 * taper) / d);
  return sub(timesI(t), scale(sqrtOf(xi), 2.0));
}

/** G(ω,c) − G(ω,0) */
function phase(omega: f64, taper: f64, xi: complex, xiBase: complex): complex {
  const d = sqrt(a + m * omega * omega);
  const ratio = scale(div(end(omega, d, 1, xiBase), end(omega, d, taper, xi)), taper);
  return mul(complexOf(0, (-2.0 * omega) / (alpha * rootH * d)), logOf(ratio));
}

/** z(ω): i conj(H₀/H₁) of real β. */
export function inputImpedance(omega: f64): complex {
  const beta = complexOf(((2.0 * omega) / alpha) * sqrt(2.0 / (h * c0)), 0);
  return scale(timesI(conj(div(hankel0(beta), hankel1(beta)))), sqrt((2.0 * c0) / h));
}

/** √(G/g) H₀(G) e^(−iG) */
function pressure(g: complex, phase: complex): complex {
  return mul(sqrtOf(div(phase, g)), hankel0(phase));
}

/** e^(−αc/2) */
export function taperAt(place: f64): f64 {
  return exp(-0.5 * alpha * place);
}

/** What does not depend on the place: z(ω) / (√(G/g) H₀(G) e^(−iG)) at the base. */
export function drive(omega: f64): complex {
  const g = waveNumber(omega, impedance(omega, 1));
  return div(inputImpedance(omega), pressure(g, scale(g, 2.0 / alpha)));
}

/** v at a frequency in Hz > 0 and a place with the given e^(−αc/2). */
export function velocity(frequency: f64, taper: f64, driven: complex): complex {
  const omega = twoPi * frequency;
  const xi = impedance(omega, taper);
  const xiBase = impedance(omega, 1);
  const rise = phase(omega, taper, xi, xiBase);
  const total = add(scale(waveNumber(omega, xiBase), 2.0 / alpha), rise);
  const p = mul(pressure(waveNumber(omega, xi), total), expOf(timesI(rise)));
  return mul(div(complexOf(2.0 * omega, 0), xi), mul(driven, p));
}
