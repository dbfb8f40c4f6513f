/** Random projections between given populations. */
import fc from "fast-check";
import type { Population, Projection } from "../../../src/model/network.ts";
import { inputName } from "../../../src/model/network.ts";
import { decimal, list, type Outline, outputName } from "./outline.ts";

interface Link {
  readonly from: string;
  readonly to: string;
  /** Range of the weights as multiples of one that brings a resting neuron near its threshold. */
  readonly low: number;
  readonly high: number;
}

const input = (to: string): Link => ({ from: inputName, to, low: -0.1, high: 1.1 });
const forward = (from: string, to: string): Link => ({ from, to, low: -0.2, high: 0.9 });
const recurrent = (from: string, to: string): Link => ({ from, to, low: -0.4, high: 0.3 });
const readout = (from: string): Link => ({ from, to: outputName, low: -0.6, high: 0.6 });

/** What makes a chain of layers, and what may be added to it, the same again included. */
function links({ layers }: Outline): fc.Arbitrary<Link[]> {
  const names = layers.map((_, p) => `layer${p}`);
  const last = names.at(-1)!;
  const chain = [
    input("layer0"),
    ...names.slice(1).map((name, p) => forward(names[p]!, name)),
    readout(last),
  ];
  const extra = [
    ...names.map((name) => recurrent(name, name)),
    ...names.slice(1).flatMap((name) => [input(name), recurrent(name, names[0]!)]),
    ...names.map(readout),
    readout(inputName),
    ...(names.length > 2 ? [forward(names[0]!, last)] : []),
  ];
  return fc
    .tuple(fc.shuffledSubarray(extra), fc.option(fc.constantFrom(...chain), { freq: 3 }))
    .map(([some, twice]) => [...chain, ...some, ...(twice ? [twice] : [])]);
}

type Delays = Projection["delay"];

/** None, one for all, or one a synapse; zeros and equal ones among them. */
function delays(count: number): fc.Arbitrary<Delays> {
  const own = fc.oneof(
    { weight: 4, arbitrary: decimal(0, 5) },
    { weight: 1, arbitrary: fc.constantFrom(0, 1, 2.5) },
  );
  return fc.oneof(
    { weight: 3, arbitrary: fc.constant<Delays>(0) },
    { weight: 1, arbitrary: decimal(0, 5) },
    { weight: 1, arbitrary: list(own, count).map((all) => Float64Array.from(all)) },
  );
}

function projection(
  { from, to, low, high }: Link,
  pre: number,
  target: Population,
  delayed: boolean,
): fc.Arbitrary<Projection> {
  const count = pre * target.size;
  const share = fc.oneof(
    { weight: 12, arbitrary: decimal(low, high) },
    { weight: 1, arbitrary: fc.constant(0) },
  );
  const one = fc.constant<Delays>(0);
  return fc.tuple(list(share, count), delayed ? delays(count) : one).map(([shares, delay]) => {
    const weight = Float64Array.from(shares, (value, synapse) => {
      const j = Math.floor(synapse / pre);
      return Math.round(1e4 * value * firingWeight(target, j)) / 1e4;
    });
    return { from, to, weight, delay };
  });
}

/** About the weight at which one spike fires a resting neuron: the peak of its response is near 0.75 τs/(τm + τs). */
function firingWeight({ tauMem, tauSyn, threshold }: Population, j: number): number {
  return (threshold[j]! * (tauMem[j]! + tauSyn[j]!)) / (0.75 * tauSyn[j]!);
}

export function projections(
  outline: Outline,
  populations: readonly Population[],
): fc.Arbitrary<Projection[]> {
  const find = (name: string) => populations.find((population) => population.name === name);
  return links(outline).chain((all) => {
    const kept = outline.kind === "max_cross_entropy" ? withoutTwins(all) : all;
    const drawn = kept.map((link) =>
      projection(link, find(link.from)?.size ?? outline.channels, find(link.to)!, outline.delays),
    );
    return fc.tuple(...drawn);
  });
}

/** One projection at most from anywhere to the readouts: see `input` in arbitraries.ts. */
function withoutTwins(all: readonly Link[]): Link[] {
  return all.filter(
    ({ from, to }, k) =>
      to !== outputName || all.findIndex((other) => other.from === from && other.to === to) === k,
  );
}
