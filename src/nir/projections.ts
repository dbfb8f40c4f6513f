/** Ways through a graph as projections of a network. */
import { inputName, type Projection } from "../model/network.ts";
import type { Link } from "./link.ts";
import type { Neurons } from "./neurons.ts";
import type { Arrivals } from "./ways.ts";

/** Where each Input node's channels begin among all. */
export interface Channels {
  readonly total: number;
  readonly first: ReadonlyMap<string, number>;
}

interface Found extends Projection {
  readonly index: number | undefined;
}

/**
 * One for each way; several that this program has written for the delays of one projection are one again.
 *
 * @param neurons in the order of the network's populations, with what arrives at each
 * @param nameOf the population of a node
 * @param factor ms of the file's unit
 */
export function projectionsOf(
  neurons: readonly Neurons[],
  arrivals: readonly Arrivals[],
  nameOf: ReadonlyMap<string, string>,
  channels: Channels,
  factor: number,
): Projection[] {
  const found = neurons.flatMap((to, k) =>
    arrivals[k]!.ways.map(({ from, link }): Found => {
      const wide = inChannels(asMatrix(link), channels.first.get(from), channels.total);
      return {
        from: nameOf.get(from) ?? inputName,
        to: nameOf.get(to.node)!,
        weight: wide.weight.map((value, at) => {
          const gain = to.gains[Math.floor(at / wide.columns)]!.spike;
          return gain === 1 ? value : gain * value;
        }),
        delay: delayOf(wide, factor),
        index: link.projection,
      };
    }),
  );
  const isWritten = found.every(({ index }) => index !== undefined);
  const merged = merge(found);
  return (isWritten ? merged.sort((a, b) => a.index! - b.index!) : merged).map(
    ({ index: _, ...rest }) => rest,
  );
}

/** With a row for each neuron and a column for each that sends; what goes to its own neuron only has zeros elsewhere. */
function asMatrix(link: Link): Link {
  if (link.isMatrix) return link;
  const { rows: n, weight, delay } = link;
  const spread = (values: Float64Array) => {
    const all = new Float64Array(n * n);
    for (let k = 0; k < n; k++) all[k * n + k] = values[k]!;
    return all;
  };
  const isUniform = delay?.every((value) => value === delay[0]);
  return {
    ...link,
    isMatrix: true,
    weight: spread(weight),
    delay: delay && (isUniform ? new Float64Array(n * n).fill(delay[0]!) : spread(delay)),
  };
}

/** One of several Input nodes has its columns among those of all. */
function inChannels(link: Link, first: number | undefined, total: number): Link {
  const { rows, columns, weight, delay } = link;
  if (first === undefined || columns === total) return link;
  const widened = (values: Float64Array, elsewhere: number) => {
    const all = new Float64Array(rows * total).fill(elsewhere);
    for (let j = 0; j < rows; j++)
      all.set(values.subarray(j * columns, (j + 1) * columns), j * total + first);
    return all;
  };
  return { ...link, columns: total, weight: widened(weight, 0), delay: delay && widened(delay, delay[0]!) };
}

function delayOf({ delay }: Link, factor: number): number | Float64Array {
  if (!delay) return 0;
  const inMs = factor === 1 ? delay : delay.map((time) => time * factor);
  return inMs.every((time) => time === inMs[0]) ? inMs[0]! : inMs;
}

/** Those with the same index, of which no synapse has weights in two; one without a weight has the first one's delay. */
function merge(found: readonly Found[]): Found[] {
  const groups = new Map<unknown, Found[]>();
  for (const [k, one] of found.entries()) {
    const key = one.index === undefined ? k : JSON.stringify([one.index, one.from, one.to]);
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (group.length === 1 || !group.every(({ delay }) => typeof delay === "number")) return group;
    const weight = first!.weight.slice();
    const delay = new Float64Array(weight.length).fill(first!.delay as number);
    for (const other of group.slice(1))
      for (const [at, value] of other.weight.entries()) {
        if (value === 0) continue;
        if (weight[at] !== 0) return group;
        weight[at] = value;
        delay[at] = other.delay as number;
      }
    return [{ ...first!, weight, delay }];
  });
}
