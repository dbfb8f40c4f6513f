/** Writes a network's parameters where the kernel looks for them. */

import type { Population } from "../../model/network.ts";
import type { Precision } from "../../model/solution.ts";
import type { Constants } from "./kernel.ts";
import type { Layout, PopulationAddresses } from "./layout.ts";
import type { Shape, ShapedPopulation, ShapedProjection } from "./shape.ts";

export type RealArray = Float64Array | Float32Array;

/** Typed access to an engine's memory. */
export class Views {
  readonly buffer: ArrayBufferLike;
  readonly precision: Precision;
  readonly data: DataView;

  constructor(memory: WebAssembly.Memory, precision: Precision) {
    this.buffer = memory.buffer;
    this.precision = precision;
    this.data = new DataView(memory.buffer);
  }

  f64(at: number, length: number): Float64Array {
    return new Float64Array(this.buffer, at, length);
  }

  u32(at: number, length: number): Uint32Array {
    return new Uint32Array(this.buffer, at, length);
  }

  real(at: number, length: number): RealArray {
    return this.precision === "f64"
      ? new Float64Array(this.buffer, at, length)
      : new Float32Array(this.buffer, at, length);
  }
}

function isUniform({ tauMem, tauSyn }: Population): boolean {
  return tauMem.every((tau) => tau === tauMem[0]) && tauSyn.every((tau) => tau === tauSyn[0]);
}

/** Parameters of one population. Padding neurons never reach their threshold. */
export function writePopulation(
  views: Views,
  { population, stride }: ShapedPopulation,
  at: PopulationAddresses,
): void {
  const { size, bias, tauMem, tauSyn } = population;
  const fill = (field: keyof PopulationAddresses, padding: number, value: (j: number) => number) => {
    const is64 = ["alpha", "beta", "reset", "bias"].includes(field);
    const array = is64 ? views.f64(at[field], stride) : views.real(at[field], stride);
    for (let j = 0; j < stride; j++) array[j] = j < size ? value(j) : padding;
  };
  fill("alpha", 1, (j) => 1 / tauMem[j]!);
  fill("beta", 1, (j) => 1 / tauSyn[j]!);
  fill("alphaReal", 1, (j) => 1 / tauMem[j]!);
  fill("betaReal", 1, (j) => 1 / tauSyn[j]!);
  fill("reset", 0, (j) => population.reset[j]! - bias[j]!);
  fill("bias", 0, (j) => bias[j]!);
  fill("u0", 0, (j) => population.v0[j]! - bias[j]!);
  fill("i0", 0, (j) => population.i0[j]!);
}

/** Thresholds; those of `silenced` neurons, of padding, and of populations that do not spike are out of reach. */
export function writeThresholds(
  views: Views,
  { population, stride }: ShapedPopulation,
  at: PopulationAddresses,
  silenced?: Uint8Array,
): void {
  const { size, bias, threshold } = population;
  const exact = views.f64(at.threshold, stride);
  const real = views.real(at.thresholdReal, stride);
  for (let j = 0; j < stride; j++) {
    const spikes = population.model === "lif" && j < size && !silenced?.[j];
    exact[j] = spikes ? threshold[j]! - bias[j]! : Number.POSITIVE_INFINITY;
    real[j] = exact[j]!;
  }
}

/** What one trial is told of a population. */
export function writePopulationTable(
  views: Views,
  constant: Constants,
  table: number,
  shaped: ShapedPopulation,
  at: PopulationAddresses,
): void {
  const { population, stride } = shaped;
  writeThresholds(views, shaped, at);
  const set = (field: string, value: number) =>
    views.data.setUint32(table + constant("PopulationAt", field), value, true);
  for (const [field, address] of Object.entries(at)) set(field, address);
  set("size", population.size);
  set("stride", stride);
  set("projections", shaped.projections);
  set("projectionsEnd", shaped.projectionsEnd);
  let flags = isUniform(population) ? constant("PopulationFlag", "uniform") : 0;
  const aboveRest = population.threshold.every((value, j) => value > population.bias[j]!);
  if (aboveRest) flags |= constant("PopulationFlag", "aboveRest");
  set("flags", flags);
}

/** Weights (as rows of a source's outgoing synapses) and delays of one projection. */
export function writeProjection(
  views: Views,
  shaped: ShapedProjection,
  at: Layout["projections"][number],
): void {
  const { projection, pre, post, stride, delayKind } = shaped;
  const weight = views.real(at.weight, pre * stride);
  for (let j = 0; j < post; j++) {
    for (let i = 0; i < pre; i++) weight[i * stride + j] = projection.weight[j * pre + i]!;
  }
  const { delay } = projection;
  if (typeof delay !== "number" && delayKind === "own") writeDelays(views, delay, shaped, at);
}

/** What one trial is told of a projection. */
export function writeProjectionTable(
  views: Views,
  constant: Constants,
  table: number,
  { projection, target, pre, stride, delayKind }: ShapedProjection,
  at: Layout["projections"][number],
): void {
  const set = (field: string, value: number) =>
    views.data.setUint32(table + constant("ProjectionAt", field), value, true);
  for (const [field, address] of Object.entries(at)) set(field, address);
  set("target", target);
  set("pre", pre);
  set("stride", stride);
  set("delayKind", constant("DelayKind", delayKind));
  const { delay } = projection;
  const first = typeof delay === "number" ? delay : (delay[0] ?? 0);
  views.data.setFloat64(table + constant("ProjectionAt", "delay"), first, true);
}

/** Each row's synapses in order of arrival. */
export function writeDelays(
  views: Views,
  delay: Float64Array,
  shaped: ShapedProjection,
  at: Layout["projections"][number],
): void {
  const { pre, post, stride } = shaped;
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

/** Everything of the plan that does not change from trial to trial. */
export function writePlan(
  views: Views,
  constant: Constants,
  shape: Shape,
  layout: Layout,
  duration: number,
): void {
  const set = (field: string, value: number) =>
    views.data.setUint32(layout.plan + constant("PlanAt", field), value, true);
  views.data.setFloat64(layout.plan + constant("PlanAt", "duration"), duration, true);
  for (const [field, address] of Object.entries(layout.fields)) set(field, address);
  set("populations", layout.populationTable);
  set("projections", layout.projectionTable);
  set("populationCount", shape.populations.length);
  set("spikingCount", shape.spikingCount);
  set("projectionCount", shape.projections.length);
  set("inputProjectionsEnd", shape.inputProjectionsEnd);
  set("eventCapacity", layout.eventCapacity);
  set("state", layout.state);
  set("segment", layout.segment);
  set("gradients", layout.gradients);
  set("gradientsEnd", layout.gradientsEnd);
}
