/** The weights of a projection as a trained tensor: they lie where the kernel reads them. */
import type { Batch } from "../engine/batch/batch.ts";
import { fromRows, toRows } from "../engine/kernel/writer.ts";
import { type About, laneGradients, type ParameterTensor } from "./parameterTensor.ts";

/** @param p the projection's place in the kernel's order */
export function weightTensor(engine: Batch, p: number, { name, adam }: About): ParameterTensor {
  const { pre, post, stride } = engine.shape.projections[p]!;
  const { views, layouts } = engine.memory;
  const at = layouts[0]!.projections[p]!;
  const values = views.real(at.weight, pre * stride);
  const sizes = { pre, post, stride };
  const bytes = pre * stride * views.realBytes;
  return {
    name,
    shape: [post, pre],
    optimized: {
      name,
      bytes,
      values: at.weight,
      ...laneGradients(engine, (layout) => layout.projections[p]!.dWeight),
      adam,
    },
    arranged: (array) => fromRows(array, sizes),
    spread: (array, into) => toRows(array, sizes, into),
    read: () => fromRows(values, sizes),
    write: (array) => toRows(array, sizes, values),
  };
}
