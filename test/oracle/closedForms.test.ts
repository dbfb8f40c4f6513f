/** What a stretch makes of the adjoint in closed form solves the differential equations of the adjoint; and what is kept of it. */
import { describe, expect, test } from "vitest";
import { createInfluences, type Influence, influenceOfI } from "../../src/oracle/simulate/closed.ts";
import { recent } from "../../src/oracle/simulate/recent.ts";
import { createDraw, type Draw } from "./recipes/draw.ts";
import {
  about,
  bits,
  type Constants,
  constants,
  dynamicsOf,
  expectNear,
  fine,
  m,
  solve,
  times,
  unit,
} from "./taylor.ts";

/** As long as the oracle takes stretches in one piece: at most two of the shorter time constant. */
function stretchOf({ tauMem, tauSyn }: Constants, { between }: Draw): bigint {
  const [shorter, share] = [Math.min(tauMem, tauSyn), between(0, 1)];
  return m.from(2 * shorter * share * share + 2 ** -20);
}

/**
 * What is left of V, and of I, and what I has made of V, after a stretch.
 *
 *   E' = −aE,  J' = −cJ,  K' = a (J − K)
 */
function forward(a: bigint, c: bigint, length: bigint) {
  return solve({ e: { e: -a }, j: { j: -c }, k: { j: a, k: -a } }, { e: unit, j: unit, k: 0n }, length);
}

/**
 * Backwards from the end, P' = −aP + C, Q' = −cQ + aP, with C' = gC; of P and Q, and of their products with E, J and K, which
 * grow again, the integrals.
 *
 * @param p P at the end
 * @param q Q there
 * @param pull C there
 */
function backward(
  { a, c }: { a: bigint; c: bigint },
  length: bigint,
  { p, q, pull, g }: Readonly<Record<"p" | "q" | "pull" | "g", bigint>>,
): Record<keyof Influence, bigint> {
  const { e, j, k } = forward(a, c, length);
  const found = solve(
    {
      p: { p: -a, y: unit },
      q: { q: -c, p: a },
      y: { y: g },
      pe: { ye: unit },
      pj: { pj: c - a, yj: unit },
      pk: { yk: unit, pj: -a },
      qj: { pj: a },
      ye: { ye: g + a },
      yj: { yj: g + c },
      yk: { yk: g + a, yj: -a },
      whole: { p: unit },
      falling: { pe: unit },
      rising: { pj: unit, pk: -unit },
      current: { qj: unit },
    },
    {
      ...{ p, q, y: pull },
      ...{ pe: times(p, e), pj: times(p, j), pk: times(p, k), qj: times(q, j) },
      ...{ ye: times(pull, e), yj: times(pull, j), yk: times(pull, k) },
      ...{ whole: 0n, falling: 0n, rising: 0n, current: 0n },
    },
    length,
  );
  const mean = (sum: bigint) => (sum << bits) / length;
  return {
    ...{ v: found.p, i: found.q, whole: mean(found.whole), falling: mean(found.falling) },
    ...{ rising: mean(found.rising), current: mean(found.current) },
  };
}

describe("what a stretch makes of the adjoint", () => {
  const none = { p: 0n, q: 0n, pull: 0n, g: 0n };

  test("of a unit of p_V, and of p_I, at its end", () => {
    const random = createDraw(1502);
    const { ofV } = createInfluences(m);
    for (const own of constants) {
      const [dynamics, length] = [dynamicsOf(own), stretchOf(own, random)];
      const rates = { a: fine(dynamics.a), c: fine(dynamics.c) };
      const its = `${about(own)}, ${m.toNumber(length)} ms`;
      const wanted = backward(rates, fine(length), { ...none, p: unit });
      // Asked for again it is what was kept.
      for (let k = 0; k < 2; k++) expectNear({ ...ofV(dynamics, length) }, wanted, its);
      const byI = backward(rates, fine(length), { ...none, q: unit });
      expectNear({ ...influenceOfI(m, dynamics, length) }, byI, its);
    }
  });

  test("of a pull that falls by an exponential, or stays", () => {
    const random = createDraw(1503);
    for (const [k, own] of constants.entries()) {
      const [dynamics, length] = [dynamicsOf(own), stretchOf(own, random)];
      const from = m.from(random.between(0, 20));
      const g = k % 3 === 0 ? 0n : m.div(m.one, m.from(random.between(5, 60)));
      const course = (time: bigint) => m.exp(-m.mul(g, time));
      const { ofPull } = createInfluences(m);
      const at = solve({ y: { y: -fine(g) } }, { y: unit }, fine(from + length));
      const rates = { a: fine(dynamics.a), c: fine(dynamics.c) };
      const wanted = backward(rates, fine(length), { ...none, pull: at.y, g: fine(g) });
      expectNear(
        { ...ofPull(dynamics, from, from + length, course, k % 2 === 0) },
        wanted,
        `${about(own)}, ${m.toNumber(length)} ms`,
      );
    }
  });
});

describe("values that are kept", () => {
  test("are those of their own numbers, however few are kept", () => {
    const { list } = createDraw(1505);
    for (const slots of [1, 4, 64]) {
      const keep = recent<readonly bigint[]>(m.bits, slots);
      // Some differ only in places that no hash looks at.
      const all = list(60, -3, 3).map((x, k) => [m.from(Math.trunc(x)), m.one + (BigInt(k % 5) << 80n)]);
      for (const keys of [...all, ...all]) expect(keep(keys, () => keys)).toEqual(keys);
    }
  });

  test("are not made again while nobody else comes", () => {
    const keep = recent<number>(m.bits);
    let made = 0;
    for (let k = 0; k < 3; k++) keep([m.one, -m.one], () => ++made);
    expect(made).toBe(1);
  });
});
