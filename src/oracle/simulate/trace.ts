/** The voltage of a `li` neuron over a whole trial. */
import type { ExactCase } from "./exactCase.ts";
import { type Dynamics, extremum, flow, type State } from "./flow.ts";
import type { Arrival, Trial } from "./simulate.ts";

interface Segment {
  readonly start: bigint;
  readonly end: bigint;
  /** At `start`, its arrivals added. */
  readonly state: State;
}

export interface Trace {
  readonly dynamics: Dynamics;
  /** State at time 0. */
  readonly initial: State;
  /** At time T. */
  readonly final: State;
  /** After time 0, in order of time. */
  readonly arrivals: readonly Arrival[];
  readonly segments: readonly Segment[];
}

export function traces(exact: ExactCase, trial: Trial, population: number): Trace[] {
  return trial.arrivals[population]!.map((arrivals, index) => traceOf(exact, population, index, arrivals));
}

export function traceOf(exact: ExactCase, p: number, index: number, given: readonly Arrival[]): Trace {
  const { math: m, duration } = exact;
  const { tauMem, tauSyn, bias, v0, i0 } = exact.populations[p]!;
  const a = m.div(m.one, tauMem[index]!);
  const dynamics = { a, c: m.div(m.one, tauSyn[index]!), bias: bias[index]! };
  let state = { v: v0[index]!, i: i0[index]! };
  // An input time of 0 lowered by a difference's step: V and I at 0 are what that arrival makes of them.
  for (const { time, weight } of given) {
    if (time >= 0n) continue;
    const jump = flow(m, { ...dynamics, bias: 0n }, { v: 0n, i: weight }, -time);
    state = { v: state.v + jump.v, i: state.i + jump.i };
  }
  const initial = state;
  const arrivals = given.filter(({ time }) => time >= 0n).sort((x, y) => (x.time < y.time ? -1 : 1));
  const segments: Segment[] = [];
  let start = 0n;
  for (const { time, weight } of arrivals) {
    if (time > start) {
      segments.push({ start, end: time, state });
      state = flow(m, dynamics, state, time - start);
      start = time;
    }
    state = { v: state.v, i: state.i + weight };
  }
  segments.push({ start, end: duration, state });
  return { dynamics, initial, final: flow(m, dynamics, state, duration - start), arrivals, segments };
}

interface Peak {
  readonly v: bigint;
  /** Undefined where V is nowhere above 0. */
  readonly time: bigint | undefined;
}

/** max(0, max V) over [0, T]: at either end, at an arrival, or in between. */
function highest({ math: m, duration }: ExactCase, { dynamics, final, segments }: Trace): Peak {
  let found: Peak = final.v > 0n ? { v: final.v, time: duration } : { v: 0n, time: undefined };
  for (const { start, end, state } of segments) {
    const turn = extremum(m, dynamics, state);
    const candidates = [{ v: state.v, time: start }];
    if (turn !== undefined && turn < end - start)
      candidates.push({ v: flow(m, dynamics, state, turn).v, time: start + turn });
    for (const candidate of candidates) if (candidate.v > found.v) found = candidate;
  }
  return found;
}

export function peak(exact: ExactCase, trace: Trace): bigint {
  return highest(exact, trace).v;
}

/** When `peak` is reached; undefined where it is 0 because V never is above. */
export function peakTime(exact: ExactCase, trace: Trace): bigint | undefined {
  return highest(exact, trace).time;
}
