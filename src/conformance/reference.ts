/** What a result is compared with, and how near each part of it must come. */

import type { Tensor } from "../format/tensor.ts";
import type { Bounded, Divergence } from "./spikes.ts";

export interface Reference {
  /** Per `lif` population by name. */
  readonly spikes: Readonly<Record<string, Bounded>>;
  /** Why the first spike at which two rasters part may be one way or the other; undefined if it may not. */
  readonly open: (population: string, divergence: Divergence) => string | undefined;
  /** Why numbers may differ more than they are granted even where the spikes agree; undefined if they may not. */
  readonly doubt?: string | undefined;
  /** Absent in a case without a loss. */
  readonly loss?: { readonly value: number; readonly tolerance: number };
  readonly readout?: { readonly tensor: Tensor; readonly tolerance: number };
  /** By name, in the order of a result file; the tolerance is Euclidean. */
  readonly gradients: ReadonlyMap<string, { readonly tensor: Tensor; readonly tolerance: number }>;
  /** Whether a result may have other tensors than these. */
  readonly partial: boolean;
}
