/** Which combinations a study leaves out or adjusts, by the values of their axes. */
import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import { complaint } from "../base/parseWith.ts";
import { boundsOf, type Combination, listedValues, valueText } from "./axes.ts";
import type { AxisConfig, RangeAxis, Study } from "./schema.ts";

/** @throws ConfigError a condition about no axis, or one that nothing on an axis meets; a setting that an axis has already */
export function checkConditions({ axes, except, adjust }: Study, source: string): void {
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
  for (const [k, { when, set }] of adjust.entries()) {
    check(when, ["adjust", k, "when"]);
    // The table would tell the axis' value of points that have another.
    const taken = Object.keys(set).find((name) => Object.hasOwn(axes, name) && !("variants" in axes[name]!));
    if (taken !== undefined)
      throw complaint(source, ["adjust", k, "set", taken], "expected a setting that no axis has", set[taken]);
  }
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
  if (within) {
    const { min = from, max = to } = within;
    if (min <= max && min <= to && max >= from) return undefined;
  }
  return `expected a number or { min, max } that has a part of the axis (${from} to ${to})`;
}

const boundsSchema = z.strictObject({ min: z.number().optional(), max: z.number().optional() });

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
