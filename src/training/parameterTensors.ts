/**
 * A parameter as the optimiser moves it in the kernel's memory and as checkpoints hold it: weights and delays of a
 * projection, a parameter of a population's neurons.
 */
import type { Batch } from "../engine/batch/batch.ts";
import type { OptimizedTensor } from "../engine/batch/optimizer.ts";
import type { Layout } from "../engine/kernel/layout.ts";
import { fromRows, kernelParameters, populationArray, toRows } from "../engine/kernel/writer.ts";
import type { Parameter } from "../model/parameters.ts";
import type { PlannedTensor } from "./plan.ts";

/** One parameter: neurons [size], synapses [post][pre]. Its name is that of result files. */
export interface ParameterTensor {
  readonly name: string;
  readonly shape: readonly number[];
  /** What the optimiser moves; absent if the parameter is not trained. */
  readonly optimized: OptimizedTensor | undefined;
  /** An array in the kernel's arrangement, e.g. of the values or of a moment, as one of `shape`; and back. */
  arranged(values: ArrayLike<number>): Float64Array<ArrayBuffer>;
  spread(values: ArrayLike<number>, into: Float64Array | Float32Array): void;
  /** The values, exactly. */
  read(): Float64Array<ArrayBuffer>;
  write(values: ArrayLike<number>): void;
  /** Makes the gradient from what the passes have left, where they do not give it as it is. */
  prepareGradient?(): void;
  /** Keeps the moved values in their range, and tells the kernel what depends on them. */
  publish?(): void;
}

/** Takes moved values back into their range. */
function clamp(
  values: Float64Array | Float32Array,
  { min, max }: { readonly min: number; readonly max: number },
): void {
  for (let k = 0; k < values.length; k++) values[k] = Math.min(max, Math.max(min, values[k]!));
}

/** Where the lanes' gradients of one kind lie. */
function laneGradients(
  { memory: { layouts }, lanes }: Batch,
  addressOf: (layout: Layout) => number,
): { gradient: number; laneBytes: number; lanes: number } {
  const addresses = [...new Set(layouts.map(addressOf))];
  const [gradient = 0, second = gradient] = addresses;
  const laneBytes = second - gradient;
  if (addresses.length !== lanes || addresses.some((at, lane) => at !== gradient + lane * laneBytes))
    throw new Error("lanes are not evenly spaced");
  return { gradient, laneBytes, lanes };
}

/**
 * Weights lie where the kernel reads them.
 *
 * @param p the projection's place in the kernel's order
 */
export function weightTensor(engine: Batch, p: number, planned: PlannedTensor): ParameterTensor {
  const { name, trained, adam, min, max } = planned;
  const { pre, post, stride } = engine.shape.projections[p]!;
  const { views, layouts } = engine.memory;
  const at = layouts[0]!.projections[p]!;
  const values = views.real(at.weight, pre * stride);
  const sizes = { pre, post, stride };
  const bytes = pre * stride * views.realBytes;
  return {
    name,
    shape: [post, pre],
    optimized: trained
      ? {
          name,
          bytes,
          rowBytes: stride * views.realBytes,
          values: at.weight,
          ...laneGradients(engine, (layout) => layout.projections[p]!.dWeight),
          adam,
        }
      : undefined,
    ...(trained &&
      (min > -Infinity || max < Infinity) && { publish: () => clampRows(values, sizes, planned) }),
    arranged: (array) => fromRows(array, sizes),
    spread: (array, into) => toRows(array, sizes, into),
    read: () => fromRows(values, sizes),
    write: (array) => toRows(array, sizes, values),
  };
}

/** Padding stays zero, whatever the range. */
function clampRows(
  values: Float64Array | Float32Array,
  { pre, post, stride }: { readonly pre: number; readonly post: number; readonly stride: number },
  range: PlannedTensor,
): void {
  for (let i = 0; i < pre; i++) clamp(values.subarray(i * stride, i * stride + post), range);
}

/**
 * The kernel reads delays sorted, so they are trained in an array of their own.
 *
 * @param p the projection's place in the kernel's order
 */
