/** Bins of mean spike counts, those of silent neurons apart: a neuron that never spikes gets no gradient. */
import { niceStep } from "./nice.ts";

export interface Histogram {
  /** Neurons that never spiked. */
  readonly silent: number;
  /** Of equal width from 0 on; neurons with from < mean count ≤ to. */
  readonly bins: readonly { readonly from: number; readonly to: number; readonly neurons: number }[];
}

/** About `most` bins, at multiples of 1, 2 or 5 · 10ᵏ; none where all are silent. */
export function histogramOf(meanCounts: Float64Array, most: number): Histogram {
  const silent = meanCounts.reduce((sum, value) => sum + (value === 0 ? 1 : 0), 0);
  const largest = meanCounts.reduce((a, b) => Math.max(a, b), 0);
  if (largest === 0) return { silent, bins: [] };
  const step = niceStep(largest / most);
  const neurons = new Uint32Array(Math.ceil(largest / step));
  for (const value of meanCounts) if (value > 0) neurons[Math.ceil(value / step) - 1]!++;
  const bins = Array.from(neurons, (count, k) => ({ from: k * step, to: (k + 1) * step, neurons: count }));
  return { silent, bins };
}
