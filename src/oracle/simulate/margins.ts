/** How near each neuron came to spiking where it did not, and to not spiking where it did. */
import { roundingOf } from "./crossing.ts";
import type { ExactCase } from "./exactCase.ts";
import { type Dynamics, extremum, flow, type State, slope } from "./flow.ts";
import { type Event, history } from "./history.ts";
import { type Cell, cellsOf, enter, stateAt } from "./replay.ts";
import type { Trial } from "./simulate.ts";

/** The nearest that V came to the threshold, at a maximum, in one stretch between a neuron's spikes. */
interface Margin {
  readonly neuron: number;
  readonly time: bigint;
  /** threshold − V. */
  readonly margin: bigint;
}

export interface Margins {
  /** By population, in order of neuron, then time. */
  readonly missed: readonly Margin[][];
  /** By population and spike: V − threshold at the first peak that V would have reached without this spike. */
  readonly overshoots: readonly bigint[][];
}

export function margins(exact: ExactCase, trial: Trial): Margins {
  const { math: m, populations, duration } = exact;
  const cells = cellsOf(exact);
  const watches = cells.map((those) => those.map((): Watch => ({ nearest: undefined, all: [] })));
  const overshoots = trial.spikes.map(({ times }) => times.map(() => 0n));
  const look = (cell: Cell, until: bigint, rising: boolean): void => {
    if (populations[cell.population]!.model !== "lif") return;
    watch(exact, cell, until, rising, watches[cell.population]![cell.index]!);
  };
  const events = history(exact, trial);
  for (const [k, event] of events.entries()) {
    if (event.kind === "spike") {
      const { population, index } = event.source;
      const cell = cells[population]![event.neuron]!;
      look(cell, event.time, false);
      const arrivals = arrivalsAfter(exact, events, k, cell);
      const threshold = populations[population]!.threshold[event.neuron]!;
      overshoots[population]![index] =
        peakAfter(exact, cell.dynamics, { ...stateAt(m, cell, event.time), time: event.time }, arrivals) -
        threshold;
      close(watches[population]![event.neuron]!);
    } else {
      const { to, preCount, weight } = exact.projections[event.projection]!;
      for (const post of event.posts) {
        const cell = cells[to]![post]!;
        const before = stateAt(m, cell, event.time);
        const after = { v: before.v, i: before.i + weight[post * preCount + event.pre]! };
        look(cell, event.time, slope(m, cell.dynamics, before) > 0n && slope(m, cell.dynamics, after) < 0n);
      }
    }
    enter(exact, cells, event);
  }
  for (const cell of cells.flat())
    look(cell, duration, slope(m, cell.dynamics, stateAt(m, cell, duration)) > 0n);
  for (const its of watches.flat()) close(its);
  return {
    missed: watches.map((those) =>
      those.flatMap(({ all }, neuron) => all.map((one) => ({ neuron, ...one }))),
    ),
    overshoots,
  };
}

interface Watch {
  nearest: Omit<Margin, "neuron"> | undefined;
  readonly all: Omit<Margin, "neuron">[];
}

function close(its: Watch): void {
  if (its.nearest) its.all.push(its.nearest);
  its.nearest = undefined;
}

/** Maxima since the neuron's last event: inside, and at `until` if V turns there. */
function watch(
  { math: m, populations }: ExactCase,
  cell: Cell,
  until: bigint,
  turns: boolean,
  its: Watch,
): void {
  const { dynamics, states, population, index } = cell;
  const last = states.at(-1)!;
  const threshold = populations[population]!.threshold[index]!;
  const consider = (time: bigint, { v }: State): void => {
    const margin = threshold - v;
    if (its.nearest === undefined || margin < its.nearest.margin) its.nearest = { time, margin };
  };
  const end = stateAt(m, cell, until);
  // V has one extremum at most: where it rises at both ends it does not turn in between.
  const falls = slope(m, dynamics, end) <= roundingOf(m);
  const turn = falls && slope(m, dynamics, last) > 0n ? extremum(m, dynamics, last) : undefined;
  if (turn !== undefined && turn < until - last.time)
    consider(last.time + turn, flow(m, dynamics, last, turn));
  if (turns) consider(until, end);
}

/** What jumps into a neuron's current, and when. */
export interface Arrival {
  readonly time: bigint;
  readonly weight: bigint;
}

/** What reaches a cell from event k, a spike of its own, on, but for what that spike sends. */
function* arrivalsAfter(
  { projections }: ExactCase,
  events: readonly Event[],
  k: number,
  { population, index }: Cell,
): Generator<Arrival> {
  const { source } = events[k]!;
  for (let later = k + 1; later < events.length; later++) {
    const event = events[later]!;
    if (event.kind === "spike") continue;
    if (event.source.population === source.population && event.source.index === source.index) continue;
    const { to, preCount, weight } = projections[event.projection]!;
    if (to === population && event.posts.includes(index))
      yield { time: event.time, weight: weight[index * preCount + event.pre]! };
  }
}

/** The first maximum of a rising V: inside, where an arrival turns it, or at the end of the trial. */
export function peakAfter(
  { math: m, duration }: ExactCase,
  dynamics: Dynamics,
  start: State & { readonly time: bigint },
  arrivals: Iterable<Arrival>,
): bigint {
  let { time, ...state } = start;
  for (const arrival of [...arrivals, { time: duration, weight: 0n }]) {
    if (arrival.time > time) {
      if (slope(m, dynamics, state) <= 0n) return state.v;
      const turn = extremum(m, dynamics, state);
      if (turn !== undefined && turn < arrival.time - time) return flow(m, dynamics, state, turn).v;
      state = flow(m, dynamics, state, arrival.time - time);
      time = arrival.time;
    }
    state = { v: state.v, i: state.i + arrival.weight };
  }
  return state.v;
}
