/** What happens to each neuron of a population in an exact run. */
import type { Case } from "../../model/case.ts";
import { inputName, type Population } from "../../model/network.ts";
import type { Simulation } from "../../model/solution.ts";

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
