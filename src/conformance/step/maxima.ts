/** Where the voltage of a neuron has its maxima in an exact run. */
import type { Elementary } from "../../kernel/elementary.ts";
import type { Population } from "../../network/network.ts";
import type { Event } from "./events.ts";

export interface Maximum {
  /** ms */
  readonly time: number;
  /** State there, before the arrival or the reset. */
  readonly v: number;
  readonly i: number;
  /** V at the maximum, or for a spike the peak that V would have reached. */
  readonly peak: number;
  /** Between events, where an arrival turns V, at T while V rises, or a spike. */
  readonly at: "inside" | "arrival" | "end" | "spike";
}

/** @param events of the neuron, in order of time */
export function* maxima(
  { tauMem, tauSyn, bias: biases, v0, i0, reset }: Population,
  neuron: number,
  events: readonly Event[],
  duration: number,
  { exp, log }: Elementary,
): Generator<Maximum> {
  const [a, c, bias] = [1 / tauMem[neuron]!, 1 / tauSyn[neuron]!, biases[neuron]!];
  let [time, v, i] = [0, v0[neuron]!, i0[neuron]!];
  const flow = (t: number) => {
    const [em, es] = [exp(-a * t), exp(-c * t)];
    const kernel = Math.abs((c - a) * t) < 1e-6 ? a * t * em : (a * (em - es)) / (c - a);
    return { v: bias + (v - bias) * em + i * kernel, i: i * es };
  };
  const slope = () => a * (i + bias - v);
  // dV/dt = 0 where e^((c−a)t) = c I / ((c − a)(V − b) + a I).
  const turn = () => {
    if (Math.abs(c - a) < 1e-9 * c) return (i - (v - bias)) / (a * i);
    const ratio = (c * i) / ((c - a) * (v - bias) + a * i);
    return ratio > 0 ? log(ratio) / (c - a) : -1;
  };
  for (const event of [...events, { time: duration, weight: 0, spike: -1 }]) {
    const span = event.time - time;
    const top = slope() > 0 ? turn() : -1;
    if (top > 0 && top < span) {
      const there = flow(top);
      yield { time: time + top, ...there, peak: there.v, at: "inside" };
    }
    ({ v, i } = flow(span));
    time = event.time;
    if (event.spike >= 0) {
      const peak = turn();
      yield { time, v, i, peak: peak > 0 ? flow(peak).v : Math.max(bias, v), at: "spike" };
      v = reset[neuron]!;
      continue;
    }
    const before = { v, i };
    const rising = slope() > 0;
    i += event.weight;
    if (rising && time === duration) yield { time, ...before, peak: v, at: "end" };
    else if (rising && slope() <= 0) yield { time, ...before, peak: v, at: "arrival" };
  }
}
