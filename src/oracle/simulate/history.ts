/** A trial as one list of events in the order in which they happen, each spike's deliveries among them. */
import type { ExactCase } from "./exactCase.ts";
import type { Trial } from "./simulate.ts";

/** Where a spike came from: the input (population −1, `index` of the input spike) or a population's spike. */
interface Source {
  readonly population: number;
  readonly index: number;
}

/** Deliveries of one spike that arrive together: weights [post][pre] of one projection jump into the currents of `posts`. */
export interface Delivery {
  readonly kind: "delivery";
  readonly time: bigint;
  readonly source: Source;
  readonly projection: number;
  /** Neuron or channel that sent the spike. */
  readonly pre: number;
  readonly posts: readonly number[];
}

export interface Spike {
  readonly kind: "spike";
  readonly time: bigint;
  readonly source: Source;
  readonly neuron: number;
}

export type Event = Delivery | Spike;

/** At one instant: what was under way arrives, then neurons spike, then what they send without delay arrives. */
const rank = { underWay: 0, spike: 1, immediate: 2 } as const;

export function history(exact: ExactCase, trial: Trial): Event[] {
  const fans = exact.projections.map((_, p) => fansOf(exact, p));
  const ranked: { event: Event; rank: number }[] = [];
  const send = (source: Source, pre: number, time: bigint): void => {
    exact.projections.forEach(({ from }, projection) => {
      if (from !== source.population) return;
      for (const [delay, posts] of fans[projection]![pre]!) {
        const arrival = time + delay;
        if (arrival >= exact.duration) continue;
        const event = { kind: "delivery", time: arrival, source, projection, pre, posts } as const;
        const immediate = source.population >= 0 && delay === 0n;
        ranked.push({ event, rank: immediate ? rank.immediate : rank.underWay });
      }
    });
  };
  exact.inputSources.forEach((channel, index) => {
    send({ population: -1, index }, channel, exact.inputTimes[index]!);
  });
  trial.spikes.forEach(({ times, neurons }, population) => {
    times.forEach((time, index) => {
      const source = { population, index };
      ranked.push({ event: { kind: "spike", time, source, neuron: neurons[index]! }, rank: rank.spike });
      send(source, neurons[index]!, time);
    });
  });
  ranked.sort((x, y) =>
    x.event.time < y.event.time ? -1 : x.event.time > y.event.time ? 1 : x.rank - y.rank,
  );
  return ranked.map(({ event }) => event);
}

/** Of each sender of a projection, its targets by delay; a weight of 0 counts too, as its gradient does. */
function fansOf(exact: ExactCase, projection: number): Map<bigint, number[]>[] {
  const { to, preCount, delay } = exact.projections[projection]!;
  const { size } = exact.populations[to]!;
  return Array.from({ length: preCount }, (_, pre) => {
    const fans = new Map<bigint, number[]>();
    for (let post = 0; post < size; post++) {
      const its = delay[post * preCount + pre]!;
      const posts = fans.get(its);
      if (posts) posts.push(post);
      else fans.set(its, [post]);
    }
    return fans;
  });
}
