/** Exact event-driven simulation of a case, spikes to some fifty digits. */
import { ConfigError } from "../../base/errors.ts";
import { firstCrossing, roundingOf } from "./crossing.ts";
import type { ExactCase, ExactPopulation } from "./exactCase.ts";
import { type Dynamics, flow, type State, slope } from "./flow.ts";

/** Spikes of one population in the order of emission: `slopes[k]` is dV/dt just before spike k, 1/ms. */
interface ExactSpikes {
  readonly times: bigint[];
  readonly neurons: number[];
  readonly slopes: bigint[];
}

/** One jump of the current of a neuron. */
export interface Arrival {
  readonly time: bigint;
  readonly weight: bigint;
}

export interface Trial {
  /** By population; empty for `li`. */
  readonly spikes: readonly ExactSpikes[];
  /** By population and neuron, what reaches a `li` neuron, in no order; empty for `lif`. */
  readonly arrivals: readonly (readonly Arrival[][])[];
  /**
   * By population and neuron, of the `lif` neurons whose V the loss looks at: states right after each event, the start
   * of the trial the first of them; empty for others.
   */
  readonly courses: readonly (readonly TimedState[][])[];
}

export interface TimedState extends State {
  readonly time: bigint;
}

/** Spike number `ordinal` (from 0) of a neuron happens `by` ms after its crossing: reset, deliveries and all. */
export interface Move {
  readonly population: number;
  readonly neuron: number;
  readonly ordinal: number;
  readonly by: bigint;
}

interface Neuron {
  readonly population: number;
  readonly index: number;
  readonly dynamics: Dynamics;
  readonly threshold: bigint;
  readonly reset: bigint;
  /** To be written down, where the trial is to have it. */
  readonly course: TimedState[] | undefined;
  /** State right after the last event, and its time. */
  state: State;
  time: bigint;
  spikeCount: number;
  /** The next crossing if no more arrives, when one is known; it was looked for up to `searchedTo`. */
  crossing: bigint | undefined;
  searchedTo: bigint;
}

interface Delivery extends Arrival {
  readonly neuron: Neuron;
}

const spikeBudget = 100_000;

export function simulate(exact: ExactCase, move?: Move): Trial {
  const { math: m, duration, populations } = exact;
  const courses = populations.map(({ size }) => Array.from({ length: size }, (): TimedState[] => []));
  const neurons = populations.map((population, p) => createNeurons(exact, population, p, courses[p]!));
  const firing = neurons.filter((_, p) => populations[p]!.model === "lif").flat();
  const spikes = populations.map((): ExactSpikes => ({ times: [], neurons: [], slopes: [] }));
  const arrivals = populations.map(({ size }) => Array.from({ length: size }, (): Arrival[] => []));
  const pending: Delivery[] = [];
  let budget = spikeBudget;

  const send = (from: number, source: number, time: bigint, put = insert): void => {
    for (const { from: pre, to, preCount, weight, delay } of exact.projections) {
      if (pre !== from) continue;
      for (const neuron of neurons[to]!) {
        const synapse = neuron.index * preCount + source;
        const arrival = { time: time + delay[synapse]!, weight: weight[synapse]! };
        if (arrival.time >= duration || arrival.weight === 0n) continue;
        if (populations[to]!.model === "li") arrivals[to]![neuron.index]!.push(arrival);
        else put(pending, { ...arrival, neuron });
      }
    }
  };
  const emit = (neuron: Neuron, time: bigint): void => {
    const { v, i } = flow(m, neuron.dynamics, neuron.state, time - neuron.time);
    const record = spikes[neuron.population]!;
    record.times.push(time);
    record.neurons.push(neuron.index);
    record.slopes.push(slope(m, neuron.dynamics, { v, i }));
    neuron.spikeCount += 1;
    enter(neuron, { v: neuron.reset, i }, time);
    budget -= 1;
    if (budget < 0)
      throw new ConfigError(`more than ${spikeBudget} spikes, which is where this simulator stops`);
  };

  exact.inputSources.forEach((source, k) => {
    send(-1, source, exact.inputTimes[k]!, append);
  });
  pending.sort((x, y) => (x.time > y.time ? -1 : x.time < y.time ? 1 : 0));
  const instant = roundingOf(m);
  for (;;) {
    const horizon = pending.at(-1)?.time ?? duration;
    let first = duration;
    for (const neuron of firing) {
      search(exact, neuron, horizon, move);
      if (neuron.crossing !== undefined && neuron.crossing < first) first = neuron.crossing;
    }
    if (first < horizon - instant) {
      // All that cross at this instant emit before any of their spikes is delivered.
      const crossing = firing.filter(
        (neuron) => neuron.crossing !== undefined && neuron.crossing <= first + instant,
      );
      for (const neuron of crossing) emit(neuron, first);
      for (const { population, index } of crossing) send(population, index, first);
    } else if (pending.length === 0) {
      return { spikes, arrivals, courses };
    } else {
      while (pending.length > 0 && pending.at(-1)!.time <= horizon) arrive(exact, pending.pop()!);
    }
  }
}

