/**
 * What a stretch between two events makes of the adjoint, and the integrals over it from which gradients of constants
 * are: per unit of p_V and of p_I at its end, and per unit of the loss's pull. Whoever has the same time constants and
 * the same stretch shares them.
 */
import type { Arithmetic } from "./fixed.ts";
import { type Dynamics, flow } from "./flow.ts";
import { ruleOf } from "./loss.ts";
import { recent } from "./recent.ts";

/** Means over the stretch, t from its start; K as in flow.ts. */
export interface Influence {
  /** p_V and p_I at the start. */
  readonly v: bigint;
  readonly i: bigint;
  /** Of p_V, of p_V e^{−at}, of p_V (e^{−ct} − K(t)), and of p_I e^{−ct}. */
  readonly whole: bigint;
  readonly falling: bigint;
  readonly rising: bigint;
  readonly current: bigint;
}

export interface Influences {
  /** Of a unit of p_V and of one of p_I at the end of a stretch of this length. */
  ofEnd(dynamics: Dynamics, length: bigint): { readonly v: Influence; readonly i: Influence };
  /** Of ∂l/∂V = course(t) all along; kept for the next who asks where all have the same course. */
  ofPull(dynamics: Dynamics, from: bigint, to: bigint, course: Course, common: boolean): Influence;
}

type Course = (time: bigint) => bigint;

/** p_V and p_I. */
interface Pair {
  readonly v: bigint;
  readonly i: bigint;
}

export function createInfluences(m: Arithmetic): Influences {
  const ends = recent<ReturnType<Influences["ofEnd"]>>(m.bits);
  const pulls = recent<Influence>(m.bits);
  return {
    ofEnd: (dynamics, length) =>
      ends([dynamics.a, dynamics.c, length], () => {
        const forward = responses(m, dynamics, length);
        // The nodes lie symmetrically: what is left of the stretch at one is what is over at its mirror image.
        const backward = [...forward].reverse();
        const all = response(m, dynamics, length);
        return {
          v: influence(m, forward, { v: all.vv, i: all.vi }, (k) => ({
            v: backward[k]!.vv,
            i: backward[k]!.vi,
          })),
          i: influence(m, forward, { v: 0n, i: all.ii }, (k) => ({ v: 0n, i: backward[k]!.ii })),
        };
      }),
    ofPull: (dynamics, from, to, course, common) => {
      const make = () => {
        const p = (at: bigint) => along(m, dynamics, from + at, to, course);
        const { nodes } = ruleOf(m);
        const forward = responses(m, dynamics, to - from);
        return influence(m, forward, p(0n), (k) => p(m.mul(nodes[k]!, to - from)));
      };
      return common ? pulls([dynamics.a, dynamics.c, from, to], make) : make();
    },
  };
}

/**
 * @param forward responses to the start at the nodes
 * @param first p at the start
 * @param p at node k
 */
function influence(
  m: Arithmetic,
  forward: readonly Response[],
  first: Pair,
  p: (k: number) => Pair,
): Influence {
  const { weights } = ruleOf(m);
  let [whole, falling, rising, current] = [0n, 0n, 0n, 0n];
  for (const [k, { vv, vi, ii }] of forward.entries()) {
    const { v, i } = p(k);
    const weighted = m.mul(weights[k]!, v);
    whole += weighted;
    falling += m.mul(weighted, vv);
    rising += m.mul(weighted, ii - vi);
    current += m.mul(m.mul(weights[k]!, i), ii);
  }
  return { ...first, whole, falling, rising, current };
}

/** To what there is at the start of a stretch, at the rule's nodes in it. */
function responses(m: Arithmetic, dynamics: Dynamics, length: bigint): Response[] {
  return ruleOf(m).nodes.map((node) => response(m, dynamics, m.mul(node, length)));
}

/** ∫ of the course from a time to `end`, times what a unit of V and of I at that time are of V later. */
function along(m: Arithmetic, dynamics: Dynamics, time: bigint, end: bigint, course: Course): Pair {
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

/** ∂V(t)/∂V(0), ∂V(t)/∂I(0) and ∂I(t)/∂I(0): what a unit of each becomes. */
interface Response {
  readonly vv: bigint;
  readonly vi: bigint;
  readonly ii: bigint;
}

function response(m: Arithmetic, { a, c }: Dynamics, t: bigint): Response {
  const free = { a, c, bias: 0n };
  const ofI = flow(m, free, { v: 0n, i: m.one }, t);
  return { vv: m.exp(-m.mul(a, t)), vi: ofI.v, ii: ofI.i };
}
