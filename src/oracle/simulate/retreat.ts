/** One neuron's adjoint between two events, and what the stretch adds to the gradients of its constants. */
import { type Influence, type Influences, influenceOfI } from "./closed.ts";
import type { ExactCase, NeuronParameter } from "./exactCase.ts";
import type { Arithmetic } from "./fixed.ts";
import { type Dynamics, type State, slope } from "./flow.ts";
import { ruleOf } from "./loss.ts";
import { type Cell, stateAt } from "./replay.ts";
import type { Pair, Response, Stretches } from "./stretch.ts";

/** How the loss pulls at the neuron's voltage. */
export interface Pull {
  /** Where `course` has kinks, ascending. */
  readonly breaks: readonly bigint[];
  /** ∂l/∂V is this share of the course; no course, no ∂l/∂V. */
  readonly share: bigint;
  readonly course: ((time: bigint) => bigint) | undefined;
  /** Whether other neurons have the same course. */
  readonly common: boolean;
  /** The moment of the maximum, where the loss looks at it. */
  readonly moment: { readonly time: bigint; readonly pull: bigint } | undefined;
  /** Fixed times at which the loss looks at V, just before what happens there. */
  readonly looks: readonly { readonly time: bigint; readonly factor: bigint }[];
}

export interface Sample {
  readonly v: bigint;
  readonly i: bigint;
  readonly lambdaV: bigint;
  readonly lambdaI: bigint;
}

/** What all neurons of a pass backwards share. */
interface Pass {
  readonly exact: ExactCase;
  readonly stretches: Stretches;
  /** In place of the rule, where integrals are to be taken in closed form. */
  readonly influences: Influences | undefined;
  /** At which states and adjoints are wanted. */
  readonly times: readonly bigint[];
  readonly found: Found;
}

interface Found {
  readonly populations: readonly Readonly<Record<NeuronParameter, bigint[]>>[];
  /** Of each requested time, by population and neuron. */
  readonly samples: readonly (readonly Sample[][])[];
}

/** From the neuron's time back to its last event, at `to`, whose jump is still to be undone. */
export function retreat(pass: Pass, cell: Cell, to: bigint, pull: Pull | undefined): void {
  const { exact, times, found } = pass;
  const end = cell.time;
  for (const [k, place] of placesOf(to, end, pull, times).entries()) {
    if (k > 0) pieces(pass, cell, place, pull);
    // What happens at `to` comes before the event there, whose turn is next; at the trial's end nothing comes after.
    if (place > to && pull?.moment?.time === place) cell.p.v += pull.moment.pull;
    for (const { time, factor } of pull?.looks ?? []) if (place > to && time === place) cell.p.v += factor;
    for (const [n, time] of times.entries())
      if (time === place && (place < end || end === exact.duration)) sample(exact, cell, n, found);
  }
}

/** From `end` down to `to`, by all places in between at which there is something to do. */
function placesOf(to: bigint, end: bigint, pull: Pull | undefined, times: readonly bigint[]): bigint[] {
  const places = times.filter((time) => time > to && time < end);
  if (pull) {
    const inside = (time: bigint) => time > to && time < end;
    if (pull.course) places.push(...between(pull.breaks, to, end));
    if (pull.moment && inside(pull.moment.time)) places.push(pull.moment.time);
    for (const { time } of pull.looks) if (inside(time)) places.push(time);
  }
  if (places.length === 0) return to < end ? [end, to] : [end];
  const all = [end, ...places, to].sort((x, y) => (x < y ? 1 : x > y ? -1 : 0));
  return all.filter((place, k) => k === 0 || place !== all[k - 1]);
}

/** Those of ascending times that lie strictly between two. */
function between(times: readonly bigint[], from: bigint, to: bigint): readonly bigint[] {
  let [low, high] = [0, times.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (times[middle]! <= from) low = middle + 1;
    else high = middle;
  }
  let end = low;
  while (end < times.length && times[end]! < to) end += 1;
  return times.slice(low, end);
}

/** Sampled when the pass comes by for the first time, so after all events of that instant. */
function sample({ math: m }: ExactCase, cell: Cell, n: number, { samples }: Found): void {
  const { population, index, time, dynamics, p } = cell;
  const its = samples[n]![population]!;
  if (its[index]) return;
  its[index] = {
    ...stateAt(m, cell, time),
    lambdaV: m.mul(-p.v, dynamics.a),
    lambdaI: m.mul(-p.i, dynamics.c),
  };
}

