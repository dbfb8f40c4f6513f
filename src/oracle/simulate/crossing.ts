/** The first time at which V reaches the threshold from below. */
import type { Arithmetic } from "./fixed.ts";
import { type Dynamics, extremum, flow, type State, slope } from "./flow.ts";

/**
 * Time from now of the first upward crossing within `span`, if there is one. V starts below the threshold, or on it
 * because an event fell on the very instant of a crossing: then the crossing is now, provided that V still rises.
 */
export function firstCrossing(
  m: Arithmetic,
  dynamics: Dynamics,
  start: State,
  threshold: bigint,
  span: bigint,
): bigint | undefined {
  if (staysBelow(m, dynamics, start, threshold, span)) return undefined;
  const rate = slope(m, dynamics, start);
  if (start.v >= threshold - roundingOf(m) && rate > 0n) return 0n;
  // Where dV/dt is 0 now, d²V/dt² = −a c I, and V does not turn later.
  const rises = rate > 0n || (rate === 0n && start.i < 0n);
  // V is monotonic on either side of its extremum: a maximum if V rises at first, else a minimum.
  const turn = extremum(m, dynamics, start);
  const turnsWithin = turn !== undefined && turn < span;
  const low = !rises && turnsWithin ? turn : 0n;
  const high = rises && turnsWithin ? turn : span;
  if (!rises && !turnsWithin) return undefined;
  if (flow(m, dynamics, start, high).v <= threshold) return undefined;
  return solve(m, dynamics, start, threshold, low, high);
}

/** Two V closer than this are the same: the rounding of some hundreds of operations. */
export function roundingOf(m: Arithmetic): bigint {
  return 1n << BigInt(Math.floor(m.bits / 4));
}

/** The root of V(t) = threshold in (low, high), where V rises: bisection to a double's accuracy, then Newton's method. */
function solve(
  m: Arithmetic,
  dynamics: Dynamics,
  start: State,
  threshold: bigint,
  low: bigint,
  high: bigint,
): bigint {
  let [left, right] = [low, high];
  let t = m.from(approximateRoot(m, dynamics, start, threshold, m.toNumber(low), m.toNumber(high)));
  for (let step = 0; step < 10 * m.bits; step++) {
    if (t <= left || t >= right) t = (left + right) >> 1n;
    const state = flow(m, dynamics, start, t);
    if (state.v < threshold) left = t;
    else right = t;
    const rate = slope(m, dynamics, state);
    const change = rate > 0n ? m.div(threshold - state.v, rate) : right - left;
    t += change;
    // Newton's step squares the error: after one below 2^(−bits/2) nothing is left to correct.
    if (change < 1n << BigInt(m.bits / 2 - 8) && -change < 1n << BigInt(m.bits / 2 - 8)) return t;
    if (right - left <= 1n) return right;
  }
  throw new Error("no crossing found where V passes the threshold");
}

/** The same flow in doubles; accurate to about 1e−13 of |V| + |I| + |b| for any pair of time constants. */
function voltage(m: Arithmetic, dynamics: Dynamics, start: State): (t: number) => number {
  const a = m.toNumber(dynamics.a);
  const c = m.toNumber(dynamics.c);
  const b = m.toNumber(dynamics.bias);
  const v = m.toNumber(start.v);
  const i = m.toNumber(start.i);
  const d = Math.abs(c - a);
  const slow = Math.min(a, c);
  return (t) =>
    b + (v - b) * Math.exp(-a * t) + i * a * Math.exp(-slow * t) * (d === 0 ? t : -Math.expm1(-d * t) / d);
}

function approximateRoot(
  m: Arithmetic,
  dynamics: Dynamics,
  start: State,
  threshold: bigint,
  low: number,
  high: number,
): number {
  const at = voltage(m, dynamics, start);
  const aim = m.toNumber(threshold);
  let [left, right] = [low, high];
  for (let step = 0; step < 60; step++) {
    const middle = 0.5 * (left + right);
    if (at(middle) < aim) left = middle;
    else right = middle;
  }
  return 0.5 * (left + right);
}

/** Whether doubles suffice to rule a crossing out: a margin 10⁶ times their error. Undecided cases say no. */
function staysBelow(
  m: Arithmetic,
  dynamics: Dynamics,
  start: State,
  threshold: bigint,
  span: bigint,
): boolean {
  const a = m.toNumber(dynamics.a);
  const c = m.toNumber(dynamics.c);
  const u = m.toNumber(start.v - dynamics.bias);
  const i = m.toNumber(start.i);
  const end = m.toNumber(span);
  const at = voltage(m, dynamics, start);
  const y = (i - u) / ((c - a) * u + a * i);
  const turn = c === a ? y : Math.log1p((c - a) * y) / (c - a);
  const peak = Math.max(at(0), at(end), turn > 0 && turn < end ? at(turn) : Number.NEGATIVE_INFINITY);
  const scale =
    Math.abs(u) + Math.abs(i) + Math.abs(m.toNumber(threshold)) + Math.abs(m.toNumber(dynamics.bias));
  return peak < m.toNumber(threshold) - 1e-7 * scale;
}
