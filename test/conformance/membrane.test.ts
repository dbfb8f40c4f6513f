/** The membrane that explanations and predictions look at, against arithmetic of fifty digits. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { flow } from "../../src/conformance/twin/membrane.ts";
import { elementary } from "../../src/engine/kernel/elementary.ts";
import { arithmetic } from "../../src/oracle/simulate/fixed.ts";
import { flow as exactFlow } from "../../src/oracle/simulate/flow.ts";

const functions = await elementary();
const math = arithmetic(50);
const hundredths = (min: number, max: number) => fc.integer({ min, max }).map((value) => value / 100);

test("its flow is right to 1e-13, however near the time constants are to each other", () => {
  fc.assert(
    fc.property(
      fc.record({
        rate: hundredths(1, 100),
        // Of the rates: from a few ulp to as much as themselves.
        difference: fc.integer({ min: -52, max: 0 }).map((power) => 2 ** power),
        faster: fc.constantFrom("a", "c"),
        v: hundredths(-200, 200),
        i: hundredths(-200, 200),
        bias: hundredths(-100, 100),
        t: hundredths(0, 5000),
      }),
      ({ rate, difference, faster, v, i, bias, t }) => {
        const other = rate * (1 + difference);
        const membrane = { ...(faster === "a" ? { a: other, c: rate } : { a: rate, c: other }), bias };
        const exact = Object.fromEntries(
          Object.entries(membrane).map(([name, value]) => [name, math.from(value)]),
        ) as Record<keyof typeof membrane, bigint>;
        const found = flow(membrane, { v, i }, t, functions);
        const right = exactFlow(math, exact, { v: math.from(v), i: math.from(i) }, math.from(t));
        const most = 1e-13 * (Math.abs(v) + Math.abs(i) + Math.abs(bias));
        expect(Math.abs(found.v - math.toNumber(right.v))).toBeLessThanOrEqual(most);
        expect(Math.abs(found.i - math.toNumber(right.i))).toBeLessThanOrEqual(most);
      },
    ),
    { numRuns: 1000 },
  );
});
