/**
 * All derivatives of a trial's loss by one pass backwards through its events, in fixed point.
 *
 * p_V and p_I, the derivatives of the loss with respect to V and I at a time, are carried instead of λ_V = −p_V/τm and
 * λ_I = −p_I/τs: what is written here is the chain rule on the flow and the jumps, not the formulas of the engine.
 */

import { createInfluences } from "./closed.ts";
import { type Drive, driveOf } from "./drive.ts";
import { type ExactCase, type NeuronParameter, neuronParameters } from "./exactCase.ts";
import { type State, slope } from "./flow.ts";
import { type Delivery, history, type Spike } from "./history.ts";
import { type Cell, cellsOf, enter, leave } from "./replay.ts";
import { type Pull, retreat, type Sample } from "./retreat.ts";
import type { Trial } from "./simulate.ts";
import { createStretches } from "./stretch.ts";

export interface Adjoint {
  /** [post][pre], row-major; in the case's order. */
  readonly projections: readonly { readonly weight: bigint[]; readonly delay: bigint[] }[];
  /** In the case's order. */
  readonly populations: readonly Readonly<Record<NeuronParameter, bigint[]>>[];
  readonly inputTimes: bigint[];
  /** By population. */
  readonly spikeTimes: readonly bigint[][];
  /** Of each requested time, by population and neuron. */
  readonly samples: readonly (readonly Sample[][])[];
}

/**
 * @param times at which states and adjoints are wanted, ascending; events at one of them have happened
 * @param closed whether integrals over stretches are taken in closed form, not by a rule
 */
export function adjoint(
  exact: ExactCase,
  trial: Trial,
  times: readonly bigint[] = [],
  closed = false,
): Adjoint {
  const events = history(exact, trial);
  const drive = driveOf(exact, trial);
  const cells = cellsOf(exact);
  for (const event of events) enter(exact, cells, event);
  const found = empty(exact, trial, times.length);
  const influences = closed ? createInfluences(exact.math) : undefined;
  const pass = { exact, stretches: createStretches(exact.math), influences, times, found };
  const pulls = cells.map((those) => those.map((cell) => pullOf(drive, cell)));
  const back: Back = (cell, time) => {
    const pull = pulls[cell.population]![cell.index];
    retreat(pass, cell, time, pull);
    return pull;
  };
  for (const event of events.reverse()) {
    if (event.kind === "spike") undoSpike(exact, cells, event, drive, found, back);
    else undoDelivery(exact, cells, event, found, back);
  }
  for (const cell of cells.flat()) {
    const moment = back(cell, 0n)?.moment;
    if (moment?.time === 0n) cell.p.v += moment.pull;
    const gradient = found.populations[cell.population]!;
    gradient.v0[cell.index]! += cell.p.v;
    gradient.i0[cell.index]! += cell.p.i;
  }
  return found;
}

function empty(exact: ExactCase, trial: Trial, samples: number): Adjoint {
  const zeros = (count: number) => Array<bigint>(count).fill(0n);
  return {
    projections: exact.projections.map(({ weight }) => ({
      weight: zeros(weight.length),
      delay: zeros(weight.length),
    })),
    populations: exact.populations.map(
      ({ size }) =>
        Object.fromEntries(neuronParameters.map((name) => [name, zeros(size)])) as Record<
          NeuronParameter,
          bigint[]
        >,
    ),
    inputTimes: zeros(exact.inputTimes.length),
    spikeTimes: trial.spikes.map(({ times }) => zeros(times.length)),
    samples: Array.from({ length: samples }, () => exact.populations.map(() => [])),
  };
}

function pullOf(drive: Drive, { population, index }: Cell): Pull | undefined {
  const looks = drive.looks.filter((look) => look.population === population && look.neuron === index);
  if (population !== drive.population) return looks.length > 0 ? { ...noPull, looks } : undefined;
  return {
    looks,
    breaks: drive.breaks,
    share: drive.shares[index] ?? 0n,
    course: drive.moments.length > 0 ? undefined : (time) => drive.course(index, time),
    common: drive.common,
    moment: drive.moments[index],
  };
}

const noPull = { breaks: [], share: 0n, course: undefined, common: false, moment: undefined };

/** Takes a cell back to a time, and gives how the loss pulls at it. */
type Back = (cell: Cell, time: bigint) => Pull | undefined;

/**
 * A later arrival of weight w leaves V̇ and İ as they were for longer: the state after it moves by w/τs in I and by −w/τm
 * in V per unit of time. A maximum that the arrival itself ends moves along V.
 */
function undoDelivery(
  { math: m, projections }: ExactCase,
  cells: readonly Cell[][],
  { time, source, projection, pre, posts }: Delivery,
  found: Adjoint,
  back: Back,
): void {
  const { to, preCount, weight } = projections[projection]!;
  for (const post of posts) {
    const synapse = post * preCount + pre;
    const cell = cells[to]![post]!;
    const moment = back(cell, time)?.moment;
    const before = leave(m, cell);
    const { a, c } = cell.dynamics;
    const { projections: gradients, inputTimes, spikeTimes } = found;
    gradients[projection]!.weight[synapse]! += cell.p.i;
    let moved = m.mul(weight[synapse]!, m.mul(c, cell.p.i) - m.mul(a, cell.p.v));
    if (moment?.time === time) moved += m.mul(moment.pull, slope(m, cell.dynamics, before));
    gradients[projection]!.delay[synapse]! += moved;
    const sent = source.population < 0 ? inputTimes : spikeTimes[source.population]!;
    sent[source.index]! += moved;
  }
}

/** A later spike keeps V from its path after the reset; it is later by δV/V̇ if V before it is lower by δV. */
function undoSpike(
  { math: m, populations }: ExactCase,
  cells: readonly Cell[][],
  { time, source, neuron }: Spike,
  drive: Drive,
  found: Adjoint,
  back: Back,
): void {
  const cell = cells[source.population]![neuron]!;
  back(cell, time);
  const { dynamics, p } = cell;
  const after = cell.states.at(-1)!;
  const before: State = { v: populations[source.population]!.threshold[neuron]!, i: after.i };
  leave(m, cell);
  const total =
    found.spikeTimes[source.population]![source.index]! +
    drive.onSpike(source.population, source.index) -
    m.mul(p.v, slope(m, dynamics, after));
  found.spikeTimes[source.population]![source.index] = total;
  const gradient = found.populations[source.population]!;
  const share = m.div(total, slope(m, dynamics, before));
  gradient.reset[neuron]! += p.v;
  gradient.threshold[neuron]! += share;
  p.v = -share;
}
