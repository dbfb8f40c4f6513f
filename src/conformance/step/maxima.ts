/** Where the voltage of a neuron has its maxima in an exact run. */
import type { Elementary } from "../../engine/kernel/elementary.ts";
import type { Population } from "../../model/network.ts";
import type { Event } from "./events.ts";
import { flow, membraneOf, type State, slopeOf, turnOf } from "./membrane.ts";

export interface Maximum extends State {
  /** ms */
  readonly time: number;
  /** V at the maximum, or for a spike the peak that V would have reached. */
  readonly peak: number;
  /** Between events, where an arrival turns V, at T while V rises, or a spike. */
  readonly at: "inside" | "arrival" | "end" | "spike";
}

/** @param events of the neuron, in order of time */
export function* maxima(
  population: Population,
  neuron: number,
  events: readonly Event[],
  duration: number,
  elementary: Elementary,
): Generator<Maximum> {
  const membrane = membraneOf(population, neuron);
  let time = 0;
  let state: State = { v: population.v0[neuron]!, i: population.i0[neuron]! };
  for (const event of [...events, { time: duration, weight: 0, spike: -1 }]) {
    const span = event.time - time;
    const top = slopeOf(membrane, state) > 0 ? turnOf(membrane, state, elementary) : -1;
    if (top > 0 && top < span) {
      const there = flow(membrane, state, top, elementary);
      yield { time: time + top, ...there, peak: there.v, at: "inside" };
    }
    state = flow(membrane, state, span, elementary);
    time = event.time;
    if (event.spike >= 0) {
      const later = turnOf(membrane, state, elementary);
      const peak = later > 0 ? flow(membrane, state, later, elementary).v : Math.max(membrane.bias, state.v);
      yield { time, ...state, peak, at: "spike" };
      state = { v: population.reset[neuron]!, i: state.i };
      continue;
    }
    const after = { v: state.v, i: state.i + event.weight };
    if (slopeOf(membrane, state) > 0) {
      if (time === duration) yield { time, ...state, peak: state.v, at: "end" };
      else if (slopeOf(membrane, after) <= 0) yield { time, ...state, peak: state.v, at: "arrival" };
    }
    state = after;
  }
}
