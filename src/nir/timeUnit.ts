/** The unit of a file's times: said by whoever reads it or by the file itself, never guessed. */
import { ConfigError } from "../base/errors.ts";
import { complaint } from "../base/parseWith.ts";
import { type FlatGraph, passage } from "./flatten.ts";
import { indicesOf, type NirGraph, optionalField, type PlacedNode } from "./graph.ts";
import type { Wording } from "./wording.ts";

/** Of time constants and delays in a NIR file: milliseconds or seconds. */
export type TimeUnit = "ms" | "s";

export const timeUnits = ["ms", "s"] as const satisfies readonly TimeUnit[];

/** Units in one ms. */
export function perMillisecond(unit: TimeUnit): number {
  return unit === "ms" ? 1 : 1000;
}

/**
 * @param said by the user
 * @throws ConfigError nobody says it, or the file says another
 */
export function timeUnitOf(
  { metadata }: NirGraph,
  said: TimeUnit | undefined,
  source: string,
  wording: Wording,
): TimeUnit {
  const path = ["metadata", "time_unit"];
  const found = metadata.get("time_unit");
  if (found !== undefined && found !== "ms" && found !== "s")
    throw complaint(source, path, 'expected "ms" or "s"', typeof found === "string" ? found : "numbers");
  if (found !== undefined && said !== undefined && found !== said)
    throw complaint(
      source,
      path,
      `expected the ${said} of ${wording("timeUnit")}, or leave that away`,
      found,
    );
  const unit = found ?? said;
  if (unit !== undefined) return unit;
  throw new ConfigError(
    `${source}: does not say the unit of its times; say ${wording("timeUnit", "ms")} or ${wording("timeUnit", "s")} (snnTorch, Norse and Rockpool write s)`,
  );
}

/** ms. Time constants of neurons and synapses that networks have, and how far apart those of one network lie. */
const [shortest, longest, mostSpan] = [0.05, 5000, 1e4];

const timeFields = ["tau", "tau_mem", "tau_syn"];

interface Found {
  readonly node: PlacedNode;
  readonly field: string;
  readonly at: readonly number[];
  readonly ms: number;
  readonly raw: number;
}

/** @throws ConfigError naming a time constant that makes the unit doubtful */
export function requirePlausible({ nodes, source }: FlatGraph, unit: TimeUnit, wording: Wording): void {
  const all = [...nodes.values()]
    .filter(({ type }) => type !== passage)
    .flatMap((node) => timesOf(node, unit));
  if (all.length === 0) return;
  const least = all.reduce((a, b) => (b.ms < a.ms ? b : a));
  const most = all.reduce((a, b) => (b.ms > a.ms ? b : a));
  const way = `${wording("anyTimes", true)} takes them as they are`;
  const other = unit === "ms" ? "s" : "ms";
  for (const found of [least, most]) {
    if (found.ms >= shortest && found.ms <= longest) continue;
    const [from, to] = [shortest, longest].map((time) => time / (unit === "ms" ? 1 : 1000));
    throw complaint(
      source,
      [...found.node.place, found.field, ...found.at],
      `expected ${from} to ${to} ${unit} (are times in ${other}? ${wording("timeUnit", other)}; ${way})`,
      found.raw,
    );
  }
  if (most.ms / least.ms <= mostSpan) return;
  throw complaint(
    source,
    [...least.node.place, least.field, ...least.at],
    `expected time constants of one unit, at most ${mostSpan} times apart (the longest is ${most.raw} ${unit} in ${most.node.place.at(-1)?.toString()}; ${way})`,
    least.raw,
  );
}

function timesOf(node: PlacedNode, unit: TimeUnit): Found[] {
  return timeFields.flatMap((field) => {
    const array = optionalField(node, field);
    if (!array) return [];
    const bad = array.values.findIndex((value) => !(value > 0));
    if (bad >= 0)
      throw complaint(
        node.source,
        [...node.place, field, ...indicesOf(bad, array.shape)],
        "expected a positive number",
        array.values[bad],
      );
    return Array.from(array.values, (raw, k) => ({
      node,
      field,
      at: indicesOf(k, array.shape),
      raw,
      ms: unit === "ms" ? raw : raw * 1000,
    }));
  });
}