function createNeurons(
  { math: m, constants: { looks } }: ExactCase,
  population: ExactPopulation,
  p: number,
  courses: readonly TimedState[][],
): Neuron[] {
  return Array.from({ length: population.size }, (_, index) => {
    const threshold = population.threshold[index]!;
    const reset = population.reset[index]!;
    const state = { v: population.v0[index]!, i: population.i0[index]! };
    if (population.model === "lif" && (state.v >= threshold || reset >= threshold))
      throw new Error(`${population.name} ${index} is started or reset at or above threshold`);
    const a = m.div(m.one, population.tauMem[index]!);
    const c = m.div(m.one, population.tauSyn[index]!);
    const dynamics = { a, c, bias: population.bias[index]! };
    const never = { crossing: undefined, searchedTo: 0n, spikeCount: 0 };
    const seen = looks.some((look) => look.population === p && look.neuron === index);
    const course = population.model === "lif" && seen ? courses[index]! : undefined;
    course?.push({ ...state, time: 0n });
    return { population: p, index, dynamics, threshold, reset, course, state, time: 0n, ...never };
  });
}

function enter(neuron: Neuron, state: State, time: bigint): void {
  neuron.state = state;
  neuron.time = time;
  neuron.crossing = undefined;
  neuron.searchedTo = time;
  neuron.course?.push({ ...state, time });
}

function search({ math: m }: ExactCase, neuron: Neuron, horizon: bigint, move: Move | undefined): void {
  if (neuron.crossing !== undefined || neuron.searchedTo >= horizon) return;
  const { dynamics, state, threshold, time } = neuron;
  const wait = firstCrossing(m, dynamics, state, threshold, horizon - time);
  neuron.searchedTo = horizon;
  if (wait === undefined) return;
  const moved =
    move?.population === neuron.population &&
    move.neuron === neuron.index &&
    move.ordinal === neuron.spikeCount;
  neuron.crossing = time + wait + (moved ? move.by : 0n);
}

/**
 * Adds w to I. A time that the neuron has passed arises only where a zero delay or an input time of 0 is lowered by a
 * difference's step: the state becomes the one that the earlier jump would have led to, which continues the flow
 * analytically in the delay.
 */
function arrive({ math: m }: ExactCase, { neuron, time, weight }: Delivery): void {
  const { dynamics, state } = neuron;
  if (time >= neuron.time) {
    const { v, i } = flow(m, dynamics, state, time - neuron.time);
    enter(neuron, { v, i: i + weight }, time);
  } else {
    const jump = flow(m, { ...dynamics, bias: 0n }, { v: 0n, i: weight }, neuron.time - time);
    enter(neuron, { v: state.v + jump.v, i: state.i + jump.i }, neuron.time);
  }
}

/** For many at once, to be sorted afterwards. */
function append(pending: Delivery[], delivery: Delivery): void {
  pending.push(delivery);
}

/** Keeps the deliveries in descending order of time: the next is the last. */
function insert(pending: Delivery[], delivery: Delivery): void {
  let [low, high] = [0, pending.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (pending[middle]!.time > delivery.time) low = middle + 1;
    else high = middle;
  }
  pending.splice(low, 0, delivery);
}
