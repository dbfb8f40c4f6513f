/** A projection as Linear nodes with one Delay each, before it (of axons) or behind it (of dendrites). */
import { complaint } from "../base/parseWith.ts";
import type { Path } from "./graph.ts";
import type { Wording } from "./wording.ts";

export interface Part {
  /** [post][pre], row-major. */
  readonly weight: Float64Array;
  readonly columns: number;
  /** ms, one a neuron of the side; undefined for none. */
  readonly delay: Float64Array | undefined;
  readonly side: "pre" | "post";
}

interface Place {
  readonly source: string;
  readonly path: Path;
  /** Parts. */
  readonly most: number;
  readonly wording: Wording;
}

/**
 * One part where a delay depends on the neuron of one side only; else one for each distinct delay, whose weights are zero
 * where synapses have another.
 *
 * @throws ConfigError there are too many distinct delays, or a synapse without a weight would lose its own
 */
export function partsOf(
  weight: Float64Array,
  delay: number | Float64Array,
  columns: number,
  place: Place,
): Part[] {
  const rows = weight.length / columns;
  if (typeof delay === "number") {
    const axons = delay === 0 ? undefined : new Float64Array(columns).fill(delay);
    return [{ weight, columns, delay: axons, side: "pre" }];
  }
  if (delay.every((time, at) => time === delay[at % columns]))
    return [{ weight, columns, delay: delay.slice(0, columns), side: "pre" }];
  const ofRows = Float64Array.from({ length: rows }, (_, j) => delay[j * columns]!);
  if (delay.every((time, at) => time === ofRows[Math.floor(at / columns)]))
    return [{ weight, columns, delay: ofRows, side: "post" }];
  return byDelay(weight, delay, columns, place);
}

function byDelay(
  weight: Float64Array,
  delay: Float64Array,
  columns: number,
  { source, path, most, wording }: Place,
): Part[] {
  const distinct = new Set(delay);
  if (distinct.size > most)
    throw complaint(
      source,
      path,
      `expected at most ${most} distinct delays, for each of which NIR takes a matrix (${wording("mostDelays")} allows more)`,
      distinct.size,
    );
  return [...distinct].map((time) => ({
    weight: weight.map((value, at) => (delay[at] === time ? value : 0)),
    columns,
    delay: new Float64Array(columns).fill(time),
    side: "pre" as const,
  }));
}
