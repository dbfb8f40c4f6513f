/** Which combinations of values a study has: all of a grid or some that are drawn, but for those that it leaves out. */
import { isDeepStrictEqual } from "node:util";
import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { uniformInt } from "pure-rand/distribution/uniformInt";
import type { RandomGenerator } from "pure-rand/types/RandomGenerator";
import { z } from "zod";
import { ConfigError } from "../base/errors.ts";
import { complaint } from "../base/parseWith.ts";
import { randomStream, stream } from "../base/random.ts";
import type { Elementary } from "../engine/kernel/elementary.ts";
import type { AxisConfig, RangeAxis, Study } from "./schema.ts";

/** A value by axis; of variants, the variant's name. */
export type Combination = Readonly<Record<string, unknown>>;

/**
 * @param functions of the kernel, so that every machine finds the same values
 * @param source starts messages
 * @throws ConfigError an axis that has no values in a grid, a condition about no axis, fewer combinations than are to be drawn
 */
export function combinationsOf(study: Study, functions: Elementary, source: string): Combination[] {
  checkAxes(study, source);
  checkConditions(study, source);
  const { sampling } = study;
  const all =
    sampling.kind === "grid" ? grid(study, functions, source) : drawn(study, sampling, functions, source);
  if (all.length > 0) return all;
  throw new ConfigError(`${source}: except: expected conditions that leave a combination, got none left`);
}

/** What two axes set would be that of the later one, whatever the other's value. */
function checkAxes({ axes }: Study, source: string): void {
  const owners = new Map<string, string>();
  for (const [name, axis] of Object.entries(axes)) {
    const paths = "variants" in axis ? Object.values(axis.variants).flatMap(Object.keys) : [name];
    for (const path of new Set(paths)) {
      const owner = owners.get(path);
      if (owner !== undefined)
        throw complaint(source, ["axes", name], `expected settings that no other axis has (${owner})`, path);
      owners.set(path, name);
    }
  }
}

function checkConditions({ axes, except, adjust }: Study, source: string): void {
  const names = Object.keys(axes);
  const check = (condition: Combination, place: readonly (string | number)[]) => {
    if (Object.keys(condition).length === 0)
      throw complaint(source, place, "expected a value of an axis", condition);
    for (const [name, wanted] of Object.entries(condition)) {
      if (!Object.hasOwn(axes, name)) {
        const expected = `unknown axis (expected one of ${names.join(", ")})`;
        throw complaint(source, [...place, name], expected, wanted);
      }
      for (const one of Array.isArray(wanted) ? wanted : [wanted]) {
        const expected = expectedOf(axes[name]!, one);
        if (expected !== undefined) throw complaint(source, [...place, name], expected, one);
      }
    }
  };
  for (const [k, condition] of except.entries()) check(condition, ["except", k]);
  for (const [k, { when }] of adjust.entries()) check(when, ["adjust", k, "when"]);
}

/** Why nothing on an axis is what a condition wants. */
function expectedOf(axis: AxisConfig, wanted: unknown): string | undefined {
  const values = listedValues(axis);
  if (values !== undefined) {
    if (values.some((value) => fits(wanted, value))) return undefined;
    return `expected a value of the axis (${values.map(valueText).join(", ")})`;
  }
  const [from, to] = boundsOf(axis as RangeAxis);
  const within =
    typeof wanted === "number" ? { min: wanted, max: wanted } : boundsSchema.safeParse(wanted).data;
  if (
    within &&
    (within.min ?? from) <= (within.max ?? to) &&
    (within.min ?? from) <= to &&
    (within.max ?? to) >= from
  )
    return undefined;
  return `expected a number or { min, max } that has a part of the axis (${from} to ${to})`;
}

const boundsSchema = z.strictObject({ min: z.number().optional(), max: z.number().optional() });

function boundsOf(axis: RangeAxis): readonly [number, number] {
  return "uniform" in axis ? axis.uniform : axis.log_uniform;
}

/** Undefined of a range. */
function listedValues(axis: AxisConfig): readonly unknown[] | undefined {
  if (Array.isArray(axis)) return axis;
  return "variants" in axis ? Object.keys(axis.variants) : undefined;
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

/**
 * Six digits of it, which is what people read and compare.
 *
 * @param share of the way from the first bound to the second
 */
function valueAt(axis: RangeAxis, share: number, { exp, log }: Elementary): number {
  const [from, to] = boundsOf(axis);
  const value = "uniform" in axis ? from + share * (to - from) : from * exp(share * log(to / from));
  return axis.integer ? Math.round(value) : Number(value.toPrecision(6));
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

/** Whether it has, of every axis that a condition names, the value, or one of the values, or one within the bounds. */
export function meets(combination: Combination, condition: Combination): boolean {
  return Object.entries(condition).every(([name, wanted]) => fits(wanted, combination[name]));
}

/** Names of variants are texts, whatever they look like in a file. */
function fits(wanted: unknown, value: unknown): boolean {
  if (isDeepStrictEqual(wanted, value)) return true;
  if (typeof wanted === "number" && typeof value === "string") return String(wanted) === value;
  if (Array.isArray(wanted)) return wanted.some((one) => fits(one, value));
  if (typeof wanted !== "object" || wanted === null || typeof value !== "number") return false;
  const { min = -Infinity, max = Infinity, ...others } = wanted as { min?: number; max?: number };
  return Object.keys(others).length === 0 && value >= min && value <= max;
}

/** `network.hidden.0.size=64 loss=max` */
export function combinationText(combination: Combination): string {
  return Object.entries(combination)
    .map(([name, value]) => `${name}=${valueText(value)}`)
    .join(" ");
}

/** Of different values different texts. */
export function valueText(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
