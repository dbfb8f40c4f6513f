/** The weights and the delays of a projection as tensors. */
import type { Batch } from "../engine/batch/batch.ts";
import { fromRows, toRows } from "../engine/kernel/writer.ts";
import { clamp, laneGradients, type ParameterTensor } from "./parameterTensor.ts";
import type { PlannedTensor } from "./plan.ts";

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
      values: at,
      ...laneGradients(engine, (layout) => layout.projections[p]!.dDelay),
      adam,
    },
    write,
    publish,
  };
}