/** Back to `to` in pieces of at most two of the shorter time constant, and T/6 where the loss pulls. */
function pieces(pass: Pass, cell: Cell, to: bigint, pull: Pull | undefined): void {
  const { math: m, duration } = pass.exact;
  const { a, c } = cell.dynamics;
  let longest = m.div(2n * m.one, a > c ? a : c);
  if (pull?.course && duration / 6n < longest) longest = duration / 6n;
  const whole = cell.time - to;
  const count = (whole + longest - 1n) / longest;
  const end = cell.time;
  const one = pass.influences ? closedPiece : piece;
  for (let k = 1n; k <= count; k += 1n) one(pass, cell, end - (whole * k) / count, pull);
}

function piece(pass: Pass, cell: Cell, to: bigint, pull: Pull | undefined): void {
  const { exact, stretches, found } = pass;
  const { math: m } = exact;
  const { time: end, p, dynamics, population, index } = cell;
  cell.time = to;
  if (p.v === 0n && p.i === 0n && !pull?.course) return;
  const { weights } = ruleOf(m);
  const start = stateAt(m, cell, to);
  const since = stretches.sinceStart(dynamics, end - to);
  const until = stretches.untilEnd(dynamics, end - to);
  const more = pull?.course && stretches.pulled(dynamics, to, end, pull.course, pull.common);
  const sums = { bias: 0n, tauMem: 0n, tauSyn: 0n };
  for (const [k, weight] of weights.entries()) {
    const state = later(m, dynamics, start, since.nodes[k]!);
    const at = earlier(m, p, until.nodes[k]!, pull?.share, more?.nodes[k]);
    sums.bias += m.mul(weight, at.v);
    sums.tauMem += m.mul(weight, m.mul(at.v, slope(m, dynamics, state)));
    sums.tauSyn += m.mul(weight, m.mul(at.i, state.i));
  }
  const { a, c } = dynamics;
  const length = end - to;
  const gradient = found.populations[population]!;
  gradient.bias[index]! += m.mul(m.mul(a, length), sums.bias);
  gradient.tauMem[index]! -= m.mul(m.mul(a, length), sums.tauMem);
  gradient.tauSyn[index]! += m.mul(m.mul(m.mul(c, c), length), sums.tauSyn);
  Object.assign(p, earlier(m, p, until.start, pull?.share, more?.start));
}

/** The same from closed forms. */
function closedPiece(pass: Pass, cell: Cell, to: bigint, pull: Pull | undefined): void {
  const { exact, found } = pass;
  const influences = pass.influences!;
  const { math: m } = exact;
  const { time: end, p, dynamics, population, index } = cell;
  const start = stateAt(m, cell, to);
  const length = end - to;
  const ofV = influences.ofV(dynamics, length);
  const ofI = influenceOfI(m, dynamics, length);
  const ofPull = pull?.course && influences.ofPull(dynamics, to, end, pull.course, pull.common);
  const sum = (key: keyof Influence) =>
    m.mul(p.v, ofV[key]) + m.mul(p.i, ofI[key]) + (ofPull ? m.mul(pull.share, ofPull[key]) : 0n);
  const { a, c, bias } = dynamics;
  const gradient = found.populations[population]!;
  gradient.bias[index]! += m.mul(m.mul(a, length), sum("whole"));
  // dV/dt = a (I (e^{−ct} − K) − (V − b) e^{−at}), of the state at the start.
  const slopes = m.mul(start.i, sum("rising")) - m.mul(start.v - bias, sum("falling"));
  gradient.tauMem[index]! -= m.mul(m.mul(m.mul(a, a), length), slopes);
  gradient.tauSyn[index]! += m.mul(m.mul(m.mul(c, c), length), m.mul(start.i, sum("current")));
  [p.v, p.i] = [sum("v"), sum("i")];
  cell.time = to;
}

/** As `flow` has it. */
function later(m: Arithmetic, { bias }: Dynamics, { v, i }: State, { vv, vi, ii }: Response): State {
  return { v: bias + m.mul(v - bias, vv) + m.mul(i, vi), i: m.mul(i, ii) };
}

/** p some time before, and what the loss pulls in between. */
function earlier(
  m: Arithmetic,
  p: State,
  until: Response,
  share: bigint | undefined,
  more: Pair | undefined,
): State {
  const at = { v: m.mul(until.vv, p.v), i: m.mul(until.vi, p.v) + m.mul(until.ii, p.i) };
  if (share === undefined || more === undefined) return at;
  return { v: at.v + m.mul(share, more.v), i: at.i + m.mul(share, more.i) };
}
