/** What happens to each neuron in an exact run: events, and maxima of its voltage. */

import type { Elementary } from "../../engine/kernel/elementary.ts";
import type { Case } from "../../model/case.ts";
import { inputName, type Population } from "../../model/network.ts";
import type { Simulation } from "../../model/solution.ts";
import { flow, membraneOf, type State, slopeOf, turnOf } from "../twin/membrane.ts";

export interface Event {
  /** ms */
  readonly time: number;
  /** 0 for the neuron's own spike. */
  readonly weight: number;
  /** ms by which a grid moves it at most. */
  readonly shift: number;
  /** Number of the neuron's own spike in its population; −1 for an arrival. */
  readonly spike: number;
}

/** Largest |shift| in ms of what the input or a population sends: spike `index`, by whatever synapse. */
export type ShiftOf = (from: string, index: number) => number;

/** By neuron, in order of time; at one instant what arrives comes before the spike. */
export function eventsOf(
  { network, input, duration }: Case,
  { spikes }: Pick<Simulation, "spikes">,
  population: Population,
  shiftOf: ShiftOf,
): Event[][] {
  const events: Event[][] = Array.from({ length: population.size }, () => []);
  for (const { from, to, weight, delay } of network.projections) {
    if (to !== population.name) continue;
    const pre = weight.length / population.size;
    const train = from === inputName ? { times: input.times, neurons: input.sources } : spikes[from]!;
    for (const [k, sent] of train.times.entries())
      for (let post = 0; post < population.size; post++) {
        const synapse = post * pre + train.neurons[k]!;
        const time = sent + (typeof delay === "number" ? delay : delay[synapse]!);
        if (weight[synapse] !== 0 && time < duration)
          events[post]!.push({ time, weight: weight[synapse]!, shift: shiftOf(from, k), spike: -1 });
      }
  }
  const own = spikes[population.name];
  for (const [k, time] of (own?.times ?? []).entries())
    events[own!.neurons[k]!]!.push({ time, weight: 0, shift: shiftOf(population.name, k), spike: k });
  for (const list of events) list.sort((x, y) => x.time - y.time || x.spike - y.spike);
  return events;
}

interface Maximum extends State {
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
