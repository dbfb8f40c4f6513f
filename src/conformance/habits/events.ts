/** A trial whose spikes are known, as one list of events in the order in which they happen. */
import type { Case } from "../../model/case.ts";
import { inputName, preOf } from "../../model/network.ts";
import type { Answer } from "../suite/golden.ts";

/** A spike of the input or of a neuron. */
export interface Sender {
  /** ms */
  readonly time: number;
  /** Place of its population in the network; −1 for the input. */
  readonly population: number;
  /** Its number in the input, or among the spikes of its population. */
  readonly index: number;
  /** Neuron, or channel. */
  readonly neuron: number;
}

/** A spike of a neuron. */
export interface Spike extends Sender {
  readonly kind: "spike";
  /** dV/dt just before, 1/ms. */
  readonly slope: number;
}

/** What one spike sends over one projection to all neurons that it reaches at one time. */
export interface Arrival {
  readonly kind: "arrival";
  /** ms */
  readonly time: number;
  readonly sender: Sender;
  /** Places in the network, and neurons of the target. */
  readonly projection: number;
  readonly target: number;
  readonly posts: readonly number[];
}

/** A voltage that the loss looks at. */
export interface Look {
  readonly kind: "look";
  /** ms */
  readonly time: number;
  readonly population: number;
  readonly neuron: number;
  /** ∂L/∂V */
  readonly factor: number;
}

export type Event = Spike | Arrival | Look;

/** At one instant: looks, then what was under way arrives, then neurons spike, then what they send at once arrives. */
function rankOf(event: Event, time: number): number {
  if (event.kind === "look") return 0;
  if (event.kind === "spike") return 2;
  return event.sender.population >= 0 && event.sender.time === time ? 3 : 1;
}

/** In the order in which they happen. @param time of an event where it is to be, ms */
export function inOrder<T extends { readonly event: Event; readonly time: number }>(
  placed: readonly T[],
): T[] {
  return [...placed].sort((x, y) => x.time - y.time || rankOf(x.event, x.time) - rankOf(y.event, y.time));
}

export function eventsOf(problem: Case, spikes: Answer["spikes"]): Event[] {
  const { network, input, duration, loss } = problem;
  const events: Event[] = [];
  const places = new Map(network.populations.map(({ name }, p) => [name, p]));
  const send = (sender: Sender, from: string) => {
    for (const [projection, own] of network.projections.entries()) {
      if (own.from !== from) continue;
      const target = places.get(own.to)!;
      for (const [delay, posts] of reached(problem, projection, sender.neuron)) {
        const time = sender.time + delay;
        if (time < duration) events.push({ kind: "arrival", time, sender, projection, target, posts });
      }
    }
  };
  for (const [index, time] of input.times.entries())
    send({ time, population: -1, index, neuron: input.sources[index]! }, inputName);
  for (const [name, { times, neurons, slopes }] of Object.entries(spikes))
    for (const [index, time] of times.entries()) {
      const [population, neuron, slope] = [places.get(name)!, neurons[index]!, slopes[index]!];
      const spike: Spike = { kind: "spike", time, population, index, neuron, slope };
      events.push(spike);
      send(spike, name);
    }
  for (const { population, neuron, time, factor } of (loss.kind === "linear" && loss.voltages) || [])
    events.push({ kind: "look", time, population: places.get(population)!, neuron, factor });
  return inOrder(events.map((event) => ({ event, time: event.time }))).map(({ event }) => event);
}

/** Neurons that a spike of `pre` reaches, by delay in ms. */
function reached({ network }: Case, projection: number, pre: number): Map<number, number[]> {
  const own = network.projections[projection]!;
  const count = preOf(network, own);
  const found = new Map<number, number[]>();
  for (let post = 0; post * count < own.weight.length; post++) {
    const delay = typeof own.delay === "number" ? own.delay : own.delay[post * count + pre]!;
    const posts = found.get(delay);
    if (posts) posts.push(post);
    else found.set(delay, [post]);
  }
  return found;
}
