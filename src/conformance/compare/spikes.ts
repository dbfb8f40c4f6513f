/** Two rasters side by side: each neuron's spikes in order, the first at which they part, and rasters that are none. */
import type { FoundSpikes } from "../../format/result.ts";

export interface Raster {
  /** ms, ascending. */
  readonly times: ArrayLike<number>;
  readonly neurons: ArrayLike<number>;
}

export interface Bounded extends Raster {
  /** ms within which the other raster must have spike `index`, earlier and later. */
  readonly earlier: (index: number) => number;
  readonly later: (index: number) => number;
}

/** A raster whose every spike the other must have within the same `milliseconds`, which may be infinite. */
export function within<T extends Raster>(raster: T, milliseconds: number): T & Bounded {
  const near = () => milliseconds;
  return { ...raster, earlier: near, later: near };
}

export interface Divergence {
  readonly kind: "missing" | "extra" | "moved";
  readonly neuron: number;
  /** Which of the neuron's spikes, from 0. */
  readonly ordinal: number;
  /** ms, in the reference, and in what was found. */
  readonly expected: number | undefined;
  readonly found: number | undefined;
  /** Number of the spike in the reference's raster, if it has it. */
  readonly index: number | undefined;
}

interface Worst {
  readonly ratio: number;
  /** ms */
  readonly error: number;
  readonly tolerance: number;
  /** Of the spike in the reference; −1 if there is none. */
  readonly index: number;
}

export interface Match {
  /** Of each spike of the reference, the spike found for it; −1 where there is none. */
  readonly partners: Int32Array;
  /** The earliest; undefined if every spike has its partner and is near enough. */
  readonly divergence: Divergence | undefined;
  /** The largest error as a multiple of what it may be, among spikes with partners. */
  readonly worst: Worst;
}

export function matchSpikes(reference: Bounded, found: Raster): Match {
  const partners = new Int32Array(reference.times.length).fill(-1);
  const theirs = byNeuron(found);
  let divergence: Divergence | undefined;
  let worst: Worst = { ratio: 0, error: 0, tolerance: 0, index: -1 };
  for (const [neuron, own] of byNeuron(reference)) {
    const other = theirs.get(neuron) ?? [];
    theirs.delete(neuron);
    for (let k = 0; k < Math.min(own.length, other.length); k++) {
      partners[own[k]!] = other[k]!;
      const its = errorOf(reference, own[k]!, found.times[other[k]!]!);
      if (!(its.ratio <= worst.ratio)) worst = its;
    }
    divergence = earlierOf(divergence, partOf(reference, found, neuron, own, other));
  }
  for (const [neuron, other] of theirs)
    divergence = earlierOf(divergence, partOf(reference, found, neuron, [], other));
  return { partners, divergence, worst };
}

function errorOf({ times, earlier, later }: Bounded, index: number, time: number): Worst {
  const difference = time - times[index]!;
  const tolerance = difference < 0 ? earlier(index) : later(index);
  const error = Math.abs(difference);
  const ratio = error === 0 ? 0 : tolerance > 0 ? error / tolerance : Number.POSITIVE_INFINITY;
  return { ratio, error, tolerance, index };
}

function byNeuron({ times, neurons }: Raster): Map<number, number[]> {
  const map = new Map<number, number[]>();
  for (let k = 0; k < times.length; k++) {
    const own = map.get(neurons[k]!);
    if (own) own.push(k);
    else map.set(neurons[k]!, [k]);
  }
  return map;
}

/** Of two, each perhaps with more about it, the one that comes first in time; the first given if both come at once. */
export function earlierOf<T extends Divergence>(a: T | undefined, b: T | undefined): T | undefined {
  if (!a || !b) return a ?? b;
  return timeOf(b) < timeOf(a) ? b : a;
}

/** ms, of the earlier of both spikes. */
export function timeOf({
  expected = Number.POSITIVE_INFINITY,
  found = Number.POSITIVE_INFINITY,
}: Divergence): number {
  return Math.min(expected, found);
}

/** Where one neuron's spikes, numbers in both rasters, first differ. */
function partOf(
  reference: Bounded,
  found: Raster,
  neuron: number,
  own: readonly number[],
  other: readonly number[],
): Divergence | undefined {
  const near = (k: number, n: number) =>
    k < own.length && n < other.length && errorOf(reference, own[k]!, found.times[other[n]!]!).ratio <= 1;
  let k = 0;
  while (near(k, k)) k++;
  if (k >= own.length && k >= other.length) return undefined;
  const [index, partner] = [own[k], other[k]];
  const expected = index === undefined ? undefined : reference.times[index]!;
  const given = partner === undefined ? undefined : found.times[partner]!;
  const kind = kindOf(expected, given, near(k + 1, k), near(k, k + 1), own.length - other.length);
  return {
    kind,
    neuron,
    ordinal: k,
    expected: kind === "extra" ? undefined : expected,
    found: kind === "missing" ? undefined : given,
    index: kind === "extra" ? undefined : index,
  };
}

/** @param surplus spikes that the reference has more */
function kindOf(
  expected: number | undefined,
  found: number | undefined,
  nextFits: boolean,
  fitsNext: boolean,
  surplus: number,
): Divergence["kind"] {
  if (found === undefined || nextFits) return "missing";
  if (expected === undefined || fitsNext) return "extra";
  if (surplus > 0 && found > expected) return "missing";
  return surplus < 0 && found < expected ? "extra" : "moved";
}

/** What is wrong with spikes as such, whatever they should be. */
export function malformed({ times, neurons }: FoundSpikes): string | undefined {
  if (times.length !== neurons.length)
    return `expected as many times as neurons, got ${times.length} and ${neurons.length}`;
  for (let k = 0; k < times.length; k++) {
    if (!Number.isFinite(times[k]!)) return `times[${k}]: expected a finite number, got ${times[k]}`;
    if (k > 0 && times[k]! < times[k - 1]!)
      return `times[${k}]: expected times that ascend, got ${times[k]} after ${times[k - 1]}; sort them, neurons alike`;
    if (!Number.isInteger(neurons[k]!) || neurons[k]! < 0)
      return `neurons[${k}]: expected an index from 0, got ${neurons[k]}`;
  }
  return undefined;
}
