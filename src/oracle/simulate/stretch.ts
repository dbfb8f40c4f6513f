/**
 * What a stretch between two events makes of states and adjoints at the nodes of the rule, and what the loss's pull adds:
 * for whoever has the same time constants and the same stretch it is computed once.
 */
import type { Arithmetic } from "./fixed.ts";
import { type Dynamics, flow } from "./flow.ts";
import { ruleOf } from "./loss.ts";
import { recent } from "./recent.ts";

/** ∂V(t)/∂V(0), ∂V(t)/∂I(0) and ∂I(t)/∂I(0): what a unit of each becomes. */
export interface Response {
  readonly vv: bigint;
  readonly vi: bigint;
  readonly ii: bigint;
}

/** p_V and p_I. */
export interface Pair {
  readonly v: bigint;
  readonly i: bigint;
}

/** At its start, and at each node in it. */
interface Along<Value> {
  readonly start: Value;
  readonly nodes: readonly Value[];
}

export interface Stretches {
  /** To the start of a stretch of this length. */
  sinceStart(dynamics: Dynamics, length: bigint): Along<Response>;
  /** Of its end. */
  untilEnd(dynamics: Dynamics, length: bigint): Along<Response>;
  /** What ∂l/∂V = course(t) all along gives; kept for the next who asks where all have the same course. */
  pulled(dynamics: Dynamics, from: bigint, to: bigint, course: Course, common: boolean): Along<Pair>;
}

type Course = (time: bigint) => bigint;

/** Whom an event reaches asks right after the others; more would only be carried along. */
const few = 2 ** 10;

export function createStretches(m: Arithmetic): Stretches {
  const { nodes } = ruleOf(m);
  const [since, until] = [recent<Along<Response>>(m.bits, few), recent<Along<Response>>(m.bits, few)];
  const pulls = recent<Along<Pair>>(m.bits, few);
  return {
    sinceStart: (dynamics, length) =>
      since([dynamics.a, dynamics.c, length], () => ({
        start: response(m, dynamics, 0n),
        nodes: nodes.map((node) => response(m, dynamics, m.mul(node, length))),
      })),
    untilEnd: (dynamics, length) =>
      until([dynamics.a, dynamics.c, length], () => ({
        start: response(m, dynamics, length),
        nodes: nodes.map((node) => response(m, dynamics, length - m.mul(node, length))),
      })),
    pulled: (dynamics, from, to, course, common) => {
      const at = (time: bigint) => pull(m, dynamics, time, to, course);
      const make = () => ({
        start: at(from),
        nodes: nodes.map((node) => at(from + m.mul(node, to - from))),
      });
      return common ? pulls([dynamics.a, dynamics.c, from, to], make) : make();
    },
  };
}

/** ∫ of the course from a time to `end`, times what a unit of V and of I at that time are of V later. */
function pull(m: Arithmetic, dynamics: Dynamics, time: bigint, end: bigint, course: Course): Pair {
  const rule = ruleOf(m);
  let [v, i] = [0n, 0n];
  for (const [k, node] of rule.nodes.entries()) {
    const later = m.mul(node, end - time);
    const weight = m.mul(rule.weights[k]!, course(time + later));
    const { vv, vi } = response(m, dynamics, later);
    v += m.mul(weight, vv);
    i += m.mul(weight, vi);
  }
  return { v: m.mul(v, end - time), i: m.mul(i, end - time) };
}

function response(m: Arithmetic, { a, c }: Dynamics, t: bigint): Response {
  const free = { a, c, bias: 0n };
  const ofI = flow(m, free, { v: 0n, i: m.one }, t);
  return { vv: m.exp(-m.mul(a, t)), vi: ofI.v, ii: ofI.i };
}
