/** One result as the reference of another. */

import type { Result } from "../../format/result.ts";
import { norm } from "../../format/tensor.ts";
import type { Reference } from "../compare/comparison.ts";
import { within } from "../compare/spikes.ts";

export interface Nearness {
  /** Of a spike, ms. */
  readonly milliseconds: number;
  /** Of numbers, Euclidean, as a share of their norm. */
  readonly share: number;
}

/** Bit by bit. */
export const exactly: Nearness = { milliseconds: 0, share: 0 };

export function resultReference(result: Result, { milliseconds, share }: Nearness): Reference {
  return {
    spikes: Object.fromEntries(
      [...result.spikes].map(([name, spikes]) => [name, within(spikes, milliseconds)]),
    ),
    open: () => undefined,
    ...(result.loss !== undefined && {
      loss: { value: result.loss, tolerance: share * Math.abs(result.loss) },
    }),
    ...(result.readout && {
      readout: { tensor: result.readout, tolerance: share * norm(result.readout.values) },
    }),
    gradients: new Map(
      [...result.gradients.tensors].map(([name, tensor]) => [
        name,
        { tensor, tolerance: share * norm(tensor.values) },
      ]),
    ),
    partial: false,
  };
}