export function delayTensor(engine: Batch, p: number, planned: PlannedTensor): ParameterTensor {
  const { name, trained, adam } = planned;
  const { projection, pre, post, stride } = engine.shape.projections[p]!;
  const { views } = engine.memory;
  const sizes = { pre, post, stride };
  const own = projection.delay as Float64Array;
  const plain = {
    name,
    shape: [post, pre],
    arranged: (array: ArrayLike<number>) => fromRows(array, sizes),
    spread: (array: ArrayLike<number>, into: Float64Array | Float32Array) => toRows(array, sizes, into),
    read: () => Float64Array.from(own),
  };
  const tell = () => engine.memory.writeDelays(p);
  if (!trained) {
    const write = (array: ArrayLike<number>) => {
      own.set(array);
      tell();
    };
    return { ...plain, optimized: undefined, write };
  }
  const bytes = pre * stride * views.realBytes;
  const at = engine.allocate(bytes);
  const values = views.real(at, pre * stride);
  /** What the kernel is told is what the optimiser holds, rounding included. */
  const adopt = () => {
    own.set(fromRows(values, sizes));
    tell();
  };
  const publish = () => {
    clamp(values, planned);
    adopt();
  };
  const write = (array: ArrayLike<number>) => {
    toRows(array, sizes, values);
    adopt();
  };
  write(own);
  return {
    ...plain,
    optimized: {
      name,
      bytes,
      rowBytes: stride * views.realBytes,
      values: at,
      ...laneGradients(engine, (layout) => layout.projections[p]!.dDelay),
      adam,
    },
    write,
    publish,
  };
}

/**
 * A parameter of neurons.
 *
 * @param p the population's place in the kernel's order
 */
export function neuronTensor(
  engine: Batch,
  p: number,
  parameter: Parameter,
  planned: PlannedTensor,
): ParameterTensor {
  const { name, trained, adam, gradientFactor } = planned;
  const { population, stride } = engine.shape.populations[p]!;
  const { views } = engine.memory;
  const own = population[parameter];
  const { size } = population;
  const plain = {
    name,
    shape: [size],
    arranged: (array: ArrayLike<number>) => Float64Array.from({ length: size }, (_, j) => array[j]!),
    spread: (array: ArrayLike<number>, into: Float64Array | Float32Array) => into.set(array),
    read: () => Float64Array.from(own),
  };
  const tell = () => engine.memory.writePopulation(p);
  if (!trained) {
    const write = (array: ArrayLike<number>) => {
      own.set(array);
      tell();
    };
    return { ...plain, optimized: undefined, write };
  }
  const bytes = stride * views.realBytes;
  const [valuesAt, gradient] = [engine.allocate(bytes), engine.allocate(bytes)];
  const values = views.real(valuesAt, size);
  /** What the kernel is told is what the optimiser holds, rounding included. */
  const adopt = () => {
    own.set(values);
    tell();
  };
  const publish = () => {
    clamp(values, planned);
    adopt();
  };
  const write = (array: ArrayLike<number>) => {
    values.set(array);
    adopt();
  };
  write(own);
  return {
    ...plain,
    optimized: { name, bytes, rowBytes: bytes, values: valuesAt, gradient, laneBytes: 0, lanes: 1, adam },
    write,
    publish,
    prepareGradient: () => sumGradients(engine, p, parameter, views.real(gradient, size), gradientFactor),
  };
}

/** Over the lanes in their order. */
function sumGradients(
  { memory: { layouts, views }, shape }: Batch,
  p: number,
  parameter: Parameter,
  into: Float64Array | Float32Array,
  factor: number,
): void {
  const { population } = shape.populations[p]!;
  const { gradient, derivative } = kernelParameters[parameter];
  const places = [
    ...new Map(layouts.map(({ populations }) => [populations[p]![gradient], populations[p]!])).values(),
  ];
  const lanes = places.map((at) => populationArray(views, at, gradient, population.size));
  for (let j = 0; j < into.length; j++) {
    let sum = 0;
    for (const lane of lanes) sum += lane[j]!;
    into[j] = factor * derivative(sum, population[parameter][j]!);
  }
}
