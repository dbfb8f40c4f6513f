/** Writes a network's parameters where the kernel looks for them. */
import type { Population } from "../../model/network.ts";
import { mapParameters, type Parameter } from "../../model/parameters.ts";
import { connect } from "./arena.ts";
import { enums } from "./description.ts";
import type { Layout } from "./layout.ts";
import { flagsOf, originOf } from "./origin.ts";
import type { Shape, ShapedPopulation, ShapedProjection } from "./shape.ts";
import {
  type ArrayField,
  type Arrays,
  bytesOf,
  fieldsOf,
  type RealArray,
  Structure,
  type Views,
} from "./structures.ts";

/** What is written of neuron j, in trials of this many ms. */
type Entry = (population: Population, j: number, duration: number) => number;

/** What a value becomes in the kernel, where voltages are measured from an origin and time constants are rates. */
interface KernelParameter {
  /** Arrays of parameters that follow from it. */
  readonly arrays: Readonly<Partial<Record<ArrayField<"Population">, Entry>>>;
  /** In neurons that are there for padding. */
  readonly padding: number;
  readonly gradient: ArrayField<"Population">;
  /** dL/d(parameter) from the kernel's own derivative and the parameter's value. */
  readonly derivative: (own: number, value: number) => number;
}

const same = (own: number): number => own;
/** By the rate α = 1/τ: dL/dτ = −dL/dα / τ². */
const byTau = (own: number, tau: number): number => -own / (tau * tau);

const rate =
  (name: "tauMem" | "tauSyn"): Entry =>
  (population, j) =>
    1 / population[name][j]!;
const voltage =
  (name: "threshold" | "reset" | "v0"): Entry =>
  (population, j, duration) =>
    population[name][j]! - originOf(population, j, duration);
/** A population that does not spike has none within reach. */
const threshold: Entry = (population, j, duration) =>
  population.model === "lif" ? voltage("threshold")(population, j, duration) : Infinity;
const rest: Entry = (population, j, duration) => population.bias[j]! - originOf(population, j, duration);

/** How every parameter is told to the kernel, and told by it. */
export const kernelParameters: Readonly<Record<Parameter, KernelParameter>> = {
  tauMem: {
    arrays: { alpha: rate("tauMem"), alphaReal: rate("tauMem") },
    padding: 1,
    gradient: "dAlpha",
    derivative: byTau,
  },
  tauSyn: {
    arrays: { beta: rate("tauSyn"), betaReal: rate("tauSyn") },
    padding: 1,
    gradient: "dBeta",
    derivative: byTau,
  },
  threshold: {
    arrays: { threshold, thresholdReal: threshold },
    padding: Infinity,
    gradient: "dThreshold",
    derivative: same,
  },
  reset: {
    arrays: { reset: voltage("reset") },
    padding: 0,
    gradient: "dReset",
    derivative: same,
  },
  bias: {
    arrays: { origin: originOf, rest, restReal: rest },
    padding: 0,
    gradient: "dBias",
    derivative: same,
  },
  v0: {
    arrays: { u0: voltage("v0") },
    padding: 0,
    gradient: "dV0",
    derivative: same,
  },
  i0: { arrays: { i0: ({ i0 }, j) => i0[j]! }, padding: 0, gradient: "dI0", derivative: same },
};

/** The array in a field of a population, of the width that its description gives. */
export function populationArray(
  views: Views,
  at: Arrays<"Population">,
  field: ArrayField<"Population">,
  length: number,
): RealArray {
  const [, type] = fieldsOf("Population")[field]!;
  return type === "f64s" ? views.f64(at[field], length) : views.real(at[field], length);
}

/** Where the arrays of a population are written, and for trials of which length (ms). */
interface PopulationTarget {
  readonly views: Views;
  readonly at: Arrays<"Population">;
  readonly duration: number;
}

/** All arrays that follow from a parameter; in those of `silenced` neurons it is out of reach. */
function writeParameter(
  { views, at, duration }: PopulationTarget,
  name: Parameter,
  { population, stride }: ShapedPopulation,
  silenced?: Uint8Array,
): void {
  const { arrays, padding } = kernelParameters[name];
  for (const [field, entry] of Object.entries(arrays)) {
    const array = populationArray(views, at, field as ArrayField<"Population">, stride);
    for (let j = 0; j < stride; j++) {
      if (silenced?.[j]) array[j] = Infinity;
      else array[j] = j < population.size ? entry(population, j, duration) : padding;
    }
  }
}

/** Thresholds; those of `silenced` neurons are out of reach. */
export function writeThresholds(
  target: PopulationTarget,
  shaped: ShapedPopulation,
  silenced?: Uint8Array,
): void {
  writeParameter(target, "threshold", shaped, silenced);
}

/** Parameters of one population, but for thresholds, which trials may have of their own. */
export function writePopulation(target: PopulationTarget, shaped: ShapedPopulation): void {
  mapParameters((name) => {
    if (name !== "threshold") writeParameter(target, name, shaped);
  });
}

