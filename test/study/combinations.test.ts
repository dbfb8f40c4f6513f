/** Which combinations a study has, against counts and products that the test makes itself. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { parseWith } from "../../src/base/parseWith.ts";
import { elementary } from "../../src/engine/kernel/elementary.ts";
import { combinationsOf } from "../../src/study/combinations.ts";
import { type Study, studySchema } from "../../src/study/schema.ts";

const functions = await elementary();

function study(settings: Record<string, unknown>): Study {
  return parseWith(studySchema, { base: {}, ...settings }, "study") as unknown as Study;
}

const values = fc.uniqueArray(fc.integer(), { minLength: 1, maxLength: 4 });
const axes = fc.dictionary(fc.stringMatching(/^[a-d]{1,4}$/), values, { minKeys: 1, maxKeys: 4 });

test("a grid has every combination once, the last axis fastest", () => {
  fc.assert(
    fc.property(axes, (all) => {
      const found = combinationsOf(study({ axes: all }), functions, "study");
      const names = Object.keys(all);
      const size = names.reduce((product, name) => product * all[name]!.length, 1);
      expect(found.length).toBe(size);
      found.forEach((combination, k) => {
        let rest = k;
        for (const name of [...names].reverse()) {
          const its = all[name]!;
          expect(combination[name]).toBe(its[rest % its.length]);
          rest = Math.floor(rest / its.length);
        }
      });
    }),
    { seed: 1 },
  );
});

test("a condition leaves out those that fit all it says, and no others", () => {
  fc.assert(
    fc.property(axes, fc.nat(), (all, pick) => {
      const names = Object.keys(all);
      const whole = combinationsOf(study({ axes: all }), functions, "study");
      const chosen = whole[pick % whole.length]!;
      const some = names.slice(0, 1 + (pick % names.length));
      const condition = Object.fromEntries(some.map((name) => [name, chosen[name]]));
      const left = whole.filter((one) => !some.every((name) => one[name] === chosen[name]));
      const found = () => combinationsOf(study({ axes: all, except: [condition] }), functions, "study");
      if (left.length === 0)
        expect(found).toThrow(/^study: except: expected conditions that leave a combination/);
      else expect(found()).toEqual(left);
    }),
    { seed: 1 },
  );
});

test("conditions name values, one of several values, or bounds", () => {
  const all = { size: [8, 16, 32, 64], kind: ["a", "b"] };
  const sizes = (except: unknown[]) =>
    combinationsOf(study({ axes: all, except }), functions, "study").map(
      ({ size, kind }) => `${size}${kind}`,
    );
  expect(sizes([{ size: [8, 64] }])).toEqual(["16a", "16b", "32a", "32b"]);
  expect(sizes([{ size: { min: 16 }, kind: "a" }])).toEqual(["8a", "8b", "16b", "32b", "64b"]);
  expect(sizes([{ size: { max: 32 } }])).toEqual(["64a", "64b"]);
});

test("names of variants that look like numbers are found by numbers", () => {
  const axes = { step: { variants: { 5: {}, 10: {} } }, size: [1, 2] };
  const found = combinationsOf(
    study({ axes, except: [{ step: 5 }, { step: [10], size: 2 }] }),
    functions,
    "study",
  );
  expect(found).toEqual([{ step: "10", size: 1 }]);
});

test.each([
  [{ except: [{ size: 3 }] }, "study: except[0].size: expected a value of the axis (1, 2), got 3"],
  [
    { except: [{ size: { minimum: 1 } }] },
    /^study: except\[0\]\.size: expected a value of the axis \(1, 2\), got an object/,
  ],
  [
    { adjust: [{ when: { size: "1" }, set: {} }] },
    'study: adjust[0].when.size: expected a value of the axis (1, 2), got "1"',
  ],
  [{ adjust: [{ when: {}, set: {} }] }, "study: adjust[0].when: expected a value of an axis, got {}"],
])("a condition that no value meets is refused: %j", (settings, line) => {
  expect(() => combinationsOf(study({ axes: { size: [1, 2] }, ...settings }), functions, "study")).toThrow(
    line,
  );
});

test("a grid that no memory holds is refused before it is made", () => {
  const many = Array.from({ length: 1001 }, (_, k) => k);
  const axes = { a: many, b: many };
  expect(() => combinationsOf(study({ axes }), functions, "study")).toThrow(
    "study: axes: expected at most 1000000 combinations, got 1002001",
  );
});

test("a range of a grid goes from bound to bound, evenly or by the logarithm", () => {
  const of = (axis: unknown) =>
    combinationsOf(study({ axes: { x: axis } }), functions, "study").map(({ x }) => x);
  expect(of({ uniform: [0, 1], count: 5 })).toEqual([0, 0.25, 0.5, 0.75, 1]);
  expect(of({ log_uniform: [1e-4, 1], count: 5 })).toEqual([1e-4, 1e-3, 1e-2, 1e-1, 1]);
  expect(of({ log_uniform: [8, 64], count: 4, integer: true })).toEqual([8, 16, 32, 64]);
  expect(() => of({ uniform: [0, 1] })).toThrow(/^study: axes\.x\.count: expected the number of values/);
});

test("drawn combinations are all different, within their bounds, and the same for a seed", () => {
  fc.assert(
    fc.property(fc.nat(1000), fc.integer({ min: 1, max: 30 }), (seed, points) => {
      const settings = {
        axes: {
          rate: { log_uniform: [1e-4, 1e-1] },
          size: { uniform: [4, 400], integer: true },
          kind: ["a", "b"],
        },
        sampling: { kind: "random", points, seed },
      };
      const found = combinationsOf(study(settings), functions, "study");
      expect(new Set(found.map((one) => JSON.stringify(one))).size).toBe(points);
      for (const { rate, size, kind } of found as { rate: number; size: number; kind: string }[]) {
        expect(rate >= 1e-4 && rate <= 1e-1 && size >= 4 && size <= 400).toBe(true);
        expect(Number.isInteger(size) && ["a", "b"].includes(kind)).toBe(true);
      }
      expect(combinationsOf(study(settings), functions, "study")).toEqual(found);
    }),
    { numRuns: 20, seed: 1 },
  );
});

test("drawn by the logarithm means as many in every decade", () => {
  const found = combinationsOf(
    study({ axes: { rate: { log_uniform: [1e-4, 1] } }, sampling: { kind: "random", points: 4000 } }),
    functions,
    "study",
  ) as { rate: number }[];
  for (const decade of [1e-4, 1e-3, 1e-2, 1e-1]) {
    const share = found.filter(({ rate }) => rate >= decade && rate < 10 * decade).length / 4000;
    // Four deviations of a binomial of 4000 draws.
    expect(Math.abs(share - 0.25)).toBeLessThan(0.0274);
  }
});

test("no more can be drawn than there are", () => {
  const settings = { axes: { x: [1, 2, 3] }, sampling: { kind: "random", points: 4 } };
  expect(() => combinationsOf(study(settings), functions, "study")).toThrow(
    "study: sampling.points: expected at most the 3 combinations that were found, got 4",
  );
});
