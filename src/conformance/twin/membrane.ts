/** The free dynamics of one neuron in closed form, for looking at states; the kernel has its own for results. */
import type { Elementary } from "../../engine/kernel/elementary.ts";
import type { Population } from "../../model/network.ts";

export interface State {
  readonly v: number;
  readonly i: number;
}

interface Membrane {
  /** 1/τm and 1/τs, 1/ms. */
  readonly a: number;
  readonly c: number;
  readonly bias: number;
}

export function membraneOf({ tauMem, tauSyn, bias }: Population, neuron: number): Membrane {
  return { a: 1 / tauMem[neuron]!, c: 1 / tauSyn[neuron]!, bias: bias[neuron]! };
}

/** `t` ms later with no event in between; right to 1e-13 of |V| + |I| + |b| also where the time constants nearly are equal. */
export function flow({ a, c, bias }: Membrane, { v, i }: State, t: number, { exp }: Elementary): State {
  const [em, es] = [exp(-a * t), exp(-c * t)];
  // a (e^(−at) − e^(−ct))/(c − a).
  const kernel = a * t * Math.max(em, es) * meanDecay(Math.abs((c - a) * t), exp);
  return { v: bias + (v - bias) * em + i * kernel, i: i * es };
}

/** dV/dt, 1/ms. */
export function slopeOf({ a, bias }: Membrane, { v, i }: State): number {
  return a * (i + bias - v);
}

/** When V turns, in ms from now, where dV/dt = 0: e^((c−a)t) = c I / ((c − a)(V − b) + a I). Below 0 for never. */
export function turnOf({ a, c, bias }: Membrane, { v, i }: State, { log }: Elementary): number {
  if (Math.abs(c - a) < 1e-9 * c) return (i - (v - bias)) / (a * i);
  const ratio = (c * i) / ((c - a) * (v - bias) + a * i);
  return ratio > 0 ? log(ratio) / (c - a) : -1;
}

/**
 * The mean of e^(−s) over s in [0, x]: (1 − e^(−x))/x for x ≥ 0, right to 1e-14; where that would cancel, the series up
 * to x⁵.
 *
 * @param exp the kernel's
 */
export function meanDecay(x: number, exp: (x: number) => number): number {
  if (x > 1e-2) return (1 - exp(-x)) / x;
  return 1 - (x / 2) * (1 - (x / 3) * (1 - (x / 4) * (1 - (x / 5) * (1 - x / 6))));
}