/** What one trial is told of population p: where its arrays are, and what follows from its parameters. */
export function writePopulationEntry(
  views: Views,
  layout: Layout,
  p: number,
  shaped: ShapedPopulation,
  duration: number,
): void {
  const { population, stride, projections, projectionsEnd } = shaped;
  const at = layout.populations[p]!;
  writeThresholds({ views, at, duration }, shaped);
  const flags = flagsOf(population, duration);
  const entry = new Structure(views, "Population", layout.network.populations + p * bytesOf("Population"));
  const fastest = fastestOf(population);
  entry.setAll({ ...at, size: population.size, stride, projections, projectionsEnd, flags, ...fastest });
}

/** Largest α and |β − α|, 1/ms. */
function fastestOf({ tauMem, tauSyn }: Population): { alphaMost: number; gapMost: number } {
  let [alphaMost, gapMost] = [0, 0];
  for (const [j, tau] of tauMem.entries()) {
    alphaMost = Math.max(alphaMost, 1 / tau);
    gapMost = Math.max(gapMost, Math.abs(1 / tauSyn[j]! - 1 / tau));
  }
  return { alphaMost, gapMost };
}

/** Weights (as rows of a source's outgoing synapses) and delays of one projection. */
export function writeProjection(views: Views, shaped: ShapedProjection, at: Arrays<"Projection">): void {
  const { projection, pre, stride, delayKind } = shaped;
  toRows(projection.weight, shaped, views.real(at.weight, pre * stride));
  const { delay } = projection;
  if (typeof delay !== "number" && delayKind === "own") writeDelays(views, delay, shaped, at);
}

/** What one trial is told of projection p. */
export function writeProjectionEntry(
  views: Views,
  layout: Layout,
  p: number,
  { projection, target, pre, stride, delayKind }: ShapedProjection,
): void {
  const { delay: given } = projection;
  const delay = typeof given === "number" ? given : (given[0] ?? 0);
  const entry = new Structure(views, "Projection", layout.network.projections + p * bytesOf("Projection"));
  const kind = enums.DelayKind[delayKind];
  entry.setAll({ ...layout.projections[p]!, target, pre, stride, delayKind: kind, delay });
}

/** Each row's synapses in order of arrival. */
export function writeDelays(
  views: Views,
  delay: Float64Array,
  { pre, post, stride }: ShapedProjection,
  at: Arrays<"Projection">,
): void {
  const delays = views.f64(at.delays, pre * stride);
  const order = views.u32(at.order, pre * stride);
  for (let i = 0; i < pre; i++) {
    const row = Array.from({ length: post }, (_, j) => j);
    row.sort((a, b) => delay[a * pre + i]! - delay[b * pre + i]! || a - b);
    row.forEach((j, k) => {
      delays[i * stride + k] = delay[j * pre + i]!;
      order[i * stride + k] = j;
    });
  }
}

/** Everything of a trial that does not change from run to run. */
export function writeTrial(views: Views, shape: Shape, layout: Layout, duration: number): void {
  const { trial } = layout;
  connect(views, trial);
  const part = <S extends Parameters<typeof bytesOf>[0]>(field: string, name: S) =>
    new Structure(views, name, trial.parts[field]!.at);
  part("network", "Network").setAll({
    ...layout.network,
    spikingCount: shape.spikingCount,
    projectionCount: shape.projections.length,
    inputProjectionsEnd: shape.inputProjectionsEnd,
    hasDelays: shape.projections.some(({ delayKind }) => delayKind !== "none") ? 1 : 0,
  });
  part("input", "Input").setAll(layout.input);
  const { eventCapacity, segment } = layout;
  part("record", "Record").setAll({ ...layout.record, duration, eventCapacity, segment });
  part("queue", "Queue").setAll(layout.queue);
  part("search", "Search").setAll(layout.search);
  part("readings", "Readings").setAll(layout.readings);
  part("loss", "LossPlan").setAll(layout.loss);
  const { gradients, gradientsEnd } = layout;
  part("wanted", "Wanted").setAll({ gradients, gradientsEnd });
}

/** The kernel keeps synapses as [pre][stride], stride ≥ post; everything else sees [post][pre]. */
type Rows = Pick<ShapedProjection, "pre" | "post" | "stride">;

/** Sources at a time, so that both sides of a transposition stay in the cache. */
const tile = 16;

/** [pre][stride] → [post][pre] */
export function fromRows(rows: ArrayLike<number>, { pre, post, stride }: Rows): Float64Array<ArrayBuffer> {
  const tensor = new Float64Array(post * pre);
  for (let first = 0; first < pre; first += tile) {
    const end = Math.min(pre, first + tile);
    for (let j = 0; j < post; j++) {
      for (let i = first; i < end; i++) tensor[j * pre + i] = rows[i * stride + j]!;
    }
  }
  return tensor;
}

/** [post][pre] → [pre][stride] */
export function toRows(
  tensor: ArrayLike<number>,
  { pre, post, stride }: Rows,
  into: Float64Array | Float32Array,
): void {
  for (let first = 0; first < pre; first += tile) {
    const end = Math.min(pre, first + tile);
    for (let j = 0; j < post; j++) {
      for (let i = first; i < end; i++) into[i * stride + j] = tensor[j * pre + i]!;
    }
  }
}
