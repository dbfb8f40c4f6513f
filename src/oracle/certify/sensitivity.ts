/** How much results move where every number of a case moves by a little: what rounding may do to them. */
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { spikeCounts } from "../simulate/differences.ts";
import { type ExactCase, neuronParameters } from "../simulate/exactCase.ts";
import type { Tensors } from "../simulate/tensors.ts";
import type { Outcome } from "./outcome.ts";

/** Relative; far below what a double shows, far above what fixed point rounds. */
const strength = 80n;

export interface Sensitivity {
  /** ms, of each spike by population. */
  readonly times: number[][];
  /** As `margins` has them, by population. */
  readonly missed: number[][];
  readonly overshoots: number[][];
  readonly loss: number;
  readonly readout: number;
  /** Euclidean, of each tensor of the gradient by name. */
  readonly gradients: Readonly<Record<string, number>>;
}

/** The case after random change number `draw` of all its numbers, each by a share of up to 2⁻⁸⁰. */
export function moved(exact: ExactCase, draw: number): ExactCase {
  const next = changes();
  for (let k = 0; k < draw; k++) perturbed(exact, next);
  return perturbed(exact, next);
}

/** The largest of some changes. Those that add or remove spikes, as where several happen at one instant, do not count. */
export function worst(all: readonly (Sensitivity | undefined)[]): Sensitivity | undefined {
  return all.reduce((most, change) => (most && change ? larger(most, change) : (most ?? change)), undefined);
}

/** Integers of 24 bits with a sign, the same in every call. */
export function changes(): () => bigint {
  const generator = xoroshiro128plus(2026);
  return () => BigInt(generator.next() >> 8);
}

/** Per relative change of one; undefined if other spikes or other margins come out. */
export function changeBetween(exact: ExactCase, base: Outcome, moved: Outcome): Sensitivity | undefined {
  if (spikeCounts(exact, moved.trial) !== spikeCounts(exact, base.trial)) return undefined;
  const [near, nearby] = [base.margins, moved.margins];
  if (nearby.missed.some((those, p) => those.length !== near.missed[p]!.length)) return undefined;
  const size = (values: readonly bigint[]) => sizeOf(exact, values);
  return {
    times: base.trial.spikes.map(({ times }, p) =>
      times.map((time, k) => size([moved.trial.spikes[p]!.times[k]! - time])),
    ),
    missed: near.missed.map((those, p) =>
      those.map(({ margin }, k) => size([nearby.missed[p]![k]!.margin - margin])),
    ),
    overshoots: near.overshoots.map((those, p) =>
      those.map((value, k) => size([nearby.overshoots[p]![k]! - value])),
    ),
    loss: size([moved.loss - base.loss]),
    readout: size(moved.readout.map((value, k) => value - base.readout[k]!)),
    gradients: tensorChanges(exact, base.gradients, moved.gradients),
  };
}

/** As `Sensitivity.gradients` has them. */
export function tensorChanges(exact: ExactCase, from: Tensors, to: Tensors): Sensitivity["gradients"] {
  return mapTensors(from, (values, name) =>
    sizeOf(
      exact,
      to[name]!.map((value, k) => value - values[k]!),
    ),
  );
}

function sizeOf({ math }: ExactCase, values: readonly bigint[]): number {
  return Math.hypot(...values.map(math.toNumber)) * 2 ** Number(strength);
}

function mapTensors(tensors: Tensors, of: (values: readonly bigint[], name: string) => number) {
  return Object.fromEntries(Object.entries(tensors).map(([name, values]) => [name, of(values, name)]));
}

export function larger(x: Sensitivity, y: Sensitivity): Sensitivity {
  return {
    times: largerEach(x.times, y.times),
    missed: largerEach(x.missed, y.missed),
    overshoots: largerEach(x.overshoots, y.overshoots),
    loss: Math.max(x.loss, y.loss),
    readout: Math.max(x.readout, y.readout),
    gradients: largerTensors(x.gradients, y.gradients),
  };
}

export function largerTensors(
  x: Sensitivity["gradients"],
  y: Sensitivity["gradients"],
): Sensitivity["gradients"] {
  return Object.fromEntries(Object.entries(x).map(([name, value]) => [name, Math.max(value, y[name]!)]));
}

function largerEach(x: number[][], y: number[][]): number[][] {
  return x.map((values, p) => values.map((value, k) => Math.max(value, y[p]![k]!)));
}

/** @param draw as `changes` gives it */
export function perturbed(exact: ExactCase, draw: () => bigint): ExactCase {
  const one = (x: bigint) => x + ((x * draw()) >> (strength + 23n));
  const near = (values: readonly bigint[]) => values.map(one);
  const { tau0, tau1, alpha, targets, spikeFactors, looks } = exact.constants;
  const moved = {
    ...exact,
    inputTimes: near(exact.inputTimes),
    populations: exact.populations.map((population) => ({
      ...population,
      ...(Object.fromEntries(neuronParameters.map((name) => [name, near(population[name])])) as Pick<
        typeof population,
        (typeof neuronParameters)[number]
      >),
    })),
    projections: exact.projections.map((projection) => ({
      ...projection,
      weight: near(projection.weight),
      delay: near(projection.delay),
    })),
    duration: one(exact.duration),
  };
  return {
    ...moved,
    constants: {
      tau0: one(tau0),
      tau1: one(tau1),
      alpha: one(alpha),
      targets: targets.map(near),
      spikeFactors: spikeFactors.map((factors) => factors && near(factors)),
      // Who looks at T goes on to do so.
      looks: looks.map(({ time, factor, ...place }) => ({
        ...place,
        time: time === exact.duration ? moved.duration : one(time),
        factor: one(factor),
      })),
    },
  };
}
