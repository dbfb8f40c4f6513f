/** Which combinations of values a study has: all of a grid or some that are drawn, but for those that it leaves out. */
import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { uniformInt } from "pure-rand/distribution/uniformInt";
import type { RandomGenerator } from "pure-rand/types/RandomGenerator";
import { ConfigError } from "../base/errors.ts";
import { complaint } from "../base/parseWith.ts";
import { randomStream, stream } from "../base/random.ts";
import type { Elementary } from "../engine/kernel/elementary.ts";
import { type Combination, listedValues, requireDistinct, valueAt, valueText } from "./axes.ts";
import { checkConditions, meets } from "./conditions.ts";
import type { AxisConfig, RangeAxis, Study } from "./schema.ts";

/**
 * @param functions of the kernel, so that every machine finds the same values
 * @param source starts messages
 * @throws ConfigError an axis that has no values in a grid, a condition about no axis, fewer combinations than are to be drawn
 */
export function combinationsOf(study: Study, functions: Elementary, source: string): Combination[] {
  requireDistinct(study, source);
  checkConditions(study, source);
  const { sampling } = study;
  const all =
    sampling.kind === "grid" ? grid(study, functions, source) : drawn(study, sampling, functions, source);
  if (all.length > 0) return all;
  throw new ConfigError(`${source}: except: expected conditions that leave a combination, got none left`);
}

/** More would not fit in memory with their configurations. */
const mostCombinations = 1e6;

function grid(study: Study, functions: Elementary, source: string): Combination[] {
  const axes = Object.entries(study.axes).map(([name, axis]) => ({
    name,
    values: valuesOf(axis, functions, ["axes", name, "count"], source),
  }));
  const count = axes.reduce((product, { values }) => product * values.length, 1);
  if (count > mostCombinations)
    throw complaint(source, ["axes"], `expected at most ${mostCombinations} combinations`, count);
  let all: Combination[] = [{}];
  for (const { name, values } of axes) {
    all = all.flatMap((combination) => values.map((value) => ({ ...combination, [name]: value })));
  }
  return all.filter((combination) => !isLeftOut(study, combination));
}

function valuesOf(
  axis: AxisConfig,
  functions: Elementary,
  place: readonly string[],
  source: string,
): readonly unknown[] {
  const listed = listedValues(axis);
  if (listed !== undefined) return listed;
  const { count } = axis as RangeAxis;
  if (count === undefined) throw complaint(source, place, "expected the number of values in a grid", count);
  return Array.from({ length: count }, (_, k) => valueAt(axis as RangeAxis, k / (count - 1), functions));
}

/** In vain so often in a row, and there are no others, or hardly any. */
const mostTries = 10000;

function drawn(
  study: Study,
  { points, seed }: Extract<Study["sampling"], { kind: "random" }>,
  functions: Elementary,
  source: string,
): Combination[] {
  const random = randomStream(seed, stream.study);
  const axes = Object.entries(study.axes);
  const found = new Map<string, Combination>();
  for (let tries = 0; found.size < points; tries++) {
    if (tries === mostTries)
      throw complaint(
        source,
        ["sampling", "points"],
        `expected at most the ${found.size} combinations that were found`,
        points,
      );
    const combination = Object.fromEntries(
      axes.map(([name, axis]) => [name, drawnValue(axis, random, functions)]),
    );
    const key = JSON.stringify(combination);
    if (found.has(key) || isLeftOut(study, combination)) continue;
    found.set(key, combination);
    tries = -1;
  }
  return [...found.values()];
}

function drawnValue(axis: AxisConfig, random: RandomGenerator, functions: Elementary): unknown {
  const one = (values: readonly unknown[]) => values[uniformInt(random, 0, values.length - 1)];
  const listed = listedValues(axis);
  return listed ? one(listed) : valueAt(axis as RangeAxis, uniformFloat64(random), functions);
}

function isLeftOut({ except }: Study, combination: Combination): boolean {
  return except.some((condition) => meets(combination, condition));
}

/** `network.hidden.0.size=64 loss=max` */
export function combinationText(combination: Combination): string {
  return Object.entries(combination)
    .map(([name, value]) => `${name}=${valueText(value)}`)
    .join(" ");
}
