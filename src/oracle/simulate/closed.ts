/**
 * Integrals over a stretch between two events in closed form, t from its start, L its length, z = (c − a) L:
 *
 *   G = 1/L ∫ e^{−a(L−t)} e^{−ct} dt = e^{−aL} Σ (−z)^k / (k + 1)!
 *   X = (G − e^{−aL}) / (c − a) = −L e^{−aL} Σ (−z)^k / (k + 2)!
 *   Y = (G − e^{−cL}) / (c − a) = L e^{−aL} Σ (−z)^k (k + 1) / (k + 2)!
 *
 * Far quicker than the rule of `stretch.ts` where no two neurons share their time constants.
 */
import type { Arithmetic } from "./fixed.ts";
import { type Dynamics, flow } from "./flow.ts";
import { ruleOf } from "./loss.ts";
import { recent } from "./recent.ts";

/** What a unit at the end of a stretch, or of the pull along it, makes of the adjoint. */
export interface Influence {
  /** p_V and p_I at the start. */
  readonly v: bigint;
  readonly i: bigint;
  /** Means over the stretch: of p_V, of p_V e^{−at}, of p_V (e^{−ct} − K(t)), and of p_I e^{−ct}; K as in flow.ts. */
  readonly whole: bigint;
  readonly falling: bigint;
  readonly rising: bigint;
  readonly current: bigint;
}

export interface Influences {
  /** Of a unit of p_V at the end. */
  ofV(dynamics: Dynamics, length: bigint): Influence;
  /** Of ∂l/∂V = course(t) all along; kept for the next who asks where all have the same course. */
  ofPull(dynamics: Dynamics, from: bigint, to: bigint, course: Course, common: boolean): Influence;
}

type Course = (time: bigint) => bigint;

const keys = ["v", "i", "whole", "falling", "rising", "current"] as const;

export function createInfluences(m: Arithmetic): Influences {
  const [voltages, pulls] = [recent<Influence>(m.bits, 2 ** 10), recent<Influence>(m.bits, 2 ** 10)];
  const ofV = (dynamics: Dynamics, length: bigint) =>
    voltages([dynamics.a, dynamics.c, length], () => influenceOfV(m, dynamics, length));
  return {
    ofV,
    ofPull: (dynamics, from, to, course, common) => {
      const make = () => influenceOfPull(m, dynamics, from, to, course);
      return common ? pulls([dynamics.a, dynamics.c, from, to], make) : make();
    },
  };
}

/** Of a unit of p_I at the end: no more than e^{−cL} of it, in p_I, is left at any time. */
export function influenceOfI(m: Arithmetic, { c }: Dynamics, length: bigint): Influence {
  const ii = m.exp(-m.mul(c, length));
  return { v: 0n, i: ii, whole: 0n, falling: 0n, rising: 0n, current: ii };
}

function influenceOfV(m: Arithmetic, { a, c }: Dynamics, length: bigint): Influence {
  const em = m.exp(-m.mul(a, length));
  const vi = flow(m, { a, c, bias: 0n }, { v: 0n, i: m.one }, length).v;
  const { g, x, y } = differences(m, em, c - a, length);
  return {
    v: em,
    i: vi,
    whole: m.mul(em, series(m, -m.mul(a, length), 1n)),
    falling: em,
    rising: g + m.mul(a, x),
    current: m.mul(a, y),
  };
}

/** G, X and Y; by their series where the differences would cancel. */
function differences(m: Arithmetic, em: bigint, rate: bigint, length: bigint) {
  const z = m.mul(rate, length);
  const small = z < m.one >> 4n && -z < m.one >> 4n;
  if (small) {
    const [first, second] = [series(m, z, 1n), series(m, z, 2n)];
    // Σ (−z)^k (k + 1)/(k + 2)! = Σ (−z)^k/(k + 1)! − Σ (−z)^k/(k + 2)!
    return {
      g: m.mul(em, first),
      x: -m.mul(length, m.mul(em, second)),
      y: m.mul(length, m.mul(em, first - second)),
    };
  }
  const es = m.mul(em, m.exp(-z));
  const g = m.div(em - es, z);
  return { g, x: m.div(g - em, rate), y: m.div(g - es, rate) };
}

/** Σ (−z)^k / (k + n)!, |z| not large. */
function series(m: Arithmetic, z: bigint, n: bigint): bigint {
  let term = n === 1n ? m.one : m.one / 2n;
  let sum = 0n;
  for (let k = n + 1n; term !== 0n && term !== -1n; k += 1n) {
    sum += term;
    term = m.mul(-z, term) / k;
  }
  return sum;
}

/** The pull at a moment is a p_V of its own, whose stretch begins with this one and ends at that moment. */
function influenceOfPull(
  m: Arithmetic,
  dynamics: Dynamics,
  from: bigint,
  to: bigint,
  course: Course,
): Influence {
  const { nodes, weights } = ruleOf(m);
  const length = to - from;
  const sums = { v: 0n, i: 0n, whole: 0n, falling: 0n, rising: 0n, current: 0n };
  for (const [k, node] of nodes.entries()) {
    const since = m.mul(node, length);
    const pull = m.mul(weights[k]!, course(from + since));
    const own = influenceOfV(m, dynamics, since);
    for (const key of keys)
      sums[key] += m.mul(key === "v" || key === "i" ? m.mul(pull, length) : m.mul(pull, since), own[key]);
  }
  return sums;
}
