/** One neuron's adjoint between two events, and what the stretch adds to the gradients of its constants. */
import type { ExactCase, NeuronParameter } from "./exactCase.ts";
import type { Arithmetic } from "./fixed.ts";
import { type Dynamics, flow, type State, slope } from "./flow.ts";
import { ruleOf } from "./loss.ts";
import type { Rule } from "./quadrature.ts";
import { type Cell, stateAt } from "./replay.ts";

/** How the loss pulls at the neuron's voltage. */
export interface Pull {
  /** Where `course` has kinks, ascending. */
  readonly breaks: readonly bigint[];
  /** ∂l/∂V is this share of the course; no course, no ∂l/∂V. */
  readonly share: bigint;
  readonly course: ((time: bigint) => bigint) | undefined;
  /** What is integrated of the course already, if other neurons have the same. */
  readonly known: Map<string, State> | undefined;
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

interface Found {
  readonly populations: readonly Readonly<Record<NeuronParameter, bigint[]>>[];
  /** Of each requested time, by population and neuron. */
  readonly samples: readonly (readonly Sample[][])[];
}

/** From the neuron's time back to its last event, at `to`, whose jump is still to be undone. */
export function retreat(
  exact: ExactCase,
  cell: Cell,
  to: bigint,
  pull: Pull | undefined,
  times: readonly bigint[],
  found: Found,
): void {
  const end = cell.time;
  const stops = new Set([to, end]);
  const stop = (time: bigint): void => {
    if (time > to && time < end) stops.add(time);
  };
  if (pull?.course) for (const time of pull.breaks) stop(time);
  if (pull?.moment) stop(pull.moment.time);
  for (const { time } of pull?.looks ?? []) stop(time);
  for (const time of times) stop(time);
  const places = [...stops].sort((x, y) => (x < y ? 1 : -1));
  for (const [k, place] of places.entries()) {
    if (k > 0) pieces(exact, cell, place, pull, found);
    // What happens at `to` comes before the event there, whose turn is next; at the trial's end nothing comes after.
    if (place > to && pull?.moment?.time === place) cell.p.v += pull.moment.pull;
    for (const { time, factor } of pull?.looks ?? []) if (place > to && time === place) cell.p.v += factor;
    for (const [n, time] of times.entries())
      if (time === place && (place < end || end === exact.duration)) sample(exact, cell, n, found);
  }
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
function pieces(exact: ExactCase, cell: Cell, to: bigint, pull: Pull | undefined, found: Found): void {
  const { math: m, duration } = exact;
  const { a, c } = cell.dynamics;
  let longest = m.div(2n * m.one, a > c ? a : c);
  if (pull?.course && duration / 6n < longest) longest = duration / 6n;
  const whole = cell.time - to;
  const count = (whole + longest - 1n) / longest;
  const end = cell.time;
  for (let k = 1n; k <= count; k += 1n) piece(exact, cell, end - (whole * k) / count, pull, found);
}

function piece(
  { math: m }: ExactCase,
  cell: Cell,
  to: bigint,
  pull: Pull | undefined,
  { populations }: Found,
): void {
  const { time: end, p, dynamics, population, index } = cell;
  const rule = ruleOf(m);
  const later = { ...p };
  const start = stateAt(m, cell, to);
  const sums = { bias: 0n, tauMem: 0n, tauSyn: 0n };
  const add = (weight: bigint, time: bigint): void => {
    const state = flow(m, dynamics, start, time - to);
    const at = earlier(m, rule, dynamics, later, time, end, pull);
    sums.bias += m.mul(weight, at.v);
    sums.tauMem += m.mul(weight, m.mul(at.v, slope(m, dynamics, state)));
    sums.tauSyn += m.mul(weight, m.mul(at.i, state.i));
  };
  for (const [k, node] of rule.nodes.entries()) add(rule.weights[k]!, to + m.mul(node, end - to));
  const { a, c } = dynamics;
  const length = end - to;
  const gradient = populations[population]!;
  gradient.bias[index]! += m.mul(m.mul(a, length), sums.bias);
  gradient.tauMem[index]! -= m.mul(m.mul(a, length), sums.tauMem);
  gradient.tauSyn[index]! += m.mul(m.mul(m.mul(c, c), length), sums.tauSyn);
  Object.assign(p, earlier(m, rule, dynamics, later, to, end, pull));
  cell.time = to;
}

/** p at `time`, from p at `end` and what the loss pulls in between. */
function earlier(
  m: Arithmetic,
  rule: Rule,
  dynamics: Dynamics,
  p: State,
  time: bigint,
  end: bigint,
  pull: Pull | undefined,
): State {
  const from = response(m, dynamics, end - time);
  const at = { v: m.mul(from.vv, p.v), i: m.mul(from.vi, p.v) + m.mul(from.ii, p.i) };
  if (!pull?.course) return at;
  const more = along(m, rule, dynamics, time, end, pull);
  return { v: at.v + m.mul(pull.share, more.v), i: at.i + m.mul(pull.share, more.i) };
}

/** ∫ of the course times what a unit of V and of I at `time` are of V later. */
function along(m: Arithmetic, rule: Rule, dynamics: Dynamics, time: bigint, end: bigint, pull: Pull): State {
  const key = `${dynamics.a} ${dynamics.c} ${time} ${end}`;
  const known = pull.known?.get(key);
  if (known) return known;
  let [v, i] = [0n, 0n];
  for (const [k, node] of rule.nodes.entries()) {
    const later = m.mul(node, end - time);
    const weight = m.mul(rule.weights[k]!, pull.course!(time + later));
    const { vv, vi } = response(m, dynamics, later);
    v += m.mul(weight, vv);
    i += m.mul(weight, vi);
  }
  const found = { v: m.mul(v, end - time), i: m.mul(i, end - time) };
  pull.known?.set(key, found);
  return found;
}

/** ∂V(t)/∂V(0), ∂V(t)/∂I(0) and ∂I(t)/∂I(0): what a unit of each becomes. */
function response(m: Arithmetic, { a, c }: Dynamics, t: bigint): { vv: bigint; vi: bigint; ii: bigint } {
  const free = { a, c, bias: 0n };
  const ofI = flow(m, free, { v: 0n, i: m.one }, t);
  return { vv: m.exp(-m.mul(a, t)), vi: ofI.v, ii: ofI.i };
}
