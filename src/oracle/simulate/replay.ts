/** Each neuron's states through a trial, kept so that a pass backwards finds them again. */
import type { ExactCase } from "./exactCase.ts";
import type { Arithmetic } from "./fixed.ts";
import { type Dynamics, flow, type State } from "./flow.ts";
import type { Event } from "./history.ts";
import type { TimedState } from "./simulate.ts";

export interface Cell {
  readonly population: number;
  readonly index: number;
  readonly dynamics: Dynamics;
  /** Right after each event of the neuron, the start of the trial the first of them. */
  readonly states: TimedState[];
  /** How far the pass backwards has come, and the derivatives of the loss with respect to V and I there. */
  time: bigint;
  readonly p: { v: bigint; i: bigint };
  /** The last answer of `stateAt`: what looks at a moment often looks twice. */
  asked?: { readonly since: TimedState; readonly time: bigint; readonly state: State };
}

/** By population and neuron, at the start of the trial going forward and at its end going back. */
export function cellsOf({ math: m, populations, duration }: ExactCase): Cell[][] {
  return populations.map(({ size, tauMem, tauSyn, bias, v0, i0 }, population) =>
    Array.from({ length: size }, (_, index) => ({
      population,
      index,
      dynamics: { a: m.div(m.one, tauMem[index]!), c: m.div(m.one, tauSyn[index]!), bias: bias[index]! },
      states: [{ time: 0n, v: v0[index]!, i: i0[index]! }],
      time: duration,
      p: { v: 0n, i: 0n },
    })),
  );
}

/** Lets an event happen to the neurons that it reaches. */
export function enter(exact: ExactCase, cells: readonly Cell[][], event: Event): void {
  const { math: m, populations, projections } = exact;
  if (event.kind === "spike") {
    const { population } = event.source;
    const cell = cells[population]![event.neuron]!;
    const { i } = stateAt(m, cell, event.time);
    cell.states.push({ time: event.time, v: populations[population]!.reset[event.neuron]!, i });
    return;
  }
  const { to, preCount, weight } = projections[event.projection]!;
  for (const post of event.posts) {
    const cell = cells[to]![post]!;
    const { v, i } = stateAt(m, cell, event.time);
    cell.states.push({ time: event.time, v, i: i + weight[post * preCount + event.pre]! });
  }
}

/** Takes back the neuron's last event; its state just before. */
export function leave(m: Arithmetic, cell: Cell): State {
  const { time } = cell.states.pop()!;
  return stateAt(m, cell, time);
}

/** With no event after the last one kept. */
export function stateAt(m: Arithmetic, cell: Cell, time: bigint): State {
  const last = cell.states.at(-1)!;
  if (time === last.time) return last;
  if (cell.asked?.time !== time || cell.asked.since !== last)
    cell.asked = { since: last, time, state: flow(m, cell.dynamics, last, time - last.time) };
  return cell.asked.state;
}
