/** The weights of a projection as a trained tensor: they lie where the kernel reads them. */
import type { BatchEngine } from "../engine/batch/batchEngine.ts";
import type { AdamOptions } from "../engine/batch/optimizer.ts";
import type { ParameterTensor } from "./parameters.ts";
import { fromRows, toRows } from "./rows.ts";

export interface About {
  readonly name: string;
  readonly trained: boolean;
  readonly adam: AdamOptions;
}

/** @param p the projection's place in the kernel's order */
export function weightTensor(engine: BatchEngine, p: number, { name, adam }: About): ParameterTensor {
  const { pre, post, stride } = engine.shape.projections[p]!;
  const { views, constant } = engine.memory;
  const at = engine.memory.slots[0]!.layout.projections[p]!;
  const values = views.real(at.weight, pre * stride);
  const sizes = { pre, post, stride };
  const bytes = pre * stride * constant("Layout", "realBytes");
  return {
    name,
    shape: [post, pre],
    optimized: {
      name,
      bytes,
      values: at.weight,
      ...laneGradients(engine, (slot) => slot.projections[p]!.dWeight),
      adam,
    },
    arranged: (array) => fromRows(array, sizes),
    spread: (array, into) => toRows(array, sizes, into),
    read: () => fromRows(values, sizes),
    write: (array) => toRows(array, sizes, values),
  };
}

type SlotLayout = BatchEngine["memory"]["slots"][number]["layout"];

/** Where the lanes' gradients of one kind lie. */
export function laneGradients(
  { memory: { slots }, lanes }: BatchEngine,
  addressOf: (layout: SlotLayout) => number,
): { gradient: number; laneBytes: number; lanes: number } {
  const addresses = [...new Set(slots.map(({ layout }) => addressOf(layout)))];
  const [gradient = 0, second = gradient] = addresses;
  const laneBytes = second - gradient;
  if (addresses.length !== lanes || addresses.some((at, lane) => at !== gradient + lane * laneBytes))
    throw new Error("lanes are not evenly spaced");
  return { gradient, laneBytes, lanes };
}
