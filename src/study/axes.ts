/** What varies in a study: an axis is a list of values, variants by their names, or a range of numbers. */
import { complaint } from "../base/parseWith.ts";
import type { Elementary } from "../engine/kernel/elementary.ts";
import type { AxisConfig, RangeAxis, Study } from "./schema.ts";

/** A value by axis; of variants, the variant's name. */
export type Combination = Readonly<Record<string, unknown>>;

/**
 * What two axes set would be that of the later one, whatever the other's value.
 *
 * @throws ConfigError
 */
export function requireDistinct({ axes }: Study, source: string): void {
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

/** Undefined of a range. */
export function listedValues(axis: AxisConfig): readonly unknown[] | undefined {
  if (Array.isArray(axis)) return axis;
  return "variants" in axis ? Object.keys(axis.variants) : undefined;
}

export function boundsOf(axis: RangeAxis): readonly [number, number] {
  return "uniform" in axis ? axis.uniform : axis.log_uniform;
}

/**
 * Six digits of it, which is what people read and compare.
 *
 * @param share of the way from the first bound to the second
 */
export function valueAt(axis: RangeAxis, share: number, { exp, log }: Elementary): number {
  const [from, to] = boundsOf(axis);
  const value = "uniform" in axis ? from + share * (to - from) : from * exp(share * log(to / from));
  return axis.integer ? Math.round(value) : Number(value.toPrecision(6));
}

/** Of different values different texts. */
export function valueText(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
